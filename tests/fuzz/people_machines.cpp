// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <deque>

#include "protocol/base/bytereader.h"
#include "protocol/call/calls.h"
#include "protocol/chat/chat.h"
#include "protocol/contacts/contacts.h"
#include "protocol/presence/presence.h"
#include "tests/fuzz/creduloussuite.h"
#include "tests/fuzz/require.h"
#include "tests/support/seededrandom.h"

// The machines of one person's device, spoken to by three devices of two people and by a supernode. Each step is a byte
// that says what happens and one for who or how much; commands have a length (16 bit) in front.
namespace kith::fuzz {

namespace {

const UserName kUsers[] = {UserName::parse("alice").value(), UserName::parse("bobby").value()};

class Circle final : public contacts::DeviceOwners,
                     public chat::Acquaintances,
                     public call::MediaLinks,
                     public call::Doorkeeper {
public:
    bool owns(const peer::Device&, const UserKey&) const override { return true; }
    bool isContact(const UserName& user) const override { return contacts && contacts->isContact(user); }
    std::optional<std::uint8_t> mediaGeneration(const peer::Device& device) const override {
        if (std::find(links.begin(), links.end(), device) == links.end()) return std::nullopt;
        return std::uint8_t{1};
    }
    call::Admission admit(const UserName& user) const override {
        return isContact(user) ? call::Admission::Welcome : call::Admission::Stranger;
    }

    const contacts::Contacts* contacts = nullptr;
    std::vector<peer::Device> links;
};

enum class Room { Contacts, Presence, Chat };

struct World {
    test::SeededRandom random{7};
    CredulousSuite suite;
    Circle circle;
    Now now{Instant{} + std::chrono::hours(1), UnixMillis(std::chrono::milliseconds(1'800'000'000'000))};
    contacts::Contacts contacts{
        {UserName::parse("myself").value(), UserKey{{std::byte{1}}}, "Me"}, {}, {random, circle}};
    presence::Presence presence{now, {suite, random, {}, DeviceId{{std::byte{9}}}}, {}, {}};
    chat::Chat chat{DeviceId{{std::byte{9}}}, {}, {random, circle}};
    call::Calls calls{DeviceId{{std::byte{9}}}, {{"opus", 111, 48000, 2, 10}}, {random, circle, circle}};
    std::deque<std::pair<Room, StoreTicket>> writes;
    std::vector<CallId> callIds{CallId{}};

    World() { circle.contacts = &contacts; }

