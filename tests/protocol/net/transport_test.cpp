// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <atomic>
#include <QTest>

#include "protocol/crypto/modernsuite.h"
#include "protocol/crypto/systemrandom.h"
#include "protocol/net/clock.h"
#include "protocol/net/networkthread.h"
#include "protocol/wire/obfuscation.h"
#include "tests/support/authority.h"
#include "tests/support/nulllog.h"
#include "tests/support/testmain.h"
#include "tests/support/transportuser.h"

using namespace kith;
using namespace kith::test;

namespace {

const IpAddress kLoopback = IpAddress::v4(127, 0, 0, 1);

/// A transport on a network thread of its own; answers each command by itself.
class Host {
public:
    Host(const crypto::Trust& trust, std::shared_ptr<const crypto::Credentials> credentials, bool serves) {
        net::NetworkThread::Options options;
        options.address = kLoopback;
        options.sameTcpPort = serves;
        started = thread
                      .start(options,
                             [&, this] {
                                 session::Transport::Options own{trust, {}};
                                 if (serves) own.serves = {session::Role::Node};
                                 auto made = std::make_unique<TransportUser>(
                                     std::move(own),
                                     session::Transport::Environment{m_suite, m_obfuscation, m_random, m_log});
                                 user = made.get();
                                 user->transport.setCredentials(session::Role::Node, credentials);
                                 user->listener = [this, serves](Now now, const session::Event& event) {
                                     hear(now, event, serves);
                                 };
                                 return made;
                             })
                      .has_value();
    }
    // Before what the machine stands on.
    ~Host() { thread.stop(); }
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;

    [[nodiscard]] Endpoint endpoint() const { return {kLoopback, thread.udpPort()}; }

    TransportUser* user = nullptr;
    std::atomic<int> opened = 0;
    std::atomic<int> commands = 0;
    std::atomic<std::size_t> bytes = 0;
    std::atomic<session::LinkNumber> link = 0;
    std::atomic<bool> isReliable = false;
    net::NetworkThread thread;
    bool started = false;

private:
    void hear(Now now, const session::Event& event, bool answers) {
        if (const auto* ready = std::get_if<session::TcpReady>(&event))
            user->transport.connect(now, session::Role::Node, session::TcpPath{ready->connection});
        if (const auto* up = std::get_if<session::LinkOpened>(&event)) {
            isReliable = std::holds_alternative<session::TcpPath>(up->path);
            link = up->link;
            ++opened;
        }
        if (const auto* command = std::get_if<session::CommandReceived>(&event)) {
            bytes += command->command.size();
            ++commands;
            if (answers) user->transport.send(now, command->link, command->stream, command->command);
        }
    }

    crypto::ModernSuite m_suite;
    wire::SeedObfuscation m_obfuscation;
    crypto::SystemRandom m_random;
    NullLog m_log;
};

Bytes largeCommand() {
    Bytes out;
    ByteWriter writer(out);
    // Number 60, one blob of 30,000 bytes.
    Bytes list;
    ByteWriter objects(list);
    objects.u8(0x41).varint(1).u8(4).varint(0).varint(30'000).bytes(Bytes(30'000));
    writer.varint(list.size()).varint(60U << 3).bytes(list);
    return out;
}

}  // namespace

/// The whole stack as programs run it: system calls, threads, real clocks, TLS and obfuscation.
class TransportTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        const UnixTime now = net::readClocks().seconds();
        m_authority = std::make_unique<Authority>(1, now);
    }

    void commandsOverUdp() {
        Host server(m_authority->trust(), m_authority->supernode(), true);
        Host client(m_authority->trust(), m_authority->access(), false);
        QVERIFY(server.started && client.started);
        client.thread.post([&](Now now) {
            client.user->transport.connect(now, session::Role::Node, session::UdpPath{server.endpoint()});
        });
        exchange(server, client, false);
    }

    void commandsOverTcp() {
        Host server(m_authority->trust(), m_authority->supernode(), true);
        Host client(m_authority->trust(), m_authority->access(), false);
        QVERIFY(server.started && client.started);
        client.thread.post([&](Now now) { client.user->transport.openTcp(now, server.endpoint()); });
        exchange(server, client, true);
    }

private:
    static void exchange(Host& server, Host& client, bool isReliable) {
        QVERIFY(QTest::qWaitFor([&] { return server.opened == 1 && client.opened == 1; }, 10'000));
        QCOMPARE(client.isReliable.load(), isReliable);
        constexpr int kCommands = 20;
        const Bytes command = largeCommand();
        client.thread.post([&](Now now) {
            for (int i = 0; i < kCommands; ++i)
                client.user->transport.send(now, client.link, session::Stream::Overlay, command);
        });
        QVERIFY(QTest::qWaitFor([&] { return client.commands == kCommands; }, 20'000));
        QCOMPARE(client.bytes.load(), command.size() * kCommands);
        QCOMPARE(server.commands.load(), kCommands);
    }

    std::unique_ptr<Authority> m_authority;
};

KITH_TEST(TransportTest);
#include "transport_test.moc"
