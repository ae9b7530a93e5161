// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/peer/reaching.h"

#include <algorithm>

namespace kith::peer {

void Reaching::reach(Now now, const UserName& user, bool urgent) {
    if (!m_shared.isReady()) return m_shared.tell(ReachFailed{user, Fault::ConnectionLost});
    if (!m_quests.contains(user)) makeRoom();
    auto& quest = m_quests[user];
    if (quest.stage == Quest::Stage::Locating || quest.stage == Quest::Stage::Trying) {
        quest.again = quest.again || urgent;
        return;
    }
    if (urgent || quest.notBefore <= now.at)
        begin(user, quest);
    else
        quest.stage = Quest::Stage::Waiting;
}

void Reaching::begin(const UserName& user, Quest& quest) {
    quest.stage = Quest::Stage::Locating;
    quest.again = false;
    m_shared.locate(user, {});
}

void Reaching::fail(Now now, const UserName& user, Quest& quest, Fault reason) {
    if (quest.again && m_shared.isReady()) return begin(user, quest);
    quest.stage = Quest::Stage::Resting;
    quest.lastFault = reason;
    quest.notBefore = now.at + quest.backoff.next(m_shared.environment.random);
    m_shared.tell(ReachFailed{user, reason});
}

void Reaching::stopAll(Now now, Fault reason) {
    for (const auto& attempt : m_attempts) abandon(now, attempt);
    m_attempts.clear();
    for (auto& [user, quest] : m_quests)
        if (quest.stage != Quest::Stage::Resting) m_shared.tell(ReachFailed{user, reason});
    m_quests.clear();
}

void Reaching::forget(Now now, const UserName& user) {
    std::erase_if(m_attempts, [&](const Attempt& attempt) {
        if (attempt.device.user != user) return false;
        abandon(now, attempt);
        return true;
    });
    m_quests.erase(user);
}

void Reaching::located(Now now, const UserName& user, const directory::Person& person) {
    const auto quest = m_quests.find(user);
    if (quest == m_quests.end() || quest->second.stage != Quest::Stage::Locating) return;
    if (!m_shared.isReady()) return fail(now, user, quest->second, Fault::ConnectionLost);
    quest->second.stage = Quest::Stage::Trying;
    quest->second.lastFault = Fault::Unreachable;
    const auto* list = m_shared.devices.fresh(now, user);
    for (const auto& location : person.locations)
        if (list && DeviceBook::isListed(*list, location.location.device, location.location.person.bytes))
            tryDevice(now, location);
    settle(now, user);
}

void Reaching::locateFailed(Now now, const UserName& user, Fault reason) {
    const auto quest = m_quests.find(user);
    if (quest == m_quests.end() || quest->second.stage != Quest::Stage::Locating) return;
    fail(now, user, quest->second, reason);
}

void Reaching::tryDevice(Now now, const directory::VerifiedLocation& found) {
    const auto& location = found.location;
    const Device device{found.user, location.device};
    if (location.device == m_shared.own->device || m_shared.links.preferred(device)) return;
    const auto same = [&](const Attempt& attempt) { return attempt.device == device; };
    if (m_attempts.size() >= kMaxAttempts || std::ranges::any_of(m_attempts, same)) return;

    const auto& environment = m_shared.environment;
    const bool isContact =
        environment.book.standingOf(found.user) == Standing::Contact || found.user == m_shared.own->user;
    const RendezvousBody body{AttemptId::random(environment.random), environment.random.bytes<16>(), now.seconds(),
                              isContact ? Purpose::Person : Purpose::ContactRequest};
    auto sealed = sealRendezvous(environment.suite, m_shared.own->trust.network, *m_shared.own->credentials,
                                 {location.device, location.sealingKey}, body, environment.random);
    if (!sealed) return;
    const auto request = m_nextRequest++;
    m_attempts.push_back({device, request, body.secret, {}, 0, now.at + kAttemptTime});
    m_shared.tell(ToSupernode{
        wire::encodeCommand(overlay::Reach{location.home, location.location, std::move(*sealed)}, request)});
}

void Reaching::passedOn(Now now, const wire::CommandView& command) {
    const auto reply = wire::decode<overlay::PassedOn>(command);
    if (!reply || !command.requestId || !m_shared.supernode) return;
    const auto attempt = std::ranges::find_if(
        m_attempts, [&](const Attempt& it) { return it.request == *command.requestId && !it.channel; });
    if (attempt == m_attempts.end()) return;
    attempt->channel = reply->channel;
    attempt->link = m_shared.environment.transport.connect(
        now, session::Role::Peer, session::ChannelPath{*m_shared.supernode, reply->channel}, attempt->secret);
}

std::optional<std::pair<Device, ChannelId>> Reaching::takeOpened(session::LinkNumber link) {
    const auto attempt = std::ranges::find_if(m_attempts, [&](const Attempt& it) { return it.link == link; });
    if (attempt == m_attempts.end()) return std::nullopt;
    const std::pair opened{attempt->device, *attempt->channel};
    m_attempts.erase(attempt);
    return opened;
}

void Reaching::linked(const UserName& user) {
    const auto found = m_quests.find(user);
    if (found == m_quests.end()) return;
    auto& quest = found->second;
    quest.backoff.reset();
    quest.notBefore = {};
    const bool over = quest.stage == Quest::Stage::Trying && !isTrying(user);
    if (over || quest.stage == Quest::Stage::Waiting) quest.stage = Quest::Stage::Resting;
}

void Reaching::unlinked(Now now, const UserName& user, Fault reason) {
    if (const auto quest = m_quests.find(user); quest != m_quests.end()) quest->second.lastFault = reason;
    settle(now, user);
}

bool Reaching::closed(Now now, session::LinkNumber link, Fault reason) {
    const auto attempt = std::ranges::find_if(m_attempts, [&](const Attempt& it) { return it.link == link; });
    if (attempt == m_attempts.end()) return false;
    const auto user = attempt->device.user;
    m_shared.tell(ToSupernode{wire::encodeCommand(overlay::CloseChannel{*attempt->channel})});
    m_attempts.erase(attempt);
    // A device that is not there and one that doesn't want us look the same; other reasons are worth telling.
    if (reason != Fault::TimedOut && reason != Fault::Unreachable && m_quests.contains(user))
        m_quests[user].lastFault = reason;
    settle(now, user);
    return true;
}

void Reaching::abandon(Now now, const Attempt& attempt) {
    if (attempt.link) m_shared.environment.transport.close(now, attempt.link, Fault::TimedOut);
    if (attempt.channel && m_shared.supernode)
        m_shared.tell(ToSupernode{wire::encodeCommand(overlay::CloseChannel{*attempt.channel})});
}

void Reaching::settle(Now now, const UserName& user) {
    const auto quest = m_quests.find(user);
    if (quest == m_quests.end() || quest->second.stage != Quest::Stage::Trying) return;
    if (isTrying(user) || m_shared.links.has(user, false)) return;
    if (m_shared.links.has(user, true))
        quest->second.stage = Quest::Stage::Resting;
    else
        fail(now, user, quest->second, quest->second.lastFault);
}

void Reaching::wake(Now now) {
    std::vector<Attempt> over;
    std::erase_if(m_attempts, [&](const Attempt& attempt) {
        if (attempt.until > now.at) return false;
        over.push_back(attempt);
        return true;
    });
    for (const auto& attempt : over) {
        abandon(now, attempt);
        settle(now, attempt.device.user);
    }
    for (auto& [user, quest] : m_quests)
        if (quest.stage == Quest::Stage::Waiting && quest.notBefore <= now.at) begin(user, quest);
}

Instant Reaching::nextWake() const {
    auto next = kNever;
    for (const auto& attempt : m_attempts) next = std::min(next, attempt.until);
    for (const auto& [user, quest] : m_quests)
        if (quest.stage == Quest::Stage::Waiting) next = std::min(next, quest.notBefore);
    return next;
}

bool Reaching::isTrying(const UserName& user) const {
    return std::ranges::any_of(m_attempts, [&](const Attempt& attempt) { return attempt.device.user == user; });
}

void Reaching::makeRoom() {
    if (m_quests.size() < kMaxQuests) return;
    std::erase_if(m_quests, [](const auto& entry) { return entry.second.stage == Quest::Stage::Resting; });
}

}  // namespace kith::peer
