// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <map>
#include <set>

#include "protocol/base/bytereader.h"
#include "protocol/crypto/hpke.h"
#include "protocol/peer/peers.h"
#include "protocol/wire/obfuscation.h"
#include "tests/fuzz/creduloussuite.h"
#include "tests/fuzz/require.h"
#include "tests/support/authority.h"
#include "tests/support/nulllog.h"

// What a supernode, callers behind good seals and links in any order do to the machine that keeps links between people.
// Each step is a byte that says what happens and a few more with it.
namespace kith::fuzz {

namespace {

constexpr session::LinkNumber kSupernode = 7;

class AnyBook final : public peer::AddressBook {
public:
    [[nodiscard]] peer::Standing standingOf(const UserName& user) const override {
        return user.text() == "mallory" ? peer::Standing::Blocked : standing;
    }
    [[nodiscard]] std::optional<UserKey> pinnedKey(const UserName&) const override { return std::nullopt; }
    peer::Standing standing = peer::Standing::Contact;
};

/// Alice's machine, and Bob and Mallory with credentials of this network.
class Play {
public:
    Play() { begin(); }

    bool step(ByteReader& input);
    void settle();

private:
    void begin();
    void fromSupernode(ByteView objects, wire::CommandNumber number, std::uint16_t request);
    void called(std::uint8_t who, std::uint8_t channel, ByteView body);
    void opened(std::uint8_t who, std::uint8_t channel, bool incoming, std::uint8_t link);
    void located(std::uint8_t who, std::uint8_t how);
    void check(const peer::Happening& happening);

    static test::Authority& authority() {
        static test::Authority one;
        return one;
    }
    static std::array<std::shared_ptr<crypto::Credentials>, 2>& credentials() {
        static std::array<std::shared_ptr<crypto::Credentials>, 2> two{
            authority().person(name(0), directory::personKey(key(0)).bytes),
            authority().person(name(1), directory::personKey(key(1)).bytes)};
        return two;
    }
    static UserName name(std::uint8_t who) { return UserName::parse(who % 2 ? "mallory" : "bobby").value(); }
    static UserKey key(std::uint8_t who) { return UserKey{{static_cast<std::byte>(1 + who % 2)}}; }
    static DeviceId device(std::uint8_t who) { return DeviceId{credentials()[who % 2]->key->publicKey()}; }
    static ChannelId channelOf(std::uint8_t number) { return ChannelId{{static_cast<std::byte>(number)}}; }

