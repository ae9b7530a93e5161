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

std::uint64_t newerThan(std::uint64_t version, Now now) {
    const auto wall = static_cast<std::uint64_t>(std::max<std::int64_t>(0, now.wall.time_since_epoch().count()));
    return std::max(wall, version + 1);
}

}  // namespace

Presence::Presence(Now now, Environment environment, std::optional<OwnTopic> topic,
                   const std::vector<Audience>& audiences, const Choice& choice)
    : m_environment(environment),
      m_own(choice),
      m_shown(choice.availability),
      m_lease(m_environment.suite, m_environment.random, m_environment.network, m_environment.self) {
    m_contacts.reserve(audiences.size());
    m_lease.setState(m_own.stateFor(now, nullptr));
    for (const Audience& audience : audiences) {
        Contact& contact = *m_contacts.insert(Contact(audience.user)).first;
        contact.toldVersion = audience.toldVersion;
        if (audience.theirs) watchWith(now, contact, *audience.theirs);
        if (!audience.view) continue;
        useView(now, contact, *audience.view);
        contact.alone->stored = audience.view->version;
    }
    m_output.events.clear();  // of what is not new
    if (topic) {
        m_topicStored = true;
        useTopic(now, *topic);
    } else {
        newTopic(now, 0);
        m_isFirstTopic = true;
    }
}

Seen Presence::seen(const UserName& user) const {
    const Contact* contact = m_contacts.find(user);
    return contact ? contact->watching.seen() : Seen{};
}

Exception Presence::exceptionFor(const UserName& user) const {
    const Contact* contact = m_contacts.find(user);
    return contact && contact->alone ? contact->alone->view.exception() : Exception{};
}

bool Presence::isNotToBeDisturbedBy(const UserName& user) const {
    return exceptionFor(user).availability.value_or(choice().availability) == Availability::DoNotDisturb;
}

std::vector<View> Presence::views() const {
    std::vector<View> out;
    for (const Contact& contact : m_contacts)
        if (contact.alone) out.push_back(contact.alone->view);
    return out;
}

Audience Presence::Contact::audience() const {
    return {user, watching.granted(), toldVersion, alone ? std::optional(alone->view) : std::nullopt};
}

void Presence::newTopic(Now now, std::uint64_t than) {
    OwnTopic topic;
    topic.seed = m_environment.random.bytes<32>();
    topic.stateKey = m_environment.random.bytes<32>();
    topic.version = newerThan(std::max(than, m_topic.version), now);
    replaceTopic(now, topic);
    m_output.events.push_back(VaultOutdated{});
}

void Presence::replaceTopic(Now now, const OwnTopic& topic) {
    m_topicStored = false;
    useTopic(now, topic);
    saveTopic();
}

void Presence::endSoon(Now now, OwnLease& lease) {
    if (const auto end = lease.end()) m_ending.push_back({now.at + kOldTopicStays, *end});
}

void Presence::useTopic(Now now, const OwnTopic& topic) {
    endSoon(now, m_lease);
    m_topic = topic;
    m_lease.setTopic(topic.seed, topic.stateKey);
    if (isUp()) askForLease(now, m_lease);
    for (Contact& contact : m_contacts)
        if (isUntold(contact)) pursue(now, contact);
}

void Presence::askForLease(Now now, OwnLease& lease) {
    if (const auto command = lease.make(now, ++m_lastRequest)) toSupernode(*command, m_lastRequest);
}

Result<void> Presence::choose(Now now, Availability availability, const std::string& mood) {
    if (!isMood(mood)) return fail(Fault::TooLarge, "mood");
    if (availability == choice().availability && mood == choice().mood) return {};
    useChoice(now, {availability, mood, newerThan(choice().version, now)});
    m_output.events.push_back(VaultOutdated{});
    return {};
}

void Presence::merge(Now now, const Choice& other) {
    const auto order = [](const Choice& it) { return std::tie(it.version, it.availability, it.mood); };
    if (order(choice()) < order(other) && other.version <= kMaxVersion && isMood(other.mood)) useChoice(now, other);
}

