// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/presence/watching.h"

#include <algorithm>

#include "protocol/crypto/sealedbox.h"

namespace kith::presence {

std::optional<TopicId> Watching::set(Now now, const UserName& user, const Granted& granted) {
    const TopicId id = topicOf(granted.topicKey);
    std::optional<TopicId> gone;
    bool shown = false;
    if (const auto old = m_users.find(user); old != m_users.end()) {
        if (old->second == id) {
            m_topics.at(id).granted = granted;
            return std::nullopt;
        }
        shown = m_topics.at(old->second).shown;
        gone = erase(user);
    }
    // Somebody else's topic, handed on as one's own, stays with whom we have it from.
    if (m_topics.contains(id)) return gone;
    Topic& topic = m_topics[id] = Topic{user, granted, {}, shown};
    if (shown) topic.leases[LeaseId{}] = {0, now.at + kUnconfirmed};
    m_users[user] = id;
    return gone;
}

std::optional<TopicId> Watching::erase(const UserName& user) {
    const auto at = m_users.find(user);
    if (at == m_users.end()) return std::nullopt;
    const TopicId id = at->second;
    m_topics.erase(id);
    m_users.erase(at);
    return id;
}

std::vector<TopicId> Watching::topics() const {
    std::vector<TopicId> out;
    for (const auto& [id, topic] : m_topics) out.push_back(id);
    return out;
}

void Watching::watched(Now now, const std::vector<TopicId>& asked, const std::vector<SignedLease>& leases) {
    for (const TopicId& id : asked) {
        const auto at = m_topics.find(id);
        if (at == m_topics.end()) continue;
        for (auto& [lease, known] : at->second.leases) known.ends = std::min(known.ends, now.at + kUnconfirmed);
    }
    for (const SignedLease& lease : leases) take(now, lease);
}

void Watching::changed(Now now, const TopicChanged& change) {
    if (change.lease) take(now, *change.lease);
    const auto at = m_topics.find(change.topic);
    if (change.ended && at != m_topics.end()) at->second.leases.erase(*change.ended);
}

void Watching::forgetAll() {
    for (auto& [id, topic] : m_topics) topic.leases.clear();
}

bool Watching::opens(const Topic& topic, const LeaseBody& lease) const {
    const auto state = crypto::openBox(topic.granted.stateKey, lease.lease.bytes, lease.sealedState);
    return state && wire::decodeObjects<State>(*state);
}

void Watching::take(Now now, const SignedLease& lease) {
    const LeaseBody& body = lease.body;
    const auto at = m_topics.find(topicOf(body.topicKey));
    if (at == m_topics.end()) return;
    Topic& topic = at->second;
    const auto left =
        std::min<std::chrono::seconds>(body.expires - now.seconds() + kLeaseTolerance, kLeaseLife + kLeaseTolerance);
    const auto known = topic.leases.find(body.lease);
    if (left <= std::chrono::seconds(0)) return;
    if (known != topic.leases.end() && body.sequence < known->second.sequence) return;
    if (known == topic.leases.end() && topic.leases.size() >= kMaxLeases) return;
    if (!verifyLease(m_suite, m_network, lease) || !opens(topic, body)) return;
    topic.leases[body.lease] = {body.sequence, now.at + left};
}

bool Watching::isOnline(const UserName& user) const {
    const auto at = m_users.find(user);
    return at != m_users.end() && !m_topics.at(at->second).leases.empty();
}

void Watching::wake(Now now) {
    for (auto& [id, topic] : m_topics)
        std::erase_if(topic.leases, [&](auto& each) { return each.second.ends <= now.at; });
}

Instant Watching::nextWake() const {
    Instant next = kNever;
    for (const auto& [id, topic] : m_topics)
        for (const auto& [lease, known] : topic.leases) next = std::min(next, known.ends);
    return next;
}

std::vector<UserName> Watching::takeChanged() {
    std::vector<UserName> out;
    for (auto& [id, topic] : m_topics) {
        if (topic.shown == !topic.leases.empty()) continue;
        topic.shown = !topic.shown;
        out.push_back(topic.user);
    }
    return out;
}

}  // namespace kith::presence
