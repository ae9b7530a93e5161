// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <deque>
#include <list>
#include <memory>

#include "app/engine/engine.h"
#include "protocol/crypto/modernsuite.h"
#include "protocol/wire/obfuscation.h"
#include "tests/support/memorystore.h"
#include "tests/support/serverprogram.h"
#include "tests/support/simulation.h"
#include "tests/support/sound/virtualsound.h"

/// A login server, a supernode and people's programs in one simulated world: the code that people run, from the
/// packets up to the requests of a window.
namespace kith::test {

/// The application without window, sockets and disk: an engine, with what it orders carried out after a moment.
class ClientProgram final : public link::CarrierUser {
public:
    static constexpr Duration kDiskTime = std::chrono::milliseconds(2);

    ClientProgram(MemoryStore& store, VirtualSound& sound, std::uint64_t seed);

    void receiveDatagram(Now now, const Endpoint& remote, ByteView datagram) override;
    void receive(Now now, const link::TcpConnected& event) override { engine.receive(now, event); }
    void receive(Now now, const link::TcpAccepted& event) override { engine.receive(now, event); }
    void receive(Now now, const link::TcpClosed& event) override { engine.receive(now, event); }
    void receiveTcp(Now now, link::TcpNumber connection, ByteView bytes) override;
    void tcpBacklog(Now now, link::TcpNumber connection, std::size_t bytes) override;
    void wake(Now now) override;
    [[nodiscard]] Instant nextWake() const override;
    void take(Now now, link::CarrierOutput& out) override;

private:
    struct DiskWork {
        Instant at;
        client::StoreOrder order;
    };

    MemoryStore& m_store;
    crypto::ModernSuite m_suite;
    wire::SeedObfuscation m_obfuscation;
    SeededRandom m_random;
    NullLog m_log;
    std::deque<DiskWork> m_work;

public:
    engine::Engine engine;
    std::vector<engine::Event> events;
    /// Slow hashes are made by this cost: the real one would only heat the room.
    crypto::PasswordCost passwordCost{8, 1};
};

/// A person at a computer in this world.
class PersonAtWork {
public:
    PersonAtWork(Simulation& world, std::string_view name, std::string_view address, double tone,
                 Duration clockOffset = {});

    /// The program dies as by SIGKILL; what it had ordered of the disk and was not done is gone.
    void kill();
    /// The program is ended by its user.
    void quit();
    /// The program starts again and goes on by itself.
    void restart();
    /// Asks and waits for nothing.
    engine::RequestNumber ask(engine::Request request);
    [[nodiscard]] std::optional<engine::Failure> outcome(engine::RequestNumber request) const;

    /// What was told last, as a window would show it.
    [[nodiscard]] std::optional<engine::Contact> contact(const UserName& user) const;
    [[nodiscard]] engine::Account account() const;
    [[nodiscard]] std::optional<engine::Call> call() const;
    [[nodiscard]] std::vector<engine::TextMessage> messages(const UserName& user) const;
    template <class E>
    [[nodiscard]] std::vector<E> all() const {
        std::vector<E> out;
        for (const auto& event : program->events)
            if (const auto* one = std::get_if<E>(&event)) out.push_back(*one);
        return out;
    }

    Simulation& world;
    UserName name;
    MemoryStore store;
    VirtualSound sound;
    std::unique_ptr<ClientProgram> program;
    NodeNumber node = 0;

private:
    std::uint64_t m_seed;
    engine::RequestNumber m_lastRequest = 0;
};

class SmallNetwork {
public:
    /// `tcpPorts`: on which the server's TCP can be reached.
    explicit SmallNetwork(std::uint64_t seed, const std::vector<std::uint16_t>& tcpPorts = {33033, 80, 443});

    PersonAtWork& add(std::string_view name, double tone = 0);
    /// Somebody whose computer's clock is off.
    PersonAtWork& addWithClock(std::string_view name, Duration offset);
    [[nodiscard]] std::string link() const;
    void killServer();
    void restartServer();

    // Whole steps; false if they don't come to their good end.
    /// Signed up, online, and others can find them.
    bool signUp(PersonAtWork& who);
    bool isFindable(PersonAtWork& who);
    bool befriend(PersonAtWork& a, PersonAtWork& b);
    bool done(PersonAtWork& who, engine::Request request, Duration most = std::chrono::seconds(30));
    bool until(const std::function<bool()>& condition, Duration most = std::chrono::seconds(30)) {
        return world.runUntil(condition, most);
    }

    Simulation world;
    crypto::ModernSuite serverSuite;
    wire::SeedObfuscation serverObfuscation;
    crypto::SigningKey rootKey;
    ServerProgram::Disk disk;
    std::unique_ptr<ServerProgram> server;
    NodeNumber serverNode = 0;
    std::list<PersonAtWork> people;

private:
    void startServer();

    [[nodiscard]] std::string nextAddress() const;

    static constexpr std::string_view kServerAddress = "198.51.100.1:33033";
};

}  // namespace kith::test
