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

Presence::Presence(Now now, Environment environment, std::optional<OwnTopic> topic,
                   const std::vector<Audience>& audiences)
    : m_environment(environment),
      m_lease(m_environment.suite, m_environment.random, m_environment.network, m_environment.self) {
    m_contacts.reserve(audiences.size());
    for (const Audience& audience : audiences) {
        Contact& contact = *m_contacts.insert(Contact(audience.user)).first;
        contact.toldVersion = audience.toldVersion;
        if (audience.theirs) watchWith(now, contact, *audience.theirs);
    }
    if (topic) {
        m_topicStored = true;
        useTopic(now, *topic);
    } else {
        newTopic(now);
    }
}

bool Presence::isOnline(const UserName& user) const {
    const Contact* contact = m_contacts.find(user);
    return contact && contact->watching.isOnline();
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
    for (Contact& contact : m_contacts)
        if (isUntold(contact)) pursue(now, contact);
}

void Presence::saveTopic() {
    m_writes[++m_lastTicket] = {std::nullopt, m_topic.version};
    m_output.stores.push_back(SaveTopic{m_lastTicket, m_topic});
}

void Presence::save(const Contact& contact) {
    m_writes[++m_lastTicket] = {contact.user, contact.watching.version()};
    m_output.stores.push_back(SaveAudience{m_lastTicket, contact.audience()});
}

void Presence::mergeTopic(Now now, const OwnTopic& topic) {
    // Two devices may have made their first ones in the same instant.
    if (std::tie(topic.version, topic.seed) > std::tie(m_topic.version, m_topic.seed)) replaceTopic(now, topic);
}

void Presence::contactAdded(Now now, const UserName& user) {
    const auto [contact, isNew] = m_contacts.insert(Contact(user));
    if (!isNew) return;
    save(*contact);
    pursue(now, *contact);
}

void Presence::contactRemoved(Now now, const UserName& user) {
    const Contact* contact = m_contacts.find(user);
    if (!contact) return;
    m_output.stores.push_back(EraseAudience{++m_lastTicket, user});
    if (const auto gone = contact->watching.topic(); gone && m_up) toSupernode(Unwatch{{*gone}});
    m_contacts.erase(user);
    newTopic(now);
}

void Presence::supernodeUp(Now now, const NodeId& supernode) {
    m_up = true;
    m_forget = kNever;
    m_ending.clear();
    m_asked.clear();
    m_lease.supernodeUp(now, supernode);
    std::vector<TopicId> topics;
    for (const Contact& contact : m_contacts)
        if (const auto topic = contact.watching.topic()) topics.push_back(*topic);
    watch(now, std::move(topics));
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
    return contact.toldVersion < m_topic.version;
}

void Presence::grant(const Contact& contact, const DeviceId& device) {
    const Grant grant{m_lease.topicKey(), m_topic.stateKey, m_topic.version};
    m_output.peer.sends.push_back({{contact.user, device}, session::Stream::Presence, wire::encodeCommand(grant)});
}

bool Presence::isAway(const Contact& contact) const {
    return m_up && contact.watching.isGranted() && !contact.watching.isOnline();
}

void Presence::tryAgain(Now now, Contact& contact, Duration otherwise) {
    const auto wait = isAway(contact) ? kAwayRetry / 2 + m_environment.random.within(kAwayRetry) : otherwise;
    contact.pursue().nextTry = now.at + wait;
}

Presence::Pursuit& Presence::Contact::pursue() {
    if (pursuit) return *pursuit;
    pursuit = std::make_unique<Pursuit>();
    pursuit->theirStored = watching.version();
    return *pursuit;
}

void Presence::Contact::rest() {
    if (!pursuit) return;
    pursuit->backoff.reset();
    pursuit->nextTry = kNever;
    if (pursuit->links.empty() && pursuit->theirStored >= watching.version()) pursuit.reset();
}

