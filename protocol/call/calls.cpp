// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/call/calls.h"

#include <algorithm>
#include <utility>

namespace kith::call {

namespace {

template <class T>
void moveAll(std::vector<T>& to, std::vector<T>& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
    from.clear();
}

Result<void> noSuchCall() {
    return fail(Fault::NotFound, "call");
}

void leave(Now now, Call& call) {
    const bool rings = call.phase() == Phase::Incoming;
    call.end(now, rings ? EndReason::Unreachable : call.isCalling() ? EndReason::Cancelled : EndReason::HungUp);
}

}  // namespace

Calls::Calls(const DeviceId& self, std::vector<Codec> codecs, Environment environment, Policy policy)
    : m_environment(environment),
      m_policy(policy),
      m_shared{self, environment.random, environment.links, std::move(codecs)} {}

Result<CallId> Calls::place(Now now, const UserName& user) {
    if (!isContact(user)) return fail(Fault::NotAContact, "call");
    for (Call& call : m_calls) {
        if (call.user() != user) continue;
        if (call.phase() != Phase::Incoming) return fail(Fault::AlreadyExists, "call");
        const CallId id = call.id();
        if (const auto answered = answer(now, id); !answered) return tl::make_unexpected(answered.error());
        return id;
    }
    if (m_calls.size() >= m_policy.most) return fail(Fault::Busy, "calls");
    const CallId id = CallId::random(m_environment.random);
    m_calls.push_back(Call::place(now, m_shared, id, user));
    holdOthers(m_calls.back());
    return id;
}

Result<void> Calls::answer(Now now, const CallId& id) {
    Call* call = find(id);
    if (!call || call->phase() != Phase::Incoming) return noSuchCall();
    holdOthers(*call);
    call->answer(now);
    sweep();
    return {};
}

Result<void> Calls::decline(Now now, const CallId& id) {
    Call* call = find(id);
    if (!call || call->phase() != Phase::Incoming) return noSuchCall();
    call->end(now, isTalking() ? EndReason::Busy : EndReason::Declined);
    sweep();
    return {};
}

Result<void> Calls::hangUp(Now now, const CallId& id) {
    Call* call = find(id);
    if (!call || call->phase() == Phase::Incoming) return noSuchCall();
    call->end(now, call->isCalling() ? EndReason::Cancelled : EndReason::HungUp);
    sweep();
    return {};
}

Result<void> Calls::abort(Now now, const CallId& id, EndReason reason) {
    Call* call = find(id);
    if (!call) return noSuchCall();
    call->end(now, reason);
    sweep();
    return {};
}

Result<void> Calls::setHeld(Now, const CallId& id, bool held) {
    Call* call = find(id);
    if (!call || call->phase() != Phase::Active) return noSuchCall();
    if (!held) holdOthers(*call);
    call->setHeld(held);
    return {};
}

Result<void> Calls::setMuted(const CallId& id, bool muted) {
    Call* call = find(id);
    if (!call) return noSuchCall();
    call->setMuted(muted);
    return {};
}

void Calls::mediaHeard(Now now, const CallId& id) {
    if (Call* call = find(id)) call->heard(now);
}

void Calls::hangUpAll(Now now) {
    for (Call& call : m_calls) leave(now, call);
    sweep();
}

void Calls::hangUpOn(Now now, const UserName& user) {
    for (Call& call : m_calls)
        if (call.user() == user) leave(now, call);
    sweep();
}

std::vector<Snapshot> Calls::calls() const {
    std::vector<Snapshot> out;
    for (const Call& call : m_calls) out.push_back(call.snapshot());
    return out;
}

bool Calls::hasCallWith(const UserName& user) const {
    return std::any_of(m_calls.begin(), m_calls.end(), [&](const Call& call) { return call.user() == user; });
}

void Calls::holdOthers(const Call& except) {
    if (!m_policy.oneVoice) return;
    for (Call& call : m_calls)
        if (&call != &except) call.setHeld(true);
}

bool Calls::isTalking() const {
    return m_policy.oneVoice &&
           std::any_of(m_calls.begin(), m_calls.end(), [](const Call& call) { return call.phase() == Phase::Active; });
}

Call* Calls::find(const CallId& id) {
    const auto at = std::find_if(m_calls.begin(), m_calls.end(), [&](const Call& call) { return call.id() == id; });
    return at == m_calls.end() ? nullptr : &*at;
}

Call* Calls::onWire(const UserName& user, const CallId& wireId) {
    const auto at = std::find_if(m_calls.begin(), m_calls.end(),
                                 [&](const Call& call) { return call.wireId() == wireId && call.user() == user; });
    return at == m_calls.end() ? nullptr : &*at;
}

void Calls::sweep() {
    std::erase_if(m_calls, [](const Call& call) { return call.isOver(); });
}

void Calls::deviceUp(Now now, const peer::Device& device) {
    for (const auto& [call, reason] : m_shared.ended.takeOwed(now, device)) refuse(device, call, reason);
    for (Call& call : m_calls)
        if (call.user() == device.user) call.deviceUp(device.device);
}

void Calls::deviceDown(Now now, const peer::Device& device, Fault) {
    for (Call& call : m_calls)
        if (call.user() == device.user) call.deviceDown(now, device.device);
}

void Calls::reachFailed(Now now, const UserName& user, Fault reason) {
    for (Call& call : m_calls)
        if (call.user() == user) call.reachFailed(now, reason);
    sweep();
}

void Calls::refuse(const peer::Device& to, const CallId& call, EndReason reason) {
    m_shared.out.peer.sends.push_back({to, session::Stream::Call, wire::encodeCommand(End{call, reason})});
}

template <class M>
bool Calls::route(Now now, const peer::Device& from, const wire::CommandView& command) {
    const auto message = wire::decode<M>(command);
    if (!message) return false;
    if (Call* call = onWire(from.user, message->call)) {
        call->receive(now, from.device, *message);
        sweep();
    } else {
        unknown(now, from, *message);
    }
    return true;
}

void Calls::receive(Now now, const peer::Device& from, ByteView command) {
    const auto view = wire::parseCommand(command);
    if (!view) return;
    static_cast<void>(route<Invite>(now, from, *view) || route<Ringing>(now, from, *view) ||
                      route<Answer>(now, from, *view) || route<Confirm>(now, from, *view) ||
                      route<End>(now, from, *view) || route<Update>(now, from, *view) ||
                      route<Rejoin>(now, from, *view) || route<Rejoined>(now, from, *view));
}

/// About a call that is over, or that this run of the program has never known.
template <class M>
void Calls::unknown(Now now, const peer::Device& from, const M& message) {
    if constexpr (std::is_same_v<M, End>) {
        // It may have overtaken its invitation.
        if (isContact(from.user)) m_shared.ended.add(now, message.call, from.user, message.reason);
    } else {
        if (const auto reason = m_shared.ended.find(now, from.user, message.call))
            return refuse(from, message.call, *reason);
        if constexpr (std::is_same_v<M, Invite>) ring(now, from, message);
        if constexpr (std::is_same_v<M, Answer> || std::is_same_v<M, Rejoin>)
            refuse(from, message.call, EndReason::ConnectionLost);
    }
}

void Calls::ring(Now now, const peer::Device& from, const Invite& invite) {
    const Admission admission = m_environment.doorkeeper.admit(from.user);
    switch (admission) {
        case Admission::Welcome:
        case Admission::NotNow: break;
        case Admission::Stranger: return refuse(from, invite.call, EndReason::NotAContact);
        case Admission::Blocked: return refuse(from, invite.call, EndReason::Unreachable);
    }
    if (!answerTo(invite.offer, m_environment.random, m_shared.codecs))
        return refuse(from, invite.call, EndReason::NoCommonCodec);
    if (find(invite.call)) return;
    if (crossed(now, from, invite)) return;
    replaceOld(now, from);
    if (admission == Admission::NotNow) return keepQuiet(now, from, invite.call);
    if (m_calls.size() >= m_policy.most) return refuse(from, invite.call, EndReason::Busy);
    m_calls.push_back(Call::ring(now, m_shared, invite.call, from, invite.offer, isTalking()));
}

bool Calls::isContact(const UserName& user) const {
    const Admission admission = m_environment.doorkeeper.admit(user);
    return admission == Admission::Welcome || admission == Admission::NotNow;
}

void Calls::keepQuiet(Now now, const peer::Device& from, const CallId& call) {
    refuse(from, call, EndReason::DoNotDisturb);
    m_shared.ended.add(now, call, from.user, EndReason::DoNotDisturb);
    Record record;
    record.id = call;
    record.conversation = from.user;
    record.started = now.wall;
    record.end = EndReason::DoNotDisturb;
    record.missed = true;
    m_shared.out.stores.push_back({++m_shared.lastTicket, record});
}

bool Calls::crossed(Now now, const peer::Device& from, const Invite& invite) {
    const auto ours = std::find_if(m_calls.begin(), m_calls.end(),
                                   [&](const Call& call) { return call.user() == from.user && call.isCalling(); });
    if (ours == m_calls.end()) return false;
    // The other end sees the same two and decides the same way.
    if (invite.call < ours->wireId()) ours->joinTheirs(now, invite.call, from, invite.offer);
    sweep();
    return true;
}

/// Who calls anew from the same device has given up what was before, even if we have not heard of it.
void Calls::replaceOld(Now now, const peer::Device& from) {
    for (Call& call : m_calls)
        if (call.isWith(from))
            call.end(now, call.phase() == Phase::Incoming ? EndReason::Cancelled : EndReason::ConnectionLost);
    sweep();
}

void Calls::wake(Now now) {
    for (Call& call : m_calls) call.wake(now);
    sweep();
}

Instant Calls::nextWake() const {
    Instant next = kNever;
    for (const Call& call : m_calls) next = std::min(next, call.nextWake());
    return next;
}

void Calls::take(Output& out) {
    moveAll(out.peer.reach, m_shared.out.peer.reach);
    moveAll(out.peer.sends, m_shared.out.peer.sends);
    moveAll(out.stores, m_shared.out.stores);
    moveAll(out.events, m_shared.out.events);
}

}  // namespace kith::call
