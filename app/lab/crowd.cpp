// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/lab/crowd.h"

#include <algorithm>

#include "protocol/crypto/certificate.h"
#include "protocol/overlay/hostcache.h"
#include "protocol/presence/lease.h"

namespace kith::lab {

namespace {

constexpr std::string_view kServerAddress = "198.51.100.1:33033";
/// So many begin at once, a second for each: an ordinary day's beginning, not a stampede.
constexpr std::size_t kWave = 50;
constexpr Duration kWaveEvery = std::chrono::milliseconds(500);
constexpr Duration kPatience = std::chrono::minutes(2);
/// The first versions of stances and topics: milliseconds since 1970 as everybody's.
constexpr std::uint64_t kVersion = 1'700'000'000'000;

UserName nameOf(std::size_t number) {
    return UserName::parse("member" + std::to_string(number)).value();
}

Endpoint addressOf(std::size_t number) {
    const auto n = static_cast<std::uint32_t>(number);
    return Endpoint::parse("10." + std::to_string(n >> 16) + '.' + std::to_string(n >> 8 & 255) + '.' +
                           std::to_string(n & 255) + ":4000")
        .value();
}

presence::OwnTopic topicOf(std::size_t number) {
    const auto secret = [&](std::string_view what) {
        return crypto::sha256({asBytes(nameOf(number).text()), asBytes(what)});
    };
    return {secret("seed"), secret("state"), kVersion};
}

Bytes fullHostCache(std::size_t size) {
    overlay::HostCache cache;
    for (std::size_t i = 1; i < size; ++i)
        cache.learned(Endpoint::parse("198.18.0." + std::to_string(i) + ":33033").value());
    cache.worked(Endpoint::parse(kServerAddress).value(), overlay::Rung::Udp);
    return cache.encoded();
}

}  // namespace

/// A person's program, and its disk, which is done at once.
class Crowd::Member final : public link::CarrierUser {
public:
    Member(Crowd& crowd, std::size_t number)
        : m_crowd(crowd),
          m_number(number),
          m_random(crowd.m_random.u64()),
          engine({crowd.m_suite, crowd.m_obfuscation, m_random, crowd.m_log, crowd.m_sound}) {}

    void receiveDatagram(Now now, const Endpoint& remote, ByteView datagram) override {
        engine.receiveDatagram(now, remote, datagram);
    }
    void receive(Now now, const link::TcpConnected& event) override { engine.receive(now, event); }
    void receive(Now now, const link::TcpAccepted& event) override { engine.receive(now, event); }
    void receive(Now now, const link::TcpClosed& event) override { engine.receive(now, event); }
    void receiveTcp(Now now, link::TcpNumber connection, ByteView bytes) override {
        engine.receiveTcp(now, connection, bytes);
    }
    void tcpBacklog(Now now, link::TcpNumber connection, std::size_t bytes) override {
        engine.tcpBacklog(now, connection, bytes);
    }
    void wake(Now now) override { engine.wake(now); }
    [[nodiscard]] Instant nextWake() const override { return engine.nextWake(); }
    void take(Now now, link::CarrierOutput& out) override {
        bool any = true;
        while (any) {
            std::vector<engine::Event> events;
            engine::Orders orders;
            engine.take(now, out);
            engine.take(events, orders);
            for (const auto& event : events) heed(event);
            for (const auto& wish : orders.passwords) engine.answer(now, {wish.ticket, m_crowd.m_passwordKeys});
            for (const auto& order : orders.store) carryOut(now, order);
            any = !orders.passwords.empty() || !orders.store.empty();
        }
    }

private:
    void heed(const engine::Event& event) {
        if (const auto* done = std::get_if<engine::Done>(&event))
            failed |= done->failure.reason != engine::Reason::None;
        if (const auto* contact = std::get_if<engine::ContactChanged>(&event)) seen += contact->contact.online ? 1 : -1;
    }
    void carryOut(Now now, const client::StoreOrder& order) {
        Disk& disk = m_crowd.m_disks[m_number];
        if (std::holds_alternative<client::OpenStore>(order))
            return engine.answer(now, client::StoreOpened{m_crowd.stateOf(m_number), {}});
        if (const auto* read = std::get_if<client::ReadItems>(&order))
            return engine.answer(now, client::ItemsRead{read->ticket, disk.items});
        const auto* write = std::get_if<client::Write>(&order);
        if (write == nullptr) return;
        if (const auto* item = std::get_if<client::SaveItem>(write)) {
            const Charge charge(Owner::Disk);
            disk.items[item->item] = item->value;
        }
        engine.answer(now, client::Written{client::roomOf(*write), {client::ticketOf(*write), false, {}}});
    }

    Crowd& m_crowd;
    std::size_t m_number;
    test::SeededRandom m_random;
    Charged m_charged{Owner::Client, *this};

public:
    engine::Engine engine;
    bool failed = false;
    long seen = 0;