void Presence::useChoice(Now now, const Choice& choice) {
    m_own.choose(choice);
    saveChoice();
    show(now);
    m_output.events.push_back(OwnChanged{});
}

void Presence::setIdleSince(Now now, std::optional<Instant> since) {
    m_own.setIdleSince(since);
    show(now);
}

void Presence::show(Now now) {
    m_showAgain = m_own.nextChange(now);
    if (std::exchange(m_shown, m_own.seenBy(now, nullptr)) != m_shown) m_output.events.push_back(OwnChanged{});
    show(now, m_lease, nullptr);
    for (Contact& contact : m_contacts)
        if (contact.hasOwnTopic()) show(now, *contact.alone->lease, contact.view());
}

void Presence::show(Now now, OwnLease& lease, const View* view) {
    const auto state = m_own.stateFor(now, view);
    if (!lease.setState(state) || !isUp()) return;
    if (state) return askForLease(now, lease);
    if (const auto end = lease.end()) toSupernode(*end);
}

Result<void> Presence::except(Now now, const UserName& user, const Exception& exception) {
    Contact* contact = m_contacts.find(user);
    if (!contact) return fail(Fault::NotFound, "contact");
    if (exception.mood && !isMood(*exception.mood)) return fail(Fault::TooLarge, "mood");
    if (exception == exceptionFor(user)) return {};
    const bool hadTopic = contact->hasOwnTopic();
    if (!hadTopic && std::ranges::count_if(m_contacts, &Contact::hasOwnTopic) >= std::ptrdiff_t{kMaxViews})
        return fail(Fault::TooLarge, "views");
    View view = contact->alone ? contact->alone->view : View{user, {}, {}, {}, {}, 0};
    view.availability = exception.availability;
    view.mood = exception.mood;
    view.version = newerThan(view.version, now);
    if (exception.isNone()) {
        view.seed.reset();
        view.stateKey.reset();
    } else if (!hadTopic) {
        view.seed = m_environment.random.bytes<32>();
        view.stateKey = m_environment.random.bytes<32>();
    }
    useView(now, *contact, view);
    save(*contact);
    // They know the topic of all.
    if (!hadTopic) newTopic(now, 0);
    m_output.events.push_back(VaultOutdated{});
    return {};
}

void Presence::merge(Now now, const std::vector<View>& views) {
    const auto order = [](const View& it) {
        return std::tie(it.version, it.seed, it.stateKey, it.availability, it.mood);
    };
    for (const View& view : views) {
        Contact* contact = m_contacts.find(view.user);
        if (!contact || view.version > kMaxVersion || (view.mood && !isMood(*view.mood))) continue;
        if (contact->alone && order(view) <= order(contact->alone->view)) continue;
        useView(now, *contact, view);
        save(*contact);
    }
}

void Presence::useView(Now now, Contact& contact, const View& view) {
    if (!contact.alone) contact.alone = std::make_unique<Alone>();
    Alone& alone = *contact.alone;
    const bool isSameTopic = alone.lease && alone.view.seed == view.seed && alone.view.stateKey == view.stateKey;
    alone.view = view;
    if (!isSameTopic) {
        if (alone.lease) endSoon(now, *alone.lease);
        alone.lease.reset();
        if (view.hasTopic()) {
            auto& e = m_environment;
            alone.lease.emplace(e.suite, e.random, e.network, e.self).setTopic(*view.seed, *view.stateKey);
            if (isUp()) alone.lease->supernodeUp(now, *m_supernode);
        }
    }
    if (alone.lease) show(now, *alone.lease, &alone.view);
    m_output.events.push_back(ViewChanged{contact.user});
    if (isUntold(contact)) pursue(now, contact);
}

std::uint64_t Presence::grantVersion(const Contact& contact) const {
    return m_topic.version + (contact.alone ? contact.alone->view.version : 0);
}

bool Presence::isReady(const Contact& contact) const {
    return m_topicStored && (!contact.alone || contact.alone->stored >= contact.alone->view.version);
}

template <class Verb>
void Presence::eachLease(Verb verb) {
    verb(m_lease);
    for (Contact& contact : m_contacts)
        if (contact.hasOwnTopic()) verb(*contact.alone->lease);
}

