// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/client/people.h"

#include <algorithm>

#include "protocol/base/takeall.h"

namespace kith::client {

namespace {

contacts::Profile profileOf(const Identity& identity) {
    return {identity.user, identity.userKey, identity.displayName};
}

peer::Own ownOf(const crypto::Trust& trust, const Identity& identity) {
    return {identity.user, identity.deviceId(), directory::personKey(identity.userKey).bytes, identity.device, trust};
}

/// Devices on our own list, but for this one.
std::size_t othersOf(const Identity& identity) {
    if (!identity.devices) return 0;
    const auto list = wire::decodeObjects<directory::DeviceList>(identity.devices->list);
    return list ? static_cast<std::size_t>(std::ranges::count_if(
                      list->devices, [&](const DeviceId& device) { return device != identity.deviceId(); }))
                : 0;
}

/// What we speak: Opus, announced as RFC 7587 section 7 has it.
std::vector<call::Codec> ownCodecs() {
    return {{"opus", 111, 48'000, 2, 10}};
}

void append(std::vector<Write>& writes, contacts::StoreRequest request) {
    std::visit([&](auto& it) { writes.emplace_back(std::move(it)); }, request);
}
void append(std::vector<Write>& writes, presence::StoreRequest request) {
    std::visit([&](auto& it) { writes.emplace_back(std::move(it)); }, request);
}
void append(std::vector<Write>& writes, chat::StoreRequest request) {
    std::visit([&](auto& it) { writes.emplace_back(std::move(it)); }, request);
}
void append(std::vector<Write>& writes, call::AddRecord request) {
    writes.emplace_back(std::move(request));
}

}  // namespace

People::People(Now now, const Environment& environment, const crypto::Trust& trust, const Identity& identity,
               StoredState state)
    : m_environment(environment),
      m_trust(trust),
      m_peers({environment.transport, environment.suite, environment.random, environment.log, m_circle}),
      m_finder({environment.suite, trust}),
      m_contacts(profileOf(identity), state.contacts, {environment.random, m_circle}),
      m_presence(now, {environment.suite, environment.random, trust.network, identity.deviceId()}, state.topic,
                 state.audiences, state.choice),
      m_chat(identity.deviceId(), std::move(state.chat), {environment.random, m_circle}),
      m_calls(identity.deviceId(), ownCodecs(), {environment.random, m_circle, m_circle}, environment.calls),
      m_ownDevices({identity.user, environment.random, *this}) {
    m_circle.join(m_contacts, m_presence, m_peers, environment.transport);
    renew(identity);
    // The two lists may have parted when the disk failed between two writes.
    for (const auto& record : m_contacts.records())
        if (m_contacts.isContact(record.user)) m_presence.contactAdded(now, record.user);
}

void People::renew(const Identity& identity) {
    m_peers.signIn(ownOf(m_trust, identity));
    m_peers.setSealingKeys(identity.sealing);
    m_finder.setRevocations(identity.revocations);
    m_contacts.setDisplayName(identity.displayName);
    if (const auto others = othersOf(identity)) m_ownDevices.setOthers(others);
}

VaultPeople People::everything() const {
    return {m_contacts.records(), m_presence.topic(), m_presence.choice(), m_presence.views()};
}

VaultPeople People::about(const std::set<UserName>& users) const {
    auto out = everything();
    std::erase_if(out.contacts, [&](const contacts::Record& record) { return !users.contains(record.user); });
    return out;
}

void People::merge(Now now, const VaultPeople& people) {
    m_contacts.merge(now, people.contacts);
    // So that presence knows the contacts whose views come now.
    settleMachine<contacts::Contacts, contacts::Output>(now, m_contacts);
    if (people.topic) m_presence.mergeTopic(now, *people.topic);
    if (people.choice) m_presence.merge(now, *people.choice);
    m_presence.merge(now, people.views);
}

void People::networkUp(Now now, session::LinkNumber supernode, const NodeId& node) {
    m_supernode = supernode;
    m_finder.linkUp(now);
    m_peers.supernodeUp(supernode);
    m_presence.supernodeUp(now, node);
    m_ownDevices.networkUp(now);
}

void People::networkDown(Now now) {
    m_supernode.reset();
    m_finder.linkDown();
    m_peers.supernodeDown(now);
    m_presence.supernodeDown(now);
    m_ownDevices.networkDown();
}

void People::leave(Now now) {
    m_calls.hangUpAll(now);
    m_presence.leave();
    settle(now);
}

void People::add(Now now, Ticket ticket, const UserName& user, const std::string& text) {
    // Whom we know already needs no looking up.
    if (const auto record = m_contacts.find(user); record && !record->key.isNull()) {
        // Somebody to begin anew with: by the key that they show now.
        const auto key = record->remarks && record->remarks->offered ? *record->remarks->offered : record->key;
        m_events.push_back(Added{ticket, m_contacts.request(now, user, key, record->displayName, text)});
        return;
    }
    m_finder.find(now, user, Finder::Add{ticket, user, text});
}

void People::receiveFromSupernode(Now now, session::Stream stream, ByteView command) {
    if (stream == session::Stream::Directory) return m_finder.receive(now, command);
    if (stream == session::Stream::Presence) return m_presence.receiveFromSupernode(now, command);
    if (stream != session::Stream::Overlay) return;
    if (const auto parsed = wire::parseCommand(command)) m_peers.receiveFromSupernode(now, *parsed);
}

void People::receive(Now now, const Written& written) {
    switch (written.room) {
        case Room::Contacts: return m_contacts.receive(now, written.stored);
        case Room::Presence: return m_presence.receive(now, written.stored);
        case Room::Chat: return m_chat.receive(now, written.stored);
        default: return;
    }
}

void People::wake(Now now) {
    m_peers.wake(now);
    m_finder.wake(now);
    m_contacts.wake(now);
    m_presence.wake(now);
    m_chat.wake(now);
    m_calls.wake(now);
    m_ownDevices.wake(now);
}

Instant People::nextWake() const {
    return std::min({m_peers.nextWake(), m_finder.nextWake(), m_contacts.nextWake(), m_presence.nextWake(),
                     m_chat.nextWake(), m_calls.nextWake(), m_ownDevices.nextWake()});
}

void People::settle(Now now) {
    bool any = true;
    while (any) {
        any = settlePeers(now);
        any |= settleFinder(now);
        any |= settleMachine<contacts::Contacts, contacts::Output>(now, m_contacts);
        any |= settleMachine<presence::Presence, presence::Output>(now, m_presence);
        any |= settleMachine<chat::Chat, chat::Output>(now, m_chat);
        any |= settleMachine<call::Calls, call::Output>(now, m_calls);
        any |= settleOwnDevices(now);
    }
}

bool People::settleOwnDevices(Now now) {
    OwnDevices::Output output;
    m_ownDevices.take(now, output);
    // All of them, not only if none is linked.
    route(now, output.peer, true);
    if (output.savedElsewhere) m_events.emplace_back(VaultSavedElsewhere{});
    return !output.peer.reach.empty() || !output.peer.sends.empty();
}

bool People::settlePeers(Now now) {
    std::vector<peer::Happening> happenings;
    m_peers.take(happenings);
    for (auto& happening : happenings) route(now, happening);
    return !happenings.empty();
}

bool People::settleFinder(Now now) {
    std::vector<Bytes> commands;
    std::vector<Finder::Answer> answers;
    std::vector<Searched> searched;
    m_finder.take(commands, answers, searched);
    for (const auto& command : commands) sendToSupernode(now, session::Stream::Directory, command);
    for (auto& answer : answers) answered(now, std::move(answer));
    for (auto& answer : searched) m_events.emplace_back(std::move(answer));
    return !answers.empty();
}

template <class Machine, class Output>
bool People::settleMachine(Now now, Machine& machine) {
    Output output;
    machine.take(output);
    for (auto& write : output.stores) append(m_writes, std::move(write));
    if constexpr (requires { output.toSupernode; })
        for (const auto& command : output.toSupernode) sendToSupernode(now, session::Stream::Presence, command);
    for (auto& event : output.events) {
        std::visit([&](const auto& it) { heed(now, it); }, event);
        m_events.emplace_back(std::move(event));
    }
    // Somebody waits for a call.
    route(now, output.peer, std::is_same_v<Machine, call::Calls>);
    return !output.events.empty() || !output.peer.reach.empty() || !output.peer.sends.empty();
}

template <class Event>
void People::heed(Now, const Event&) {}

void People::heed(Now now, const contacts::RecordChanged& change) {
    using contacts::Relation;
    m_ownDevices.changed(change.user);
    const bool isBlocked = change.relation == Relation::Blocked && change.before != Relation::Blocked;
    if (isBlocked) m_calls.hangUpOn(now, change.user);
    if (isBlocked || change.hasNewKey) m_peers.drop(now, change.user);
    // They were looked up before they were in the list.
    if (!change.hasNewKey) m_contacts.devicesSeen(now, change.user, m_peers.devicesOf(change.user));
    // Who is removed or blocked, or went by the key of before, sees nobody any more: the others get a new topic.
    if (change.before == Relation::Contact && (change.relation != Relation::Contact || change.hasNewKey))
        m_presence.contactRemoved(now, change.user);
    if (change.relation != Relation::Contact) return;
    m_presence.contactAdded(now, change.user);
    if (change.before == Relation::Contact && !change.isTrustedAgain) return;
    m_contacts.seen(now, change.user);
    m_chat.seen(now, change.user);
}

void People::heed(Now, const presence::VaultOutdated&) {
    m_ownDevices.changed({});
}

void People::heed(Now now, const presence::PresenceChanged& change) {
    if (!change.came) return;
    m_contacts.seen(now, change.user);
    m_chat.seen(now, change.user);
}

void People::heed(Now now, const call::CallChanged& change) {
    m_peers.setInCall(now, change.call.user, m_calls.hasCallWith(change.call.user));
}

void People::route(Now now, const peer::Output& output, bool urgent) {
    for (const auto& user : output.reach) m_peers.reach(now, user, urgent);
    for (const auto& send : output.sends) m_peers.send(now, send);
}

template <class Verb>
void People::tellAll(Verb verb) {
    verb(m_contacts);
    verb(m_presence);
    verb(m_chat);
    verb(m_calls);
}

void People::route(Now now, peer::Happening& happening) {
    if (const auto* wanted = std::get_if<peer::LocateWanted>(&happening)) {
        m_finder.locate(now, *wanted);
    } else if (const auto* command = std::get_if<peer::ToSupernode>(&happening)) {
        sendToSupernode(now, session::Stream::Overlay, command->command);
    } else if (const auto* up = std::get_if<peer::DeviceUp>(&happening)) {
        if (up->device.user == m_contacts.own().user) return m_ownDevices.deviceUp(now, up->device);
        tellAll([&](auto& machine) { machine.deviceUp(now, up->device); });
    } else if (const auto* down = std::get_if<peer::DeviceDown>(&happening)) {
        if (down->device.user == m_contacts.own().user) return m_ownDevices.deviceDown(now, down->device);
        tellAll([&](auto& machine) { machine.deviceDown(now, down->device, down->reason); });
    } else if (const auto* failed = std::get_if<peer::ReachFailed>(&happening)) {
        tellAll([&](auto& machine) { machine.reachFailed(now, failed->user, failed->reason); });
    } else if (const auto* it = std::get_if<peer::Received>(&happening)) {
        received(now, *it);
    } else if (auto* media = std::get_if<peer::MediaArrived>(&happening)) {
        m_events.emplace_back(MediaIn{std::move(media->from), std::move(media->packet)});
    } else if (const auto* mismatch = std::get_if<peer::KeyMismatch>(&happening)) {
        m_events.emplace_back(KeyChanged{mismatch->user});
        if (mismatch->key) m_contacts.keySeen(now, mismatch->user, *mismatch->key);
    }
}

void People::received(Now now, const peer::Received& received) {
    const bool isOwn = received.from.user == m_contacts.own().user;
    if (isOwn && received.stream == session::Stream::Contacts)
        return m_ownDevices.receive(now, received.from, received.command);
    if (isOwn) return;
    switch (received.stream) {
        case session::Stream::Contacts: return m_contacts.receive(now, received.from, received.command);
        case session::Stream::Presence: return m_presence.receive(now, received.from, received.command);
        case session::Stream::Chat: return m_chat.receive(now, received.from, received.command);
        case session::Stream::Call: return m_calls.receive(now, received.from, received.command);
        default: return;
    }
}

void People::answered(Now now, Finder::Answer answer) {
    if (const auto* search = std::get_if<Finder::Search>(&answer.purpose)) {
        m_events.emplace_back(Found{search->ticket, std::move(answer.person)});
    } else if (const auto* add = std::get_if<Finder::Add>(&answer.purpose)) {
        const auto outcome = answer.person.and_then([&](const directory::Person& person) {
            return m_contacts.request(now, add->user, person.record.userKey, person.record.displayName, add->text);
        });
        m_events.emplace_back(Added{add->ticket, outcome});
    } else if (const auto* locate = std::get_if<Finder::Locate>(&answer.purpose)) {
        if (!answer.person) return m_peers.locateFailed(now, locate->user, answer.person.error().fault);
        const auto record = m_contacts.find(locate->user);
        if (record && record->key == answer.person->record.userKey) {
            m_chat.setDevices(locate->user, answer.person->devices.devices);
            m_contacts.devicesSeen(now, locate->user, answer.person->devices.devices);
        }
        m_peers.located(now, locate->user, *answer.person);
    }
}

void People::sendToSupernode(Now now, session::Stream stream, ByteView command) {
    if (m_supernode) m_environment.transport.send(now, *m_supernode, stream, command);
}

void People::take(std::vector<Write>& writes, std::vector<PeopleEvent>& events) {
    takeAll(m_writes, writes);
    takeAll(m_events, events);
}

}  // namespace kith::client