    [[nodiscard]] Charged& node() { return m_charged; }
    [[nodiscard]] bool isOnline() const { return engine.account().connection == engine::Connection::Online; }
};

Crowd::Crowd(const Options& options)
    : world(options.seed), m_options(options), m_random(options.seed), m_suite(m_random) {
    m_passwordKeys = crypto::derivePasswordKeys("the same for all", nameOf(0), NetworkId{}, {8, 1}).value();
    m_serverDisk.keys =
        server::ServerKeys::make(crypto::SigningKey::generate(m_random), world.now().seconds(), m_random);
    {
        const Charge charge(Owner::Server);
        m_server = std::make_unique<test::ServerProgram>(world.now(), m_serverDisk,
                                                         test::ServerProgram::Crypto{m_suite, m_obfuscation},
                                                         m_random.u64(), 2 * options.clients);
    }
    m_serverNode = std::make_unique<Charged>(Owner::Server, *m_server);
    world.add({Endpoint::parse(kServerAddress).value(), {33033, 80, 443}}, *m_serverNode);
    m_disks.resize(options.clients);
    m_members.resize(options.clients);
    m_nodes.resize(options.clients);
}

Crowd::~Crowd() = default;

std::string Crowd::link() const {
    overlay::NetworkProfile profile;
    profile.name = "Crowd";
    profile.rootKeyHash = server::ServerIdentity::make(m_serverDisk.keys).value().trust().rootKeyHash;
    profile.loginServers = {overlay::HostPort::parse(kServerAddress).value()};
    profile.registration = overlay::Registration::Open;
    return profile.link();
}

void Crowd::start(std::size_t number) {
    const Charge charge(Owner::Client);
    m_members[number] = std::make_unique<Member>(*this, number);
}

bool Crowd::inWaves(const std::function<void(std::size_t)>& begin, const std::function<bool(const Member&)>& isDone) {
    std::size_t begun = 0;
    std::size_t done = 0;
    while (begun < m_options.clients) {
        const auto end = std::min(begun + kWave, m_options.clients);
        for (; begun < end; ++begun) begin(begun);
        world.run(kWaveEvery);
    }
    // The first ones that are not done yet are waited for; those behind them mostly are by then.
    const auto allDone = [&] {
        while (done < m_options.clients && isDone(*m_members[done])) ++done;
        return done == m_options.clients;
    };
    return world.runUntil(allDone, kPatience);
}

bool Crowd::signUp() {
    const auto networkLink = link();
    const auto begin = [&](std::size_t number) {
        start(number);
        auto& member = *m_members[number];
        m_nodes[number] = world.add({addressOf(number + 1), {}}, member.node());
        world.act(m_nodes[number], [&](Now now) {
            member.engine.execute(now, 1,
                                  engine::SignUp{networkLink, nameOf(number).text(), "Somebody", "the same for all"});
        });
    };
    if (!inWaves(begin, [](const Member& member) { return member.isOnline(); })) return false;
    // The vaults are saved a moment later.
    world.run(std::chrono::seconds(10));
    return std::none_of(m_members.begin(), m_members.end(), [](const auto& member) { return member->failed; });
}

bool Crowd::goOnline() {
    for (std::size_t number = 0; number < m_options.clients; ++number) {
        world.kill(m_nodes[number]);
        m_members[number].reset();
        writeContacts(number);
    }
    const auto network = server::ServerIdentity::make(m_serverDisk.keys).value().trust().network;
    const auto begin = [&](std::size_t number) {
        start(number);
        auto& member = *m_members[number];
        world.restart(m_nodes[number], member.node());
        const Charge charge(Owner::Client);
        world.act(m_nodes[number], [&](Now now) { member.engine.resume(now, {network, nameOf(number)}); });
    };
    return inWaves(begin, [](const Member& member) { return member.isOnline(); });
}

void Crowd::writeContacts(std::size_t number) {
    const Charge charge(Owner::Disk);
    Disk& disk = m_disks[number];
    disk.items[client::Item::HostCache] = fullHostCache(m_options.hostCache);
    disk.key = client::keptAccount(disk.items).value().membership.userKey;
    disk.hasContacts = true;
}

client::StoredState Crowd::stateOf(std::size_t number) const {
    const Disk& disk = m_disks[number];
    client::StoredState state;
    state.items = disk.items;
    if (!disk.hasContacts) return state;
    state.topic = topicOf(number);
    for (std::size_t i = 0; i < m_options.contacts; ++i) {
        // Half of them before, half behind: everybody's contacts have everybody.
        const auto step = 1 + i / 2;
        const auto other = (number + (i % 2 == 0 ? step : m_options.clients - step)) % m_options.clients;
        contacts::Record record;
        record.user = nameOf(other);
        record.key = m_disks[other].key;
        record.displayName = "Somebody";
        record.weWant = record.theyWant = true;
        record.ourVersion = record.toldVersion = record.theirVersion = kVersion;
        state.contacts.push_back(std::move(record));
        const auto topic = topicOf(other);
        const auto key = crypto::SigningKey::fromSeed(topic.seed).publicKey();
        state.audiences.push_back({nameOf(other), presence::Granted{key, topic.stateKey, kVersion}, kVersion});
    }
    return state;
}

std::size_t Crowd::onlineCount() const {
    return static_cast<std::size_t>(
        std::count_if(m_members.begin(), m_members.end(), [](const auto& member) { return member->isOnline(); }));
}

std::size_t Crowd::seenOnline() const {
    std::size_t out = 0;
    for (const auto& member : m_members) out += static_cast<std::size_t>(std::max(member->seen, 0L));
    return out;
}

}  // namespace kith::lab