void Presence::saveTopic() {
    m_writes[++m_lastTicket] = {Kept::Topic, {}, m_topic.version, 0};
    m_output.stores.push_back(SaveTopic{m_lastTicket, m_topic});
}

void Presence::saveChoice() {
    m_writes[++m_lastTicket] = {Kept::Choice, {}, choice().version, 0};
    m_output.stores.push_back(SaveChoice{m_lastTicket, choice()});
}

void Presence::save(const Contact& contact) {
    m_writes[++m_lastTicket] = {Kept::Audience, contact.user, contact.watching.version(),
                                contact.alone ? contact.alone->view.version : 0};
    m_output.stores.push_back(SaveAudience{m_lastTicket, contact.audience()});
}

void Presence::mergeTopic(Now now, const OwnTopic& topic) {
    // Two devices may have made their first ones in the same instant.
    const bool isNewer = std::tie(topic.version, topic.seed) > std::tie(m_topic.version, m_topic.seed);
    // A device that has just been signed in made one that nobody has, and everybody has the older one.
    const bool displaces = m_isFirstTopic && !m_topicStored && topic != m_topic;
    if (isNewer || displaces) replaceTopic(now, topic);
    m_isFirstTopic = false;
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
    if (const auto gone = contact->watching.topic(); gone && isUp()) toSupernode(Unwatch{{*gone}});
    if (contact->hasOwnTopic())
        if (const auto end = contact->alone->lease->end(); end && isUp()) toSupernode(*end);
    // Should they become a contact again, what they get then has to be newer than what they have now.
    const std::uint64_t granted = grantVersion(*contact);
    m_contacts.erase(user);
    newTopic(now, granted);
}

void Presence::supernodeUp(Now now, const NodeId& supernode) {
    m_supernode = supernode;
    m_forget = kNever;
    m_ending.clear();
    m_asked.clear();
    eachLease([&](OwnLease& lease) { lease.supernodeUp(now, supernode); });
    std::vector<TopicId> topics;
    for (const Contact& contact : m_contacts)
        if (const auto topic = contact.watching.topic()) topics.push_back(*topic);
    watch(now, std::move(topics));
    wake(now);
}

void Presence::supernodeDown(Now now) {
    if (!std::exchange(m_supernode, std::nullopt)) return;
    m_asked.clear();
    eachLease([](OwnLease& lease) { lease.supernodeDown(); });
    m_forget = now.at + kSupernodeGrace;
}

void Presence::leave() {
    eachLease([&](OwnLease& lease) {
        if (const auto end = lease.end(); end && isUp()) toSupernode(*end);
        lease.supernodeDown();
    });
}

template <class M>
void Presence::toSupernode(const M& message, std::optional<wire::RequestId> request) {
    m_output.toSupernode.push_back(wire::encodeCommand(message, request));
}

void Presence::watch(Now now, std::vector<TopicId> topics) {
    if (!isUp()) return;
    for (std::size_t at = 0; at < topics.size(); at += kMaxWatched) {
        const auto begin = topics.begin() + static_cast<std::ptrdiff_t>(at);
        const auto count = static_cast<std::ptrdiff_t>(std::min(kMaxWatched, topics.size() - at));
        Asked asked{++m_lastRequest, {begin, begin + count}, now.at + OwnLease::kAskAgain};
        toSupernode(Watch{asked.topics}, asked.request);
        m_asked.push_back(std::move(asked));
    }
}

bool Presence::isUntold(const Contact& contact) const {
    return contact.toldVersion < grantVersion(contact);
}

void Presence::grant(const Contact& contact, const DeviceId& device) {
    const OwnLease& lease = contact.hasOwnTopic() ? *contact.alone->lease : m_lease;
    const Grant grant{lease.topicKey(), lease.stateKey(), grantVersion(contact)};
    m_output.peer.sends.push_back({{contact.user, device}, session::Stream::Presence, wire::encodeCommand(grant)});
}

