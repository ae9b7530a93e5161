// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/call/call.h"

#include <utility>

namespace kith::call {

namespace {

EndReason reasonOf(Fault fault) {
    switch (fault) {
        case Fault::BadKey:
        case Fault::BadSignature:
        case Fault::CertificateInvalid: return EndReason::IdentityMismatch;
        default: return EndReason::Unreachable;
    }
}

}  // namespace

template <class M>
void Call::send(const DeviceId& to, const M& message) {
    m_shared->out.peer.sends.push_back({{m_show.user, to}, session::Stream::Call, wire::encodeCommand(message)});
}

Call Call::place(Now now, Shared& shared, const CallId& id, const UserName& user) {
    Call call(shared, id, user);
    call.m_started = now.wall;
    call.m_deadline = now.at + kConnect;
    call.m_show.phase = Phase::Connecting;
    call.look();
    call.show();
    return call;
}

Call Call::ring(Now now, Shared& shared, const CallId& id, const peer::Device& from, const Offer& offer, bool softly) {
    Call call(shared, id, from.user);
    call.m_started = now.wall;
    call.m_weCall = false;
    call.m_remote = from.device;
    call.m_offer = offer;
    call.m_show.incoming = true;
    call.m_show.softly = softly;
    call.m_stage = Stage::Rung;
    // The caller's clock ends it; this only in case that nothing more comes from there.
    call.m_deadline = now.at + kRing + kComeBack;
    call.send(from.device, Ringing{id});
    call.m_show.phase = Phase::Incoming;
    call.show();
    return call;
}

void Call::show() {
    m_shared->out.events.push_back(CallChanged{m_show});
}

void Call::go(Stage stage) {
    m_stage = stage;
    m_show.phase = stage == Stage::Over ? Phase::Ended : Phase::Active;
    m_show.softly = false;
}

void Call::look() {
    m_path.looking();
    m_shared->out.peer.reach.push_back(m_show.user);
}

void Call::answer(Now now) {
    if (m_stage != Stage::Rung) return;
    sendAnswer(now);
}

/// Answers the offer that is here now: the first one, or the one of a caller whose link was lost since.
void Call::sendAnswer(Now now) {
    const auto accept = answerTo(m_offer, m_shared->random, m_shared->codecs);
    if (!accept) return end(now, EndReason::NoCommonCodec);
    if (!m_show.answered) m_show.answered = now.wall;
    go(Stage::Answering);
    m_deadline = now.at + kComeBack;
    m_accept = *accept;
    send(*m_remote, Answer{m_wire, *accept});
    startMedia(now, m_offer, *accept);
    show();
}

void Call::startMedia(Now now, const Offer& offer, const Accept& accept) {
    const DeviceId& self = m_shared->self;
    MediaPlan plan;
    plan.id = m_show.id;
    plan.remote = {m_show.user, *m_remote};
    plan.weCall = m_weCall;
    plan.generation = offer.generation;
    plan.callerHalf = offer.half;
    plan.calleeHalf = accept.half;
    plan.caller = m_weCall ? self : *m_remote;
    plan.callee = m_weCall ? *m_remote : self;
    plan.epoch = m_epoch;
    plan.codec = accept.codec;
    plan.ownSsrc = m_weCall ? offer.ssrc : accept.ssrc;
    plan.theirSsrc = m_weCall ? accept.ssrc : offer.ssrc;
    m_path.start(now);
    m_show.interrupted = false;
    m_shared->out.events.push_back(MediaStarted{plan});
}

void Call::setHeld(bool held) {
    if (m_show.phase != Phase::Active || m_show.heldByUs == held) return;
    m_ours = {m_ours.version + 1, held};
    m_show.heldByUs = held;
    send(*m_remote, Update{m_wire, m_ours.version, held});
    show();
}

void Call::setMuted(bool muted) {
    if (m_show.muted == muted) return;
    m_show.muted = muted;
    show();
}

void Call::tellEnd(const CallId& call, const DeviceId& device, EndReason reason) {
    if (m_shared->links.mediaGeneration({m_show.user, device}))
        send(device, End{call, reason});
    else
        m_shared->ended.owe(call, device);
}

void Call::end(Now now, EndReason reason) {
    if (isOver()) return;
    const bool calling = m_stage == Stage::Calling;
    endWithout(now, reason);
    // The other devices of somebody who said no needn't show a missed call.
    const EndReason toOthers = calling && isDecision(reason) ? EndReason::AnsweredElsewhere : reason;
    if (calling)
        for (const DeviceId& device : m_invitation.waiting()) tellEnd(m_wire, device, toOthers);
    else
        tellEnd(m_wire, *m_remote, reason);
}

/// Over without a word: the other side knows, or said so.
void Call::endWithout(Now now, EndReason reason) {
    const bool media = m_show.answered.has_value();
    m_shared->ended.add(now, m_wire, m_show.user, reason);
    record(now, reason);
    go(Stage::Over);
    m_show.end = reason;
    m_show.interrupted = false;
    if (media) m_shared->out.events.push_back(MediaStopped{m_show.id});
    show();
}

void Call::record(Now now, EndReason reason) {
    Record record;
    record.id = m_wire;
    record.conversation = m_show.user;
    record.ours = !m_show.incoming;
    record.started = m_started;
    if (m_show.answered && now.wall > *m_show.answered)
        record.talked = std::chrono::floor<std::chrono::seconds>(now.wall - *m_show.answered);
    record.end = reason;
    const bool refused = reason == EndReason::Declined || reason == EndReason::Busy;
    record.missed = m_show.incoming && !m_show.answered && !refused && reason != EndReason::AnsweredElsewhere;
    m_shared->out.stores.push_back({++m_shared->lastTicket, record});
}

void Call::joinTheirs(Now now, const CallId& theirs, const peer::Device& from, const Offer& offer) {
    m_shared->ended.add(now, m_wire, m_show.user, EndReason::AnsweredElsewhere);
    for (const DeviceId& device : m_invitation.waiting()) tellEnd(m_wire, device, EndReason::AnsweredElsewhere);
    m_wire = theirs;
    m_weCall = false;
    m_remote = from.device;
    m_offer = offer;
    sendAnswer(now);
}

void Call::deviceUp(const DeviceId& device) {
    if (m_stage == Stage::Calling) {
        const auto generation = m_shared->links.mediaGeneration({m_show.user, device});
        if (!generation || m_invitation.isInvited(device)) return;
        Offer offer = makeOffer(m_shared->random, *generation, m_shared->codecs);
        send(device, Invite{m_wire, offer});
        m_invitation.invite(device, std::move(offer));
        m_path.found();
    } else if (m_remote == device && m_path.isLost()) {
        rejoin();
    }
}

/// On the new link: the caller makes the offer for it, both say again whether they hold.
void Call::rejoin() {
    m_path.looking();
    if (m_stage != Stage::Talking) return;
    if (m_ours.version > 0) send(*m_remote, Update{m_wire, m_ours.version, m_ours.held});
    const auto generation = m_shared->links.mediaGeneration({m_show.user, *m_remote});
    if (!m_weCall || !generation) return;
    m_offer = makeOffer(m_shared->random, *generation, m_shared->codecs);
    ++m_epoch;
    send(*m_remote, Rejoin{m_wire, m_epoch, m_offer});
}

void Call::deviceDown(Now now, const DeviceId& device) {
    if (m_stage == Stage::Calling) {
        // Invited again, with a new offer, should it come back.
        if (m_invitation.lost(device)) m_path.lost(now);
        return;
    }
    if (m_remote != device || isOver()) return;
    m_path.lost(now);
    if (m_stage != Stage::Rung) {
        m_show.interrupted = true;
        show();
    }
}

void Call::reachFailed(Now now, Fault reason) {
    if (m_stage == Stage::Calling && m_invitation.waiting().empty() && !m_path.isLost())
        end(now, reasonOf(reason));
    else
        m_path.lookAgain(now, m_shared->random);
}

void Call::receive(Now now, const DeviceId& from, const Invite& invite) {
    if (m_remote != from || m_weCall) return;
    if (m_stage != Stage::Rung && m_stage != Stage::Answering) return;
    m_path.found();
    const bool again = invite.offer.half != m_offer.half;
    m_offer = invite.offer;
    if (m_stage == Stage::Rung)
        send(from, Ringing{m_wire});
    else if (again)
        sendAnswer(now);
}

void Call::receive(Now now, const DeviceId& from, const Ringing&) {
    if (m_stage != Stage::Calling) return;
    m_invitation.ringing(from);
    if (m_show.phase == Phase::Ringing || !m_invitation.isRinging()) return;
    m_show.phase = Phase::Ringing;
    m_deadline = now.at + kRing;
    show();
}

void Call::receive(Now now, const DeviceId& from, const Answer& answer) {
    if (!m_weCall) return;
    if (m_stage == Stage::Talking) {
        if (m_remote == from)
            send(from, Confirm{m_wire});
        else
            send(from, End{m_wire, EndReason::AnsweredElsewhere});
        return;
    }
    const Offer* offer = m_invitation.answered(from, answer.accept);
    if (m_stage != Stage::Calling || !offer) return;
    for (const DeviceId& device : m_invitation.waiting(from)) tellEnd(m_wire, device, EndReason::AnsweredElsewhere);
    m_remote = from;
    m_offer = *offer;
    m_accept = answer.accept;
    m_deadline = kNever;
    m_show.answered = now.wall;
    go(Stage::Talking);
    send(from, Confirm{m_wire});
    startMedia(now, m_offer, *m_accept);
    show();
}

void Call::receive(Now, const DeviceId& from, const Confirm&) {
    if (m_stage != Stage::Answering || m_remote != from) return;
    m_deadline = kNever;
    go(Stage::Talking);
    // One that overtook the answer was nothing to the caller yet.
    if (m_ours.version > 0) send(from, Update{m_wire, m_ours.version, m_ours.held});
}

void Call::receive(Now now, const DeviceId& from, const End& ended) {
    if (m_stage == Stage::Calling) {
        if (!m_invitation.refused(from, ended.reason)) return;
        const EndReason reason = ended.reason == EndReason::AnsweredElsewhere ? EndReason::Unreachable : ended.reason;
        end(now, reason);
    } else if (m_remote == from && !isOver()) {
        endWithout(now, ended.reason);
    }
}

void Call::receive(Now, const DeviceId& from, const Update& update) {
    if (m_show.phase != Phase::Active || m_remote != from || update.version <= m_theirs.version) return;
    m_theirs = {update.version, update.held};
    if (m_show.heldByThem == update.held) return;
    m_show.heldByThem = update.held;
    show();
}

void Call::receive(Now now, const DeviceId& from, const Rejoin& rejoin) {
    if (m_weCall || m_remote != from || m_show.phase != Phase::Active) return;
    if (rejoin.epoch < m_epoch || rejoin.epoch == 0) return;
    // The answer was heard over there, else nobody would rejoin: as good as its confirmation.
    m_deadline = kNever;
    m_stage = Stage::Talking;
    if (rejoin.epoch == m_epoch && m_offer.half == rejoin.offer.half && m_accept) {
        send(from, Rejoined{m_wire, m_epoch, *m_accept});
        return;
    }
    const auto accept = answerTo(rejoin.offer, m_shared->random, m_shared->codecs);
    if (!accept) return end(now, EndReason::NoCommonCodec);
    m_epoch = rejoin.epoch;
    m_offer = rejoin.offer;
    m_accept = *accept;
    send(from, Rejoined{m_wire, m_epoch, *accept});
    startMedia(now, m_offer, *accept);
    show();
}

void Call::receive(Now now, const DeviceId& from, const Rejoined& rejoined) {
    if (!m_weCall || m_remote != from || m_stage != Stage::Talking) return;
    if (rejoined.epoch != m_epoch || !fits(m_offer, rejoined.accept) || m_accept == rejoined.accept) return;
    m_accept = rejoined.accept;
    startMedia(now, m_offer, *m_accept);
    show();
}

void Call::wake(Now now) {
    if (m_deadline <= now.at) {
        const bool rang = m_show.phase == Phase::Ringing || m_show.phase == Phase::Incoming;
        if (m_stage == Stage::Calling) return end(now, rang ? EndReason::NoAnswer : EndReason::Unreachable);
        return end(now, rang ? EndReason::NoAnswer : EndReason::ConnectionLost);
    }
    if (m_path.isOver(now)) return end(now, EndReason::ConnectionLost);
    if (m_path.wantsLook(now)) look();
}

Instant Call::nextWake() const {
    return isOver() ? kNever : std::min(m_deadline, m_path.nextWake());
}

}  // namespace kith::call
