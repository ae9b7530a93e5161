// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QTest>

#include "tests/support/testmain.h"
#include "tests/support/transportpair.h"

using namespace kith;
using namespace kith::session;
using namespace std::chrono_literals;
using kith::test::textCommand;
using kith::test::TransportPair;

namespace {

/// A link with a TCP and a UDP path, and numbered commands on it.
struct TwoPaths : TransportPair {
    TwoPaths() {
        client.transport.probe(world.now(), server.address);
        connection = *connectTcp();
        link = open(Role::Node, TcpPath{connection});
        client.transport.addPath(world.now(), link, UdpPath{server.address});
        world.run(2s);
    }
    void sendOne() {
        client.transport.send(world.now(), link, Stream::Overlay, textCommand(std::to_string(sent++)));
        server.transport.send(world.now(), serverLink(), Stream::Overlay, textCommand(std::to_string(answered++)));
    }
    [[nodiscard]] bool hasAll() const {
        const auto there = server.texts(serverLink(), Stream::Overlay);
        const auto back = client.texts(link, Stream::Overlay);
        if (there.size() != static_cast<std::size_t>(sent) || back.size() != static_cast<std::size_t>(answered))
            return false;
        for (std::size_t i = 0; i < there.size(); ++i)
            if (there[i] != std::to_string(i)) return false;
        for (std::size_t i = 0; i < back.size(); ++i)
            if (back[i] != std::to_string(i)) return false;
        return true;
    }

    link::TcpNumber connection = 0;
    LinkNumber link = 0;
    int sent = 0;
    int answered = 0;
};

}  // namespace

class PathsTest : public QObject {
    Q_OBJECT

private slots:
    void commandsPreferTcpAndMediaUdp() {
        TwoPaths pair;
        const auto datagrams = pair.client.datagramsSent;
        for (int i = 0; i < 20; ++i) pair.sendOne();
        pair.world.run(1s);
        QVERIFY(pair.hasAll());
        QCOMPARE(pair.client.datagramsSent, datagrams);
        pair.client.transport.sendForward(pair.world.now(), pair.link, ChannelId{}, Bytes(100));
        pair.world.run(100ms);
        QCOMPARE(pair.client.datagramsSent, datagrams + 1);
        QCOMPARE(pair.server.count<ForwardReceived>(), std::size_t(1));
    }

    void theDeathOfTcpLosesNothing() {
        TwoPaths pair;
        for (int i = 0; i < 100; ++i) {
            pair.sendOne();
            pair.world.run(5ms);
            if (i == 50) pair.world.breakTcp(pair.client);
        }
        QVERIFY(pair.world.runUntil([&] { return pair.hasAll(); }, 5s));
        QCOMPARE(pair.client.last<PathFailed>()->path, Path(TcpPath{pair.connection}));
        QCOMPARE(pair.client.last<PathChanged>()->path, Path(UdpPath{pair.server.address}));
        QVERIFY(!pair.client.last<LinkClosed>());
    }

    void theDeathOfUdpLosesNothing() {
        TwoPaths pair;
        pair.client.transport.dropPath(pair.world.now(), pair.link, TcpPath{pair.connection});
        pair.world.run(1s);
        for (int i = 0; i < 50; ++i) {
            pair.sendOne();
            pair.world.run(5ms);
        }
        pair.client.transport.addPath(pair.world.now(), pair.link, TcpPath{pair.connection});
        pair.world.run(1s);
        pair.world.isUdpBlocked = true;
        for (int i = 0; i < 50; ++i) {
            pair.sendOne();
            pair.world.run(5ms);
        }
        QVERIFY(pair.world.runUntil([&] { return pair.hasAll(); }, 5s));
        // Silence is noticed by the next keep-alive at the latest.
        QVERIFY(pair.world.runUntil([&] { return pair.client.count<PathFailed>() > 0; }, 2min));
        QCOMPARE(pair.client.last<PathFailed>()->path, Path(UdpPath{pair.server.address}));
        QVERIFY(!pair.client.last<LinkClosed>());
        pair.sendOne();
        QVERIFY(pair.world.runUntil([&] { return pair.hasAll(); }, 5s));
    }

    void aLinkMovesToAnotherConnection() {
        TwoPaths pair;
        pair.world.isUdpBlocked = true;
        for (int round = 0; round < 5; ++round) {
            for (int i = 0; i < 10; ++i) pair.sendOne();
            pair.world.run(7ms);
            pair.world.breakTcp(pair.client);
            pair.connection = *pair.connectTcp();
            pair.client.transport.addPath(pair.world.now(), pair.link, TcpPath{pair.connection});
            pair.world.run(300ms);
        }
        QVERIFY(pair.world.runUntil([&] { return pair.hasAll(); }, 10s));
        QVERIFY(!pair.client.last<LinkClosed>());
    }

    void aPathThatDoesNotWorkIsToldAndDoesNoHarm() {
        TwoPaths pair;
        const Path nowhere = UdpPath{Endpoint::parse("192.0.2.77:7").value()};
        pair.client.transport.addPath(pair.world.now(), pair.link, nowhere);
        QVERIFY(pair.world.runUntil([&] { return pair.client.count<PathFailed>() > 0; }, 30s));
        QCOMPARE(pair.client.last<PathFailed>()->path, nowhere);
        pair.client.transport.addPath(pair.world.now(), pair.link, TcpPath{4711});
        pair.world.settle();
        QCOMPARE(pair.client.last<PathFailed>()->path, Path(TcpPath{4711}));
        pair.sendOne();
        pair.world.run(1s);
        QVERIFY(pair.hasAll());
    }

    // Two kinds of keep-alive, and their acknowledgements, with IP, UDP and TCP headers, both directions.
    void anIdleClientWithBothPathsSendsNextToNothing() {
        TwoPaths pair;
        pair.world.run(60s);
        const auto before = pair.client.bytesSent + pair.server.bytesSent;
        const auto wakes = pair.client.wakes;
        pair.world.run(10min);
        qInfo("%zu wake-ups a minute", (pair.client.wakes - wakes) / 10);
        QVERIFY(pair.client.wakes - wakes < 200);
        const auto perSecond = static_cast<double>(pair.client.bytesSent + pair.server.bytesSent - before) / 600;
        qInfo("%.1f bytes a second", perSecond);
        QVERIFY(perSecond < 30);
        QVERIFY(!pair.client.last<PathFailed>());
        QCOMPARE(pair.client.transport.linkCount(), std::size_t(1));
    }

    void aClientWhoseAddressChangesIsFoundAgain() {
        TransportPair pair;
        const auto link = pair.openUdp();
        const Endpoint moved = Endpoint::parse("203.0.113.7:6001").value();
        // A NAT has forgotten the binding: what the client sends comes from another port from now on.
        pair.world.filter = [&](const Endpoint& from, const Endpoint&, ByteView datagram) {
            if (from != pair.client.address) return true;
            pair.world.inject(moved, pair.server.address, datagram);
            return false;
        };
        pair.client.transport.send(pair.world.now(), link, Stream::Overlay, textCommand("from elsewhere"));
        pair.world.run(500ms);
        QCOMPARE(pair.server.texts(pair.serverLink(), Stream::Overlay), std::vector<std::string>{"from elsewhere"});
    }
};

KITH_TEST(PathsTest);
#include "paths_test.moc"
