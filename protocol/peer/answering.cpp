// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/peer/answering.h"

#include <algorithm>

namespace kith::peer {

void Answering::reached(Now now, const wire::CommandView& command) {
    const auto message = wire::decode<overlay::Reached>(command);
    if (!message || !m_shared.isReady() || m_expected.size() >= kMaxExpected) return;
    const auto caller = open(message->sealed, now.seconds());
    if (!caller) {
        m_shared.environment.log.write(LogLevel::Info, "peer", name(caller.error().fault));
        return;
    }
    const auto& identity = caller->identity;
    const auto pinned = m_shared.environment.book.pinnedKey(identity.user);
    if (pinned && directory::personKey(*pinned).bytes != identity.userKeyHash) {
        if (m_shared.environment.book.standingOf(identity.user) == Standing::Blocked) return;
        m_shared.tell(KeyMismatch{identity.user});
        // Which key it is, the directory has to say.
        return m_shared.locateOther(identity.user, directory::PersonKey{identity.userKeyHash});
    }
    if (!isWanted(*caller) || !m_replays.admit(identity.user, caller->body, now.seconds())) return;

    m_expected[message->channel] = {identity, now.at + kExpectTime};
    m_shared.tell(ToSupernode{wire::encodeCommand(overlay::AcceptChannel{message->channel})});
    m_shared.environment.transport.expectPeer(now, {*m_shared.supernode, message->channel}, caller->body.secret);
    // The handshake and the question whether the device is on the list go on side by side.
    if (!m_shared.devices.fresh(now, identity.user))
        m_shared.locate(identity.user, directory::PersonKey{identity.userKeyHash});
}

Result<Caller> Answering::open(ByteView sealed, UnixTime now) const {
    Result<Caller> result = fail(Fault::BadSeal, "no sealing key");
    for (const auto& key : m_keys) {
        result =
            openRendezvous(m_shared.environment.suite, m_shared.own->trust, m_shared.own->device, *key, sealed, now);
        if (result || result.error().fault != Fault::BadSeal) break;
    }
    return result;
}

bool Answering::isWanted(const Caller& caller) const {
    if (caller.identity.user == m_shared.own->user)
        return caller.identity.userKeyHash == m_shared.own->userKeyHash &&
               caller.identity.device != m_shared.own->device;
    switch (m_shared.environment.book.standingOf(caller.identity.user)) {
        case Standing::Blocked: return false;
        case Standing::Asked:
        case Standing::Contact: return true;
        case Standing::Stranger: return caller.body.purpose == Purpose::ContactRequest && hasRoomForStranger();
    }
    return false;
}

bool Answering::hasRoomForStranger() const {
    const auto& book = m_shared.environment.book;
    const auto isStranger = [&](const UserName& user) { return book.standingOf(user) == Standing::Stranger; };
    const auto expected =
        std::ranges::count_if(m_expected, [&](const auto& it) { return isStranger(it.second.caller.user); });
    const auto linked =
        std::ranges::count_if(m_shared.links.all(), [&](const auto& it) { return isStranger(it.second.device.user); });
    return static_cast<std::size_t>(expected + linked) < kMaxStrangers;
}

void Answering::forget(const UserName& user) {
    std::erase_if(m_expected, [&](const auto& entry) { return entry.second.caller.user == user; });
}

std::optional<crypto::PersonIdentity> Answering::takeExpected(Now now, const ChannelId& channel) {
    const auto found = m_expected.find(channel);
    if (found == m_expected.end()) return std::nullopt;
    const auto expected = found->second;
    m_expected.erase(found);
    if (expected.until <= now.at) return std::nullopt;
    return expected.caller;
}

void Answering::wake(Now now) {
    std::erase_if(m_expected, [&](const auto& entry) { return entry.second.until <= now.at; });
}

Instant Answering::nextWake() const {
    auto next = kNever;
    for (const auto& [channel, expected] : m_expected) next = std::min(next, expected.until);
    return next;
}

}  // namespace kith::peer
