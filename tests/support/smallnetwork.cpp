// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/smallnetwork.h"

#include <algorithm>

namespace kith::test {

namespace {

constexpr std::string_view kPassword = "correct horse";

}  // namespace

ClientProgram::ClientProgram(MemoryStore& store, VirtualSound& sound, std::uint64_t seed)
    : m_store(store), m_random(seed), engine({m_suite, m_obfuscation, m_random, m_log, sound}) {}

void ClientProgram::receiveDatagram(Now now, const Endpoint& remote, ByteView datagram) {
    engine.receiveDatagram(now, remote, datagram);
}

void ClientProgram::receiveTcp(Now now, link::TcpNumber connection, ByteView bytes) {
    engine.receiveTcp(now, connection, bytes);
}

void ClientProgram::tcpBacklog(Now now, link::TcpNumber connection, std::size_t bytes) {
    engine.tcpBacklog(now, connection, bytes);
}

void ClientProgram::wake(Now now) {
    engine.wake(now);
    while (!m_work.empty() && m_work.front().at <= now.at) {
        const auto order = std::move(m_work.front().order);
        m_work.pop_front();
        if (auto answer = m_store.carryOut(order)) engine.answer(now, std::move(*answer));
    }
}

Instant ClientProgram::nextWake() const {
    return m_work.empty() ? engine.nextWake() : std::min(engine.nextWake(), m_work.front().at);
}

void ClientProgram::take(Now now, link::CarrierOutput& out) {
    for (;;) {
        engine::Orders orders;
        engine.take(now, out);
        engine.take(events, orders);
        for (auto& order : orders.store) m_work.push_back({now.at + kDiskTime, std::move(order)});
        for (const auto& wish : orders.passwords)
            engine.answer(
                now, {wish.ticket, crypto::derivePasswordKeys(wish.password, wish.user, wish.network, passwordCost)});
        if (orders.passwords.empty()) return;
    }
}

PersonAtWork::PersonAtWork(Simulation& w, std::string_view n, std::string_view address, double tone,
                           Duration clockOffset)
    : world(w),
      name(UserName::parse(n).value()),
      sound(tone),
      program(std::make_unique<ClientProgram>(store, sound, w.random.u64())),
      node(w.add({Endpoint::parse(address).value(), {}, clockOffset}, *program)),
      m_seed(w.random.u64()) {}

void PersonAtWork::kill() {
    world.kill(node);
    program.reset();
    store.reopen();
}

void PersonAtWork::quit() {
    world.act(node, [&](Now now) { program->engine.leave(now); });
    world.runUntil([&] { return program->engine.hasLeft(); }, std::chrono::seconds(1));
    // What was ordered of the disk is done before the process is gone, what was sent is on its way.
    world.run(std::chrono::milliseconds(100));
    kill();
}

void PersonAtWork::restart() {
    program = std::make_unique<ClientProgram>(store, sound, ++m_seed);
    world.restart(node, *program);
    if (const auto kept = store.kept()) world.act(node, [&](Now now) { program->engine.resume(now, *kept); });
}

engine::RequestNumber PersonAtWork::ask(engine::Request request) {
    const auto number = ++m_lastRequest;
    world.act(node, [&](Now now) { program->engine.execute(now, number, request); });
    return number;
}

std::optional<engine::Failure> PersonAtWork::outcome(engine::RequestNumber request) const {
    for (const auto& done : all<engine::Done>())
        if (done.request == request) return done.failure;
    return std::nullopt;
}

std::optional<engine::Contact> PersonAtWork::contact(const UserName& user) const {
    std::optional<engine::Contact> found;
    for (const auto& event : program->events) {
        if (const auto* reset = std::get_if<engine::ContactsReset>(&event)) {
            found.reset();
            for (const auto& it : reset->contacts)
                if (it.user == user) found = it;
        }
        if (const auto* changed = std::get_if<engine::ContactChanged>(&event); changed && changed->contact.user == user)
            found = changed->contact;
        if (const auto* removed = std::get_if<engine::ContactRemoved>(&event); removed && removed->user == user)
            found.reset();
    }
    return found;
}

engine::Account PersonAtWork::account() const {
    const auto changes = all<engine::AccountChanged>();
    return changes.empty() ? engine::Account{} : changes.back().account;
}

std::optional<engine::Call> PersonAtWork::call() const {
    const auto changes = all<engine::CallChanged>();
    return changes.empty() ? std::nullopt : std::optional(changes.back().call);
}

std::vector<engine::TextMessage> PersonAtWork::messages(const UserName& user) const {
    std::vector<engine::TextMessage> out;
    for (const auto& event : program->events) {
        if (const auto* added = std::get_if<engine::MessageAdded>(&event); added && added->message.conversation == user)
            out.push_back(added->message);
        if (const auto* changed = std::get_if<engine::MessageChanged>(&event))
            for (auto& message : out)
                if (message.id == changed->id && changed->conversation == user) message.status = changed->status;
    }
    return out;
}

SmallNetwork::SmallNetwork(std::uint64_t seed, const std::vector<std::uint16_t>& tcpPorts)
    : world(seed), rootKey(crypto::SigningKey::generate(world.random)) {
    disk.keys = server::ServerKeys::make(rootKey, world.now().seconds(), world.random);
    startServer();
    serverNode = world.add({Endpoint::parse(kServerAddress).value(), tcpPorts}, *server);
}

std::string SmallNetwork::link() const {
    overlay::NetworkProfile profile;
    profile.name = "Home";
    profile.rootKeyHash = server::ServerIdentity::make(disk.keys).value().trust().rootKeyHash;
    profile.loginServers = {overlay::HostPort::parse(kServerAddress).value()};
    profile.registration = overlay::Registration::Open;
    return profile.link();
}

PersonAtWork& SmallNetwork::add(std::string_view name, double tone) {
    return people.emplace_back(world, name, nextAddress(), tone);
}

PersonAtWork& SmallNetwork::addWithClock(std::string_view name, Duration offset) {
    return people.emplace_back(world, name, nextAddress(), 0, offset);
}

std::string SmallNetwork::nextAddress() const {
    const auto number = people.size() + 1;
    return "203.0." + std::to_string(number / 250) + '.' + std::to_string(1 + number % 250) + ":4000";
}

void SmallNetwork::startServer() {
    server = std::make_unique<ServerProgram>(world.now(), disk, ServerProgram::Crypto{serverSuite, serverObfuscation},
                                             world.random.u64());
}

void SmallNetwork::killServer() {
    world.kill(serverNode);
    server.reset();
}

void SmallNetwork::restartServer() {
    startServer();
    world.restart(serverNode, *server);
}

bool SmallNetwork::done(PersonAtWork& who, engine::Request request, Duration most) {
    const auto number = who.ask(std::move(request));
    if (!until([&] { return who.outcome(number).has_value(); }, most)) return false;
    return who.outcome(number)->reason == engine::Reason::None;
}

bool SmallNetwork::signUp(PersonAtWork& who) {
    return done(who, engine::SignUp{link(), who.name.text(), "The " + who.name.text(), std::string(kPassword)}) &&
           until([&] { return who.account().connection == engine::Connection::Online; }) && isFindable(who);
}

bool SmallNetwork::isFindable(PersonAtWork& who) {
    for (int i = 0; i < 20; ++i) {
        if (!done(who, engine::FindPeople{who.name.text()})) return false;
        if (!who.all<engine::PeopleFound>().back().people.empty()) return true;
        world.run(std::chrono::milliseconds(500));
    }
    return false;
}

bool SmallNetwork::befriend(PersonAtWork& a, PersonAtWork& b) {
    const auto relation = [](const PersonAtWork& who, const PersonAtWork& to) {
        const auto contact = who.contact(to.name);
        return contact ? contact->relation : engine::Relation::Stranger;
    };
    return done(a, engine::AddContact{b.name, "It's me"}) &&
           until([&] { return relation(b, a) == engine::Relation::RequestReceived; }) &&
           done(b, engine::AcceptRequest{a.name}) &&
           until([&] { return relation(a, b) == engine::Relation::Contact; }) &&
           until([&] { return a.contact(b.name)->online && b.contact(a.name)->online; });
}

}  // namespace kith::test