bool Presence::isAway(const Contact& contact) const {
    return isUp() && contact.watching.isGranted() && !contact.watching.isOnline();
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
    if (contact.alone && std::exchange(contact.alone->unsaved, false)) save(contact);
    if (!isReady(contact)) return;
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
    if (isReady(*contact)) grant(*contact, device.device);
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
    if (gone && isUp()) toSupernode(Unwatch{{*gone}});
    watch(now, {topicOf(grant.topicKey)});
    // Ours may have come there before we were a contact.
    if (isUntold(contact)) pursue(now, contact);
}

void Presence::onGrantKept(const peer::Device& from, const GrantKept& kept) {
    Contact* contact = m_contacts.find(from.user);
    if (!contact || kept.version > grantVersion(*contact) || kept.version <= contact->toldVersion) return;
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
        if (view->requestId) answered(now, *view->requestId, *leased);
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
        const auto before = contact.watching.takeChange();
        if (!before) continue;
        const Seen& seen = contact.watching.seen();
        m_output.events.push_back(PresenceChanged{contact.user, seen, seen.online && !before->online});
        if (before->online == seen.online) continue;
        if (!contact.watching.isOnline() || !isUntold(contact)) continue;
        contact.pursue().backoff.reset();
        pursue(now, contact);
    }
}

void Presence::answered(Now now, wire::RequestId request, const Leased& answer) {
    eachLease([&](OwnLease& lease) { lease.answered(now, request, answer); });
}

void Presence::receive(Now now, const Stored& stored) {
    const auto write = m_writes.extract(stored.ticket);
    if (write.empty()) return;
    const Write& done = write.mapped();
    if (stored.error) {
        m_output.events.push_back(StoringFailed{*stored.error});
        if (done.what == Kept::Topic) m_saveAgain = now.at + kLongestRetry;
        if (done.what == Kept::Choice) m_saveChoiceAgain = now.at + kLongestRetry;
        if (Contact* contact = m_contacts.find(done.user); contact && contact->alone)
            contact->alone->unsaved = contact->alone->stored < done.viewVersion;
        return;
    }
    if (done.what == Kept::Topic) storedTopic(now, done.version);
    if (done.what == Kept::Audience) storedAudience(now, done);
}

void Presence::storedTopic(Now now, std::uint64_t version) {
    if (version != m_topic.version) return;
    m_topicStored = true;
    for (Contact& contact : m_contacts) pursue(now, contact);
}

void Presence::storedAudience(Now now, const Write& write) {
    Contact* contact = m_contacts.find(write.user);
    if (!contact) return;
    if (contact->alone && contact->alone->stored < write.viewVersion) {
        contact->alone->stored = write.viewVersion;
        pursue(now, *contact);
    }
    if (write.version <= contact->theirStored()) return;
    contact->pursuit->theirStored = write.version;
    for (const DeviceId& device : contact->pursuit->links)
        m_output.peer.sends.push_back(
            {{write.user, device}, session::Stream::Presence, wire::encodeCommand(GrantKept{write.version})});
    if (!isUntold(*contact)) contact->rest();
}

void Presence::wake(Now now) {
    if (m_saveAgain <= now.at) {
        m_saveAgain = kNever;
        saveTopic();
    }
    if (m_saveChoiceAgain <= now.at) {
        m_saveChoiceAgain = kNever;
        saveChoice();
    }
    if (m_showAgain <= now.at) show(now);
    if (m_forget <= now.at) {
        m_forget = kNever;
        for (Contact& contact : m_contacts) contact.watching.forget();
    }
    eachLease([&](OwnLease& lease) {
        if (isUp() && lease.isDue(now)) askForLease(now, lease);
    });
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
        if (isUp()) toSupernode(each.second);
        return true;
    });
    for (Contact& contact : m_contacts) contact.watching.wake(now);
    tellChanges(now);
}

Instant Presence::nextWake() const {
    Instant next = std::min({m_saveAgain, m_saveChoiceAgain, m_showAgain, m_forget, m_lease.nextWake()});
    for (const auto& [at, end] : m_ending) next = std::min(next, at);
    for (const Asked& each : m_asked) next = std::min(next, each.again);
    for (const Contact& contact : m_contacts) {
        next = std::min({next, contact.nextTry(), contact.watching.nextWake()});
        if (contact.hasOwnTopic()) next = std::min(next, contact.alone->lease->nextWake());
    }
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
