// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <deque>
#include <QTest>

#include "tests/support/authority.h"
#include "tests/support/nulllog.h"
#include "tests/support/nullobfuscation.h"
#include "tests/support/nullsuite.h"
#include "tests/support/simulation.h"
#include "tests/support/testmain.h"
#include "tests/support/transportuser.h"

using namespace kith;
using namespace kith::test;
using namespace std::chrono_literals;

namespace {

/// A supernode and clients, which are transports and nothing more.
class Cluster {
public:
    Cluster(std::uint64_t seed, std::size_t clients) : simulation(seed), m_random(seed), m_suite(m_random) {
        session::Transport::Options serves{authority.trust(), {session::Role::Node}};
        serves.maxLinks = 100'000;
        serves.maxHalfOpen = 100'000;
        server = &add(kServer, {kServer.port}, serves);
        server->transport.setCredentials(session::Role::Node, authority.supernode());
        server->listener = [this](Now now, const session::Event& event) { atServer(now, event); };
        // One certificate for all: what it says is of no interest here.
        const auto access = authority.access();
        for (std::uint32_t i = 0; i < clients; ++i) {
            const Endpoint address{IpAddress::v4(0x0a000000 + i), 20000};
            TransportUser& user = add(address, {}, {authority.trust(), {}});
            user.transport.setCredentials(session::Role::Node, access);
            user.listener = [this](Now, const session::Event& event) { atClient(event); };
        }
    }

    void connectAll(Duration within) {
        for (NodeNumber node = 1; node < simulation.nodeCount(); ++node)
            simulation.after(simulation.random.within(within), [this, node] {
                simulation.act(node, [&](Now now) {
                    users[node].transport.connect(now, session::Role::Node, session::UdpPath{kServer});
                });
            });
    }

    void openAllOverTcp(Duration within) {
        for (NodeNumber node = 1; node < simulation.nodeCount(); ++node) {
            session::Transport& transport = users[node].transport;
            users[node].listener = [this, &transport](Now now, const session::Event& event) {
                atClient(event);
                if (const auto* ready = std::get_if<session::TcpReady>(&event))
                    transport.connect(now, session::Role::Node, session::TcpPath{ready->connection});
            };
            simulation.after(simulation.random.within(within), [this, node, &transport] {
                simulation.act(node, [&](Now now) { transport.openTcp(now, kServer); });
            });
        }
    }

    static inline const Endpoint kServer = *Endpoint::parse("192.0.2.1:33033");

    Authority authority;
    Simulation simulation;
    std::deque<TransportUser> users;
    TransportUser* server = nullptr;
    bool isSilent = false;  ///< else the server says a word to each that opens a link
    std::size_t opened = 0;
    std::size_t answered = 0;
    std::size_t lost = 0;

private:
    TransportUser& add(const Endpoint& address, std::vector<std::uint16_t> ports, session::Transport::Options options) {
        users.emplace_back(std::move(options),
                           session::Transport::Environment{m_suite, m_obfuscation, m_random, m_log});
        simulation.add({address, std::move(ports)}, users.back());
        return users.back();
    }
    void atServer(Now now, const session::Event& event) {
        if (const auto* link = std::get_if<session::LinkOpened>(&event); link != nullptr && !isSilent)
            server->transport.send(now, link->link, session::Stream::Overlay, *fromHex("02e0034100"));
    }
    void atClient(const session::Event& event) {
        opened += std::holds_alternative<session::LinkOpened>(event) ? 1U : 0U;
        answered += std::holds_alternative<session::CommandReceived>(event) ? 1U : 0U;
        lost += std::holds_alternative<session::LinkClosed>(event) ? 1U : 0U;
    }

    SeededRandom m_random;
    NullSuite m_suite;
    NullObfuscation m_obfuscation;
    NullLog m_log;
};

}  // namespace

class TransportNodeTest : public QObject {
    Q_OBJECT

private slots:
    void manyClientsOpenLinksOverABadNetwork() {
        Cluster cluster(1, 200);
        cluster.simulation.conditions.loss = 0.05;
        cluster.simulation.conditions.jitter = 20ms;
        cluster.simulation.conditions.duplication = 0.02;
        cluster.connectAll(5s);
        QVERIFY(cluster.simulation.runUntil([&] { return cluster.answered == 200; }, 1min));
        QCOMPARE(cluster.opened, std::size_t{200});
        QCOMPARE(cluster.server->transport.linkCount(), std::size_t{200});
        cluster.simulation.run(10min);
        QCOMPARE(cluster.lost, std::size_t{0});
        QCOMPARE(cluster.answered, std::size_t{200});
    }

    // Nobody says anything: acknowledgements and pings alone keep these links.
    void idleLinksOverTcpLast() {
        Cluster cluster(1, 50);
        cluster.isSilent = true;
        cluster.openAllOverTcp(5s);
        QVERIFY(cluster.simulation.runUntil([&] { return cluster.opened == 50; }, 1min));
        cluster.simulation.run(30min);
        QCOMPARE(cluster.lost, std::size_t{0});
        QCOMPARE(cluster.server->transport.linkCount(), std::size_t{50});
    }

    void theSameSeedIsTheSameRun() {
        const auto run = [](std::uint64_t seed) {
            Cluster cluster(seed, 20);
            cluster.simulation.conditions.loss = 0.1;
            cluster.connectAll(1s);
            cluster.simulation.run(2min);
            return cluster.simulation.trace.value();
        };
        QCOMPARE(run(3), run(3));
        QVERIFY(run(3) != run(4));
    }
};

KITH_TEST(TransportNodeTest);
#include "transportnode_test.moc"