    CredulousSuite m_suite;
    wire::SeedObfuscation m_obfuscation;
    test::SeededRandom m_random{3};
    test::NullLog m_log;
    AnyBook m_book;
    session::Transport m_transport{{}, {m_suite, m_obfuscation, m_random, m_log}};
    peer::Peers m_peers{{m_transport, m_suite, m_random, m_log, m_book}};
    std::shared_ptr<crypto::SealingKey> m_sealing;
    std::shared_ptr<crypto::Credentials> m_own;
    Now m_now{Instant{} + std::chrono::hours(1), UnixMillis(test::Authority::kNow)};
    std::set<peer::Device> m_up;
};

void Play::begin() {
    const auto alice = UserName::parse("alice").value();
    static const auto own = authority().person(alice, {});
    m_own = own;
    m_sealing = std::make_shared<crypto::SealingKey>(crypto::SealingKey::generate(m_random));
    m_peers.signIn({alice, DeviceId{m_own->key->publicKey()}, {}, m_own, authority().trust()});
    m_peers.setSealingKeys({m_sealing});
    m_peers.supernodeUp(kSupernode);
}

void Play::fromSupernode(ByteView objects, wire::CommandNumber number, std::uint16_t request) {
    const auto bytes = wire::detail::wrapCommand(number, number == 63, request, objects);
    if (const auto command = wire::parseCommand(bytes)) m_peers.receiveFromSupernode(m_now, *command);
}

void Play::called(std::uint8_t who, std::uint8_t channel, ByteView body) {
    const auto own = DeviceId{m_own->key->publicKey()};
    peer::Rendezvous message{{peer::AttemptId::random(m_random),
                              {},
                              m_now.seconds(),
                              channel % 2 ? peer::Purpose::Person : peer::Purpose::ContactRequest},
                             {},
                             crypto::encodeChain(credentials()[who % 2]->chain)};
    auto plain = wire::encodeObjects(message);
    // Behind the seal anything may be.
    if (!body.empty()) plain = toBytes(body);
    const auto sealed = crypto::hpkeSeal(
        m_sealing->publicKey(), peer::rendezvousSealInfo(authority().trust().network, own), {}, plain, m_random);
    fromSupernode(wire::encodeObjects(overlay::Reached{channelOf(channel), *sealed}), overlay::Reached::kNumber, 0);
}

void Play::opened(std::uint8_t who, std::uint8_t channel, bool incoming, std::uint8_t link) {
    const crypto::PersonIdentity identity{name(who), device(who), directory::personKey(key(who)).bytes, {}};
    m_peers.receive(m_now, session::LinkOpened{100u + link,
                                               session::Role::Peer,
                                               incoming,
                                               identity,
                                               {},
                                               session::ChannelPath{kSupernode, channelOf(channel)}});
}

void Play::located(std::uint8_t who, std::uint8_t how) {
    directory::Person person;
    person.key = directory::personKey(key(who));
    person.record.name = name(how & 1 ? who + 1 : who);
    person.record.userKey = key(who);
    person.devices.epoch = how >> 4;
    if (how & 2) person.devices.devices = {device(who)};
    if (how & 4) {
        directory::VerifiedLocation location;
        location.user = name(who);
        location.location.person = person.key;
        location.location.device = device(who);
        location.location.sealingKey = m_sealing->publicKey();
        person.locations = {location};
    }
    m_peers.located(m_now, name(who), person);
}

void Play::check(const peer::Happening& happening) {
    if (const auto* up = std::get_if<peer::DeviceUp>(&happening)) {
        require(up->device.user.text() != "mallory");
        m_up.insert(up->device);
    }
    if (const auto* down = std::get_if<peer::DeviceDown>(&happening)) require(m_up.erase(down->device) == 1);
    if (const auto* received = std::get_if<peer::Received>(&happening)) require(m_up.contains(received->from));
}

void Play::settle() {
    std::vector<peer::Happening> happenings;
    m_peers.take(happenings);
    for (const auto& happening : happenings) check(happening);
    link::CarrierOutput carrier;
    std::vector<session::Event> events;
    m_transport.take(carrier, events);
    for (const auto& event : events) m_peers.receive(m_now, event);
    for (const auto& device : m_up) require(m_peers.linkOf(device).has_value());
}

bool Play::step(ByteReader& input) {
    const auto what = input.u8();
    const auto a = input.u8();
    const auto b = input.u8();
    if (!what || !a || !b) return false;
    switch (*what % 11) {
        case 0: m_peers.reach(m_now, name(*a), *b % 2); break;
        case 1: located(*a, *b); break;
        case 2: m_peers.locateFailed(m_now, name(*a), static_cast<Fault>(*b % 20)); break;
        case 3: called(*a, *b, {}); break;
        case 4: called(*a, *b, *input.bytes(std::min<std::size_t>(*b, input.remaining()))); break;
        case 5: opened(*a, *b, (*what & 0x80) != 0, *b); break;
        case 6: m_peers.receive(m_now, session::LinkClosed{100u + *b, static_cast<Fault>(*a % 20), true}); break;
        case 7: m_peers.receive(m_now, session::CommandReceived{100u + *a, session::Stream::Chat, Bytes(*b)}); break;
        case 8:
            fromSupernode(*input.bytes(std::min<std::size_t>(*b, input.remaining())), 63 + *a % 6,
                          static_cast<std::uint16_t>(*a / 6));
            break;
        case 9:
            m_now.at += std::chrono::milliseconds(*a * *b);
            m_now.wall += std::chrono::milliseconds(*a * *b);
            m_peers.wake(m_now);
            break;
        default:
            if (*a % 8 == 0) m_peers.supernodeDown(m_now);
            if (*a % 8 == 1) m_peers.supernodeUp(kSupernode);
            if (*a % 8 == 2) m_peers.drop(m_now, name(*b));
            if (*a % 8 == 3) m_peers.setInCall(m_now, name(*b), *b & 2);
            m_book.standing = static_cast<peer::Standing>(*b % 4);
            break;
    }
    settle();
    return true;
}

}  // namespace

}  // namespace kith::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    kith::fuzz::Play play;
    kith::ByteReader input(std::as_bytes(std::span(data, size)));
    for (int steps = 0; steps < 200 && play.step(input); ++steps) {
    }
    return 0;
}