/// Tells them our topic if it is on disk, and looks for them if there is no link.
void Presence::pursue(Now now, Contact& contact) {
    if (!isUntold(contact)) return contact.rest();
    if (contact.hasLinks())
        contact.pursuit->nextTry = now.at + kConfirmDue;
    else
        tryAgain(now, contact, kLongestRetry);
    if (!m_topicStored) return;
    for (const DeviceId& device : contact.pursuit->links) grant(contact, device);
    if (!contact.hasLinks()) m_output.peer.reach.push_back(contact.user);
}

void Presence::deviceUp(Now, const peer::Device& device) {
    Contact* contact = m_contacts.find(device.user);
    if (!contact) return;
    auto& links = contact->pursue().links;
    if (std::find(links.begin(), links.end(), device.device) != links.end()) return;
    if (links.size() >= kMaxLinks) links.erase(links.begin());
    links.push_back(device.device);
    // Also to who has it: each of their devices keeps its own, and may have lost it.
    if (m_topicStored) grant(*contact, device.device);
}

void Presence::deviceDown(Now now, const peer::Device& device, Fault) {
    Contact* contact = m_contacts.find(device.user);
    if (!contact || !contact->pursuit) return;
    Pursuit& pursuit = *contact->pursuit;
    if (std::erase(pursuit.links, device.device) == 0 || !pursuit.links.empty()) return;
    if (!isUntold(*contact)) return contact->rest();
    pursuit.nextTry = now.at + pursuit.backoff.next(m_environment.random);
}

void Presence::reachFailed(Now now, const UserName& user, Fault) {
    Contact* contact = m_contacts.find(user);
    if (!contact || !isUntold(*contact) || contact->hasLinks()) return;
    tryAgain(now, *contact, contact->pursue().backoff.next(m_environment.random));
}

void Presence::receive(Now now, const peer::Device& from, ByteView command) {
    const auto view = wire::parseCommand(command);
    if (!view) return;
    if (const auto grant = wire::decode<Grant>(*view)) return onGrant(now, from, *grant);
    if (const auto kept = wire::decode<GrantKept>(*view)) onGrantKept(from, *kept);
}

void Presence::onGrant(Now now, const peer::Device& from, const Grant& grant) {
    Contact* known = m_contacts.find(from.user);
    if (!known || grant.version == 0 || grant.version > kMaxVersion) return;
    Contact& contact = *known;
    deviceUp(now, from);
    if (grant.version <= contact.theirStored()) {
        m_output.peer.sends.push_back(
            {from, session::Stream::Presence, wire::encodeCommand(GrantKept{contact.theirStored()})});
        return;
    }
    const bool isNew = grant.version > contact.watching.version();
    const auto gone = isNew ? watchWith(now, contact, {grant.topicKey, grant.stateKey, grant.version}) : std::nullopt;
    save(contact);
    if (!isNew) return;
    if (gone && m_up) toSupernode(Unwatch{{*gone}});
    watch(now, {topicOf(grant.topicKey)});
    // Ours may have come there before we were a contact.
    if (isUntold(contact)) pursue(now, contact);
}

void Presence::onGrantKept(const peer::Device& from, const GrantKept& kept) {
    Contact* contact = m_contacts.find(from.user);
    if (!contact || kept.version > m_topic.version || kept.version <= contact->toldVersion) return;
    contact->toldVersion = kept.version;
    save(*contact);
    if (!isUntold(*contact)) contact->rest();
}

std::optional<TopicId> Presence::watchWith(Now now, Contact& contact, const Granted& granted) {
    const auto before = contact.watching.topic();
    // Somebody else's topic, handed on as one's own, stays with whom we have it from.
    const bool isTheirs = std::ranges::none_of(m_contacts, [&](const Contact& other) {
        return &other != &contact && other.watching.isWatchedBy(granted.topicKey);
    });
    contact.watching.set(now, granted, isTheirs);
    return before != contact.watching.topic() ? before : std::nullopt;
}

Presence::Contact* Presence::contactOf(const TopicId& topic) {
    const auto at =
        std::ranges::find_if(m_contacts, [&](const Contact& contact) { return contact.watching.isWatchedAs(topic); });
    return at == m_contacts.end() ? nullptr : &*at;
}

