// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/presence/presence.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "protocol/base/takeall.h"

namespace kith::presence {

namespace {

constexpr std::size_t kMaxLinks = 16;
constexpr std::uint64_t kMaxVersion = std::uint64_t{1} << 62;

}  // namespace

Presence::Presence(Now now, Environment environment, std::optional<OwnTopic> topic, std::vector<Audience> audiences)
    : m_environment(environment),
      m_lease(environment.suite, environment.random, environment.network, environment.self),
      m_watching(environment.suite, environment.network) {
    for (Audience& audience : audiences) {
        Contact& contact = m_contacts[audience.user];
        if (audience.theirs) {
            contact.theirStored = audience.theirs->version;
            m_watching.set(now, audience.user, *audience.theirs);
        }
        contact.audience = std::move(audience);
    }
    if (topic) {
        m_topicStored = true;
        useTopic(now, *topic);
    } else {
        newTopic(now);
    }
}

void Presence::newTopic(Now now) {
    const auto wall = static_cast<std::uint64_t>(std::max<std::int64_t>(0, now.wall.time_since_epoch().count()));
    OwnTopic topic;
    topic.seed = m_environment.random.bytes<32>();
    topic.stateKey = m_environment.random.bytes<32>();
    topic.version = std::max(wall, m_topic.version + 1);
    replaceTopic(now, topic);
}

void Presence::replaceTopic(Now now, const OwnTopic& topic) {
    m_topicStored = false;
    useTopic(now, topic);
    saveTopic();
}

void Presence::useTopic(Now now, const OwnTopic& topic) {
    if (const auto end = m_lease.end()) m_ending.push_back({now.at + kOldTopicStays, *end});
    m_topic = topic;
    m_lease.setTopic(topic);
    if (m_up) toSupernode(m_lease.make(now), ++m_lastRequest);
    for (auto& [user, contact] : m_contacts)
        if (isUntold(contact)) pursue(now, contact);
}

void Presence::saveTopic() {
    m_writes[++m_lastTicket] = {std::nullopt, m_topic.version};
    m_output.stores.push_back(SaveTopic{m_lastTicket, m_topic});
}

void Presence::save(const Contact& contact) {
    const Audience& audience = contact.audience;
    m_writes[++m_lastTicket] = {audience.user, audience.theirs ? audience.theirs->version : 0};
    m_output.stores.push_back(SaveAudience{m_lastTicket, audience});
}

void Presence::mergeTopic(Now now, const OwnTopic& topic) {
    // Two devices may have made their first ones in the same instant.
    if (std::tie(topic.version, topic.seed) > std::tie(m_topic.version, m_topic.seed)) replaceTopic(now, topic);
}

void Presence::contactAdded(Now now, const UserName& user) {
    const auto [at, isNew] = m_contacts.try_emplace(user);
    if (!isNew) return;
    at->second.audience.user = user;
    save(at->second);
    pursue(now, at->second);
}

void Presence::contactRemoved(Now now, const UserName& user) {
    if (m_contacts.erase(user) == 0) return;
    m_output.stores.push_back(EraseAudience{++m_lastTicket, user});
    if (const auto gone = m_watching.erase(user); gone && m_up) toSupernode(Unwatch{{*gone}});
    newTopic(now);
}

void Presence::supernodeUp(Now now, const NodeId& supernode) {
    m_up = true;
    m_forget = kNever;
    m_ending.clear();
    m_asked.clear();
    m_lease.supernodeUp(now, supernode);
    watch(now, m_watching.topics());
    wake(now);
}

void Presence::supernodeDown(Now now) {
    if (!std::exchange(m_up, false)) return;
    m_asked.clear();
    m_lease.supernodeDown();
    m_forget = now.at + kSupernodeGrace;
}

void Presence::leave() {
    if (const auto end = m_lease.end(); end && m_up) toSupernode(*end);
    m_lease.supernodeDown();
}

template <class M>
void Presence::toSupernode(const M& message, std::optional<wire::RequestId> request) {
    m_output.toSupernode.push_back(wire::encodeCommand(message, request));
}

void Presence::watch(Now now, std::vector<TopicId> topics) {
    if (!m_up) return;
    for (std::size_t at = 0; at < topics.size(); at += kMaxWatched) {
        const auto begin = topics.begin() + static_cast<std::ptrdiff_t>(at);
        const auto count = static_cast<std::ptrdiff_t>(std::min(kMaxWatched, topics.size() - at));
        Asked asked{++m_lastRequest, {begin, begin + count}, now.at + OwnLease::kAskAgain};
        toSupernode(Watch{asked.topics}, asked.request);
        m_asked.push_back(std::move(asked));
    }
}

bool Presence::isUntold(const Contact& contact) const {
    return contact.audience.toldVersion < m_topic.version;
}

void Presence::grant(const Contact& contact, const DeviceId& device) {
    const Grant grant{m_lease.topicKey(), m_topic.stateKey, m_topic.version};
    m_output.peer.sends.push_back(
        {{contact.audience.user, device}, session::Stream::Presence, wire::encodeCommand(grant)});
}

bool Presence::isAway(const Contact& contact) const {
    return m_up && contact.audience.theirs && !m_watching.isOnline(contact.audience.user);
}

Instant Presence::nextTry(Now now, Contact& contact, Duration otherwise) {
    return now.at + (isAway(contact) ? kAwayRetry / 2 + m_environment.random.within(kAwayRetry) : otherwise);
}

/// Tells them our topic if it is on disk, and looks for them if there is no link.
void Presence::pursue(Now now, Contact& contact) {
    contact.nextTry = kNever;
    if (!isUntold(contact)) return;
    contact.nextTry = contact.links.empty() ? nextTry(now, contact, kLongestRetry) : now.at + kConfirmDue;
    if (!m_topicStored) return;
    for (const DeviceId& device : contact.links) grant(contact, device);
    if (contact.links.empty()) m_output.peer.reach.push_back(contact.audience.user);
}

void Presence::deviceUp(Now, const peer::Device& device) {
    const auto at = m_contacts.find(device.user);
    if (at == m_contacts.end()) return;
    auto& links = at->second.links;
    if (std::find(links.begin(), links.end(), device.device) != links.end()) return;
    if (links.size() >= kMaxLinks) links.erase(links.begin());
    links.push_back(device.device);
    // Also to who has it: each of their devices keeps its own, and may have lost it.
    if (m_topicStored) grant(at->second, device.device);
}

void Presence::deviceDown(Now now, const peer::Device& device, Fault) {
    const auto at = m_contacts.find(device.user);
    if (at == m_contacts.end()) return;
    Contact& contact = at->second;
    if (std::erase(contact.links, device.device) > 0 && contact.links.empty() && isUntold(contact))
        contact.nextTry = now.at + contact.backoff.next(m_environment.random);
}

void Presence::reachFailed(Now now, const UserName& user, Fault) {
    const auto at = m_contacts.find(user);
    if (at == m_contacts.end() || !isUntold(at->second) || !at->second.links.empty()) return;
    Contact& contact = at->second;
    contact.nextTry = nextTry(now, contact, contact.backoff.next(m_environment.random));
}

void Presence::receive(Now now, const peer::Device& from, ByteView command) {
    const auto view = wire::parseCommand(command);
    if (!view) return;
    if (const auto grant = wire::decode<Grant>(*view)) return onGrant(now, from, *grant);
    if (const auto kept = wire::decode<GrantKept>(*view)) onGrantKept(from, *kept);
}

void Presence::onGrant(Now now, const peer::Device& from, const Grant& grant) {
    const auto at = m_contacts.find(from.user);
    if (at == m_contacts.end() || grant.version == 0 || grant.version > kMaxVersion) return;
    Contact& contact = at->second;
    if (std::find(contact.links.begin(), contact.links.end(), from.device) == contact.links.end()) deviceUp(now, from);
    if (grant.version <= contact.theirStored) {
        m_output.peer.sends.push_back(
            {from, session::Stream::Presence, wire::encodeCommand(GrantKept{contact.theirStored})});
        return;
    }
    auto& theirs = contact.audience.theirs;
    const bool isNew = !theirs || grant.version > theirs->version;
    if (isNew) theirs = Granted{grant.topicKey, grant.stateKey, grant.version};
    save(contact);
    if (!isNew) return;
    if (const auto gone = m_watching.set(now, from.user, *theirs); gone && m_up) toSupernode(Unwatch{{*gone}});
    watch(now, {topicOf(grant.topicKey)});
    // Ours may have come there before we were a contact.
    if (isUntold(contact)) pursue(now, contact);
}

void Presence::onGrantKept(const peer::Device& from, const GrantKept& kept) {
    const auto at = m_contacts.find(from.user);
    if (at == m_contacts.end() || kept.version > m_topic.version) return;
    Contact& contact = at->second;
    if (kept.version <= contact.audience.toldVersion) return;
    contact.audience.toldVersion = kept.version;
    save(contact);
    if (isUntold(contact)) return;
    contact.backoff.reset();
    contact.nextTry = kNever;
}

void Presence::receiveFromSupernode(Now now, ByteView command) {
    const auto view = wire::parseCommand(command);
    if (!view) return;
    if (const auto leased = wire::decode<Leased>(*view)) {
        m_lease.answered(now, *leased);
    } else if (const auto changed = wire::decode<TopicChanged>(*view)) {
        m_watching.changed(now, *changed);
    } else if (const auto watched = wire::decode<Watched>(*view)) {
        const auto asked = std::find_if(m_asked.begin(), m_asked.end(),
                                        [&](const Asked& each) { return each.request == view->requestId; });
        if (asked == m_asked.end()) return;
        m_watching.watched(now, asked->topics, watched->leases);
        m_asked.erase(asked);
    }
    tellChanges(now);
}

void Presence::tellChanges(Now now) {
    for (const UserName& user : m_watching.takeChanged()) {
        const bool online = m_watching.isOnline(user);
        m_output.events.push_back(PresenceChanged{user, online});
        Contact& contact = m_contacts.at(user);
        if (!online || !isUntold(contact)) continue;
        contact.backoff.reset();
        pursue(now, contact);
    }
}

void Presence::receive(Now now, const Stored& stored) {
    const auto write = m_writes.extract(stored.ticket);
    if (write.empty()) return;
    const auto [user, version] = write.mapped();
    if (stored.error) {
        m_output.events.push_back(StoringFailed{*stored.error});
        if (!user) m_saveAgain = now.at + kLongestRetry;
        return;
    }
    if (!user) {
        if (version != m_topic.version) return;
        m_topicStored = true;
        for (auto& [name, contact] : m_contacts) pursue(now, contact);
        return;
    }
    const auto at = m_contacts.find(*user);
    if (at == m_contacts.end() || version <= at->second.theirStored) return;
    at->second.theirStored = version;
    for (const DeviceId& device : at->second.links)
        m_output.peer.sends.push_back(
            {{*user, device}, session::Stream::Presence, wire::encodeCommand(GrantKept{version})});
}

void Presence::wake(Now now) {
    if (m_saveAgain <= now.at) {
        m_saveAgain = kNever;
        saveTopic();
    }
    if (m_forget <= now.at) {
        m_forget = kNever;
        m_watching.forgetAll();
    }
    if (m_up && m_lease.isDue(now)) toSupernode(m_lease.make(now), ++m_lastRequest);
    std::vector<TopicId> again;
    std::erase_if(m_asked, [&](const Asked& each) {
        if (each.again > now.at) return false;
        again.insert(again.end(), each.topics.begin(), each.topics.end());
        return true;
    });
    watch(now, std::move(again));
    for (auto& [user, contact] : m_contacts)
        if (contact.nextTry <= now.at) pursue(now, contact);
    std::erase_if(m_ending, [&](const auto& each) {
        if (each.first > now.at) return false;
        if (m_up) toSupernode(each.second);
        return true;
    });
    m_watching.wake(now);
    tellChanges(now);
}

Instant Presence::nextWake() const {
    Instant next = std::min({m_saveAgain, m_forget, m_lease.nextWake(), m_watching.nextWake()});
    for (const auto& [at, end] : m_ending) next = std::min(next, at);
    for (const Asked& each : m_asked) next = std::min(next, each.again);
    for (const auto& [user, contact] : m_contacts) next = std::min(next, contact.nextTry);
    return next;
}

void Presence::take(Output& out) {
    takeAll(m_output.peer.reach, out.peer.reach);
    takeAll(m_output.peer.sends, out.peer.sends);
    takeAll(m_output.toSupernode, out.toSupernode);
    takeAll(m_output.stores, out.stores);
    takeAll(m_output.events, out.events);
}

}  // namespace kith::presence