    static peer::Device device(std::uint8_t which) {
        return {kUsers[which % 2], DeviceId{{std::byte{5}, static_cast<std::byte>(which % 3)}}};
    }
    template <class Verb>
    void all(Verb verb) {
        verb(contacts);
        verb(presence);
        verb(chat);
        verb(calls);
    }
    void settle();
    void stored(bool works);
    void pass(Duration time);
    void receive(const peer::Device& from, std::uint8_t room, ByteView command);
    void callVerb(std::uint8_t verb);
    void verb(std::uint8_t verb, const UserName& user);
    Result<void> step(ByteReader& reader);
};

void check(const peer::Output& output) {
    for (const auto& send : output.sends) {
        require(send.command.size() <= wire::kMaxCommandSize);
        require(wire::parseCommand(send.command).has_value());
    }
}

template <class Stores>
void remember(World& world, Room room, const Stores& stores) {
    for (const auto& store : stores)
        world.writes.emplace_back(room, std::visit([](const auto& it) { return it.ticket; }, store));
}

void World::settle() {
    contacts::Output fromContacts;
    contacts.take(fromContacts);
    check(fromContacts.peer);
    remember(*this, Room::Contacts, fromContacts.stores);
    for (const auto& event : fromContacts.events) {
        const auto* changed = std::get_if<contacts::RecordChanged>(&event);
        if (!changed) continue;
        if (changed->relation == contacts::Relation::Contact)
            presence.contactAdded(now, changed->user);
        else
            presence.contactRemoved(now, changed->user);
    }
    presence::Output fromPresence;
    presence.take(fromPresence);
    check(fromPresence.peer);
    remember(*this, Room::Presence, fromPresence.stores);
    chat::Output fromChat;
    chat.take(fromChat);
    check(fromChat.peer);
    remember(*this, Room::Chat, fromChat.stores);
    call::Output fromCalls;
    calls.take(fromCalls);
    check(fromCalls.peer);
    for (const auto& event : fromCalls.events)
        if (const auto* changed = std::get_if<call::CallChanged>(&event)) callIds.push_back(changed->call.id);
    require(contacts.records().size() <= contacts::kMaxRecords);
    require(calls.calls().size() <= call::Policy{}.most);
}

void World::stored(bool works) {
    if (writes.empty()) return;
    const auto [room, ticket] = writes.front();
    writes.pop_front();
    const Stored done{ticket, false, works ? std::nullopt : std::optional(Error{Fault::DiskFull})};
    if (room == Room::Contacts) contacts.receive(now, done);
    if (room == Room::Presence) presence.receive(now, done);
    if (room == Room::Chat) chat.receive(now, done);
}

void World::pass(Duration time) {
    now.at += time;
    now.wall += std::chrono::duration_cast<std::chrono::milliseconds>(time);
    all([&](auto& machine) {
        machine.wake(now);
        // What is due was done: no machine asks to be woken for ever at the same instant.
        require(machine.nextWake() > now.at || (machine.wake(now), machine.wake(now), machine.nextWake() > now.at));
    });
}

void World::receive(const peer::Device& from, std::uint8_t room, ByteView command) {
    switch (room % 5) {
        case 0: return contacts.receive(now, from, command);
        case 1: return presence.receive(now, from, command);
        case 2: return chat.receive(now, from, command);
        case 3: return calls.receive(now, from, command);
        default: return presence.receiveFromSupernode(now, command);
    }
}

void World::callVerb(std::uint8_t verb) {
    const CallId id = callIds[verb / 8 % callIds.size()];
    switch (verb % 8) {
        case 0: static_cast<void>(calls.answer(now, id)); break;
        case 1: static_cast<void>(calls.decline(now, id)); break;
        case 2: static_cast<void>(calls.hangUp(now, id)); break;
        case 3: static_cast<void>(calls.setHeld(now, id, true)); break;
        case 4: static_cast<void>(calls.setHeld(now, id, false)); break;
        case 5: static_cast<void>(calls.abort(now, id, call::EndReason::DeviceFailed)); break;
        case 6: calls.mediaHeard(now, id); break;
        default: static_cast<void>(calls.place(now, kUsers[verb / 8 % 2])); break;
    }
}

void World::verb(std::uint8_t verb, const UserName& user) {
    switch (verb / 2 % 8) {
        case 0: static_cast<void>(contacts.request(now, user, UserKey{{std::byte{2}}}, "Other", "hello")); break;
        case 1: static_cast<void>(contacts.accept(now, user)); break;
        case 2: static_cast<void>(contacts.decline(now, user)); break;
        case 3: static_cast<void>(contacts.remove(now, user)); break;
        case 4: static_cast<void>(chat.send(now, user, "text")); break;
        case 5: chat.markRead(now, user); break;
        case 6: presence.supernodeUp(now, NodeId{}); break;
        default: presence.supernodeDown(now); break;
    }
}

Result<void> World::step(ByteReader& reader) {
    const auto what = reader.u8();
    const auto argument = reader.u8();
    if (!what || !argument) return fail(Fault::Truncated);
    const peer::Device from = device(*argument);
    switch (*what % 8) {
        case 0: {
            const auto length = reader.u16();
            if (!length) return fail(Fault::Truncated);
            receive(from, *what / 8, *reader.bytes(std::min<std::size_t>(*length, reader.remaining())));
            break;
        }
        case 1:
            circle.links.push_back(from);
            all([&](auto& machine) { machine.deviceUp(now, from); });
            break;
        case 2:
            std::erase(circle.links, from);
            all([&](auto& machine) { machine.deviceDown(now, from, Fault::ConnectionLost); });
            break;
        case 3: all([&](auto& machine) { machine.reachFailed(now, from.user, Fault::Unreachable); }); break;
        case 4: stored(*argument % 4 != 0); break;
        case 5: callVerb(*argument); break;
        case 6: verb(*argument, from.user); break;
        default: pass(std::chrono::milliseconds(1 << (*argument % 24))); break;
    }
    settle();
    return {};
}

}  // namespace

}  // namespace kith::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kith;
    fuzz::World world;
    ByteReader reader(std::as_bytes(std::span(data, size)));
    while (world.step(reader)) {
    }
    // Left alone, every call ends.
    for (int i = 0; i < 10; ++i) {
        world.pass(std::chrono::seconds(31));
        world.settle();
    }
    fuzz::require(world.calls.calls().empty());
    return 0;
}