void Presence::take(Now now, const SignedLease& lease) {
    const auto at = std::ranges::find_if(
        m_contacts, [&](const Contact& contact) { return contact.watching.isWatchedBy(lease.body.topicKey); });
    if (at != m_contacts.end()) at->watching.take(now, m_environment.suite, m_environment.network, lease);
}

void Presence::onChanged(Now now, const TopicChanged& change) {
    if (change.lease) take(now, *change.lease);
    if (!change.ended) return;
    if (Contact* contact = contactOf(change.topic)) contact->watching.ended(*change.ended);
}

void Presence::onWatched(Now now, const std::vector<TopicId>& asked, const std::vector<SignedLease>& leases) {
    for (const TopicId& topic : asked)
        if (Contact* contact = contactOf(topic)) contact->watching.doubt(now);
    for (const SignedLease& lease : leases) take(now, lease);
}

void Presence::receiveFromSupernode(Now now, ByteView command) {
    const auto view = wire::parseCommand(command);
    if (!view) return;
    if (const auto leased = wire::decode<Leased>(*view)) {
        m_lease.answered(now, *leased);
    } else if (const auto changed = wire::decode<TopicChanged>(*view)) {
        onChanged(now, *changed);
    } else if (const auto watched = wire::decode<Watched>(*view)) {
        const auto asked = std::find_if(m_asked.begin(), m_asked.end(),
                                        [&](const Asked& each) { return each.request == view->requestId; });
        if (asked == m_asked.end()) return;
        onWatched(now, asked->topics, watched->leases);
        m_asked.erase(asked);
    }
    tellChanges(now);
}

void Presence::tellChanges(Now now) {
    for (Contact& contact : m_contacts) {
        if (!contact.watching.takeChange()) continue;
        m_output.events.push_back(PresenceChanged{contact.user, contact.watching.isOnline()});
        if (!contact.watching.isOnline() || !isUntold(contact)) continue;
        contact.pursue().backoff.reset();
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
        for (Contact& contact : m_contacts) pursue(now, contact);
        return;
    }
    Contact* contact = m_contacts.find(*user);
    if (!contact || version <= contact->theirStored()) return;
    contact->pursuit->theirStored = version;
    for (const DeviceId& device : contact->pursuit->links)
        m_output.peer.sends.push_back(
            {{*user, device}, session::Stream::Presence, wire::encodeCommand(GrantKept{version})});
    if (!isUntold(*contact)) contact->rest();
}

void Presence::wake(Now now) {
    if (m_saveAgain <= now.at) {
        m_saveAgain = kNever;
        saveTopic();
    }
    if (m_forget <= now.at) {
        m_forget = kNever;
        for (Contact& contact : m_contacts) contact.watching.forget();
    }
    if (m_up && m_lease.isDue(now)) toSupernode(m_lease.make(now), ++m_lastRequest);
    std::vector<TopicId> again;
    std::erase_if(m_asked, [&](const Asked& each) {
        if (each.again > now.at) return false;
        again.insert(again.end(), each.topics.begin(), each.topics.end());
        return true;
    });
    watch(now, std::move(again));
    for (Contact& contact : m_contacts)
        if (contact.nextTry() <= now.at) pursue(now, contact);
    std::erase_if(m_ending, [&](const auto& each) {
        if (each.first > now.at) return false;
        if (m_up) toSupernode(each.second);
        return true;
    });
    for (Contact& contact : m_contacts) contact.watching.wake(now);
    tellChanges(now);
}

Instant Presence::nextWake() const {
    Instant next = std::min({m_saveAgain, m_forget, m_lease.nextWake()});
    for (const auto& [at, end] : m_ending) next = std::min(next, at);
    for (const Asked& each : m_asked) next = std::min(next, each.again);
    for (const Contact& contact : m_contacts) next = std::min({next, contact.nextTry(), contact.watching.nextWake()});
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
