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

class TcpLinkTest : public QObject {
    Q_OBJECT

private slots:
    void aLinkOpensWhereUdpIsBlocked() {
        TransportPair pair;
        pair.world.isUdpBlocked = true;
        const auto link = pair.openTcp();
        QVERIFY(link != 0);
        QVERIFY(pair.client.transport.send(pair.world.now(), link, Stream::Overlay, textCommand("there")));
        QVERIFY(pair.server.transport.send(pair.world.now(), pair.serverLink(), Stream::Overlay, textCommand("back")));
        pair.world.run(1s);
        QCOMPARE(pair.server.texts(pair.serverLink(), Stream::Overlay), std::vector<std::string>{"there"});
        QCOMPARE(pair.client.texts(link, Stream::Overlay), std::vector<std::string>{"back"});
        QCOMPARE(pair.client.datagramsSent + pair.server.datagramsSent, std::size_t(0));
    }

    void twoLinksShareOneConnection() {
        TransportPair pair;
        const auto connection = *pair.connectTcp();
        const auto node = pair.open(Role::Node, TcpPath{connection});
        const auto atServerNode = pair.serverLink();
        const auto login = pair.open(Role::Login, TcpPath{connection});
        const auto atServerLogin = pair.serverLink();
        QVERIFY(node != 0 && login != 0);
        QVERIFY(std::holds_alternative<crypto::LoginServerIdentity>(pair.client.last<LinkOpened>()->peer));
        QVERIFY(std::holds_alternative<crypto::Anonymous>(pair.server.last<LinkOpened>()->peer));
        pair.client.transport.send(pair.world.now(), node, Stream::Overlay, textCommand("to the node"));
        pair.client.transport.send(pair.world.now(), login, Stream::Login, textCommand("to the login server"));
        pair.world.run(1s);
        QCOMPARE(pair.server.texts(atServerNode, Stream::Overlay), std::vector<std::string>{"to the node"});
        QCOMPARE(pair.server.texts(atServerLogin, Stream::Login), std::vector<std::string>{"to the login server"});
        // One goes, the other stays.
        pair.client.transport.close(pair.world.now(), node, Fault::Refused);
        pair.client.transport.send(pair.world.now(), login, Stream::Login, textCommand("still here"));
        pair.world.run(2min);
        QCOMPARE(pair.server.texts(atServerLogin, Stream::Login).back(), std::string("still here"));
        QVERIFY(!pair.server.last<TcpFailed>());
        QCOMPARE(pair.client.transport.linkCount(), std::size_t(1));
    }

    void nobodyThereIsTold() {
        TransportPair pair;
        const auto connection = pair.client.transport.openTcp(pair.world.now(), Endpoint::parse("192.0.2.1:1").value());
        QVERIFY(pair.world.runUntil([&] { return pair.client.count<TcpFailed>() > 0; }));
        QCOMPARE(pair.client.last<TcpFailed>()->connection, connection);
        QCOMPARE(pair.client.last<TcpFailed>()->reason, Fault::Refused);
    }

    void aConnectionThatStaysSilentIsGivenUp() {
        TransportPair pair;
        const auto raw = pair.world.acceptRaw(pair.server);
        pair.world.run(9s);
        // Not a byte to somebody who only connected: scanning ports tells nothing.
        QCOMPARE(pair.world.rawOutput(pair.server, raw).size(), std::size_t(0));
        pair.world.run(2s);
        link::CarrierOutput output;
        pair.server.transport.tcpBacklog(pair.world.now(), raw, 0);
        // Its number is forgotten: another one may come under it, were numbers used twice.
        pair.server.transport.receiveTcp(pair.world.now(), raw, Bytes(100));
        pair.world.run(1s);
        QCOMPARE(pair.world.rawOutput(pair.server, raw).size(), std::size_t(0));
    }

    void somethingElseThanOurProtocolIsClosedAtOnce() {
        TransportPair pair;
        const auto raw = pair.world.acceptRaw(pair.server);
        pair.server.transport.receiveTcp(pair.world.now(), raw, toBytes("GET / HTTP/1.0\r\n\r\n"));
        link::CarrierOutput output;
        std::vector<Event> events;
        pair.server.transport.take(output, events);
        QCOMPARE(output.closes.size(), std::size_t(1));
        QCOMPARE(output.closes.front().connection, raw);
        QVERIFY(output.writes.empty());
    }

    void anUnusedConnectionIsClosed() {
        TransportPair pair;
        const auto connection = pair.connectTcp();
        QVERIFY(connection);
        QVERIFY(pair.world.runUntil([&] { return pair.client.count<TcpFailed>() > 0; }, 2min));
        QCOMPARE(pair.client.last<TcpFailed>()->connection, *connection);
    }

    void aConnectionWhoseLinkHasEndedIsClosed() {
        TransportPair pair;
        const auto link = pair.openTcp();
        pair.world.run(3min);
        QVERIFY(!pair.client.last<TcpFailed>());
        pair.client.transport.close(pair.world.now(), link, Fault::Refused);
        pair.world.run(50s);
        QVERIFY(pair.client.last<TcpFailed>());
    }

    // Who opened a connection opens links on it: the other end can't make it serve.
    void linksAreOpenedByWhoOpenedTheConnection() {
        TransportPair pair;
        auto& other = pair.world.addServer("198.51.100.2:33033", {Role::Node});
        other.transport.openTcp(pair.world.now(), pair.server.address);
        QVERIFY(pair.world.runUntil([&] { return other.count<TcpReady>() > 0; }));
        // The world numbers accepted connections 3, 5, 7 …
        pair.server.transport.connect(pair.world.now(), Role::Node, TcpPath{3});
        pair.world.run(20s);
        QCOMPARE(pair.server.last<LinkClosed>()->reason, Fault::TimedOut);
        QVERIFY(!other.last<LinkOpened>());
    }

    void whenTheConnectionBreaksTheLinkIsToldAndEndsAfterItsPatience() {
        TransportPair pair;
        const auto link = pair.openTcp();
        pair.world.breakTcp(pair.client);
        QVERIFY(pair.world.runUntil([&] { return pair.client.count<PathFailed>() > 0; }, 1s));
        QVERIFY(pair.world.runUntil([&] { return pair.client.count<LinkClosed>() > 0; }, 30s));
        QCOMPARE(pair.client.last<LinkClosed>()->link, link);
        QVERIFY(pair.world.runUntil([&] { return pair.server.count<LinkClosed>() > 0; }, 30s));
    }

    // What waits in front of a slow connection makes everything late: at most 50 ms' worth, whatever is sent.
    void aSlowConnectionIsNotFilledUp() {
        TransportPair pair;
        pair.world.tcpBytesPerSecond = 100'000;
        const auto link = pair.openTcp();
        const std::string big(16 * 1024, 'x');
        for (int i = 0; i < 40; ++i)
            QVERIFY(pair.client.transport.send(pair.world.now(), link, Stream::Chat, textCommand(big)));
        // Nothing is known about it yet: 16 KiB may be in front of what comes next, and no more.
        const auto heard = [&] { return pair.server.texts(pair.serverLink(), Stream::Call).size(); };
        const Instant begun = pair.world.now().at;
        pair.client.transport.send(pair.world.now(), link, Stream::Call, textCommand("at once"));
        QVERIFY(pair.world.runUntil([&] { return heard() == 1; }, 10s));
        QVERIFY(pair.world.now().at - begun < 20ms + 164ms + 100ms);
        pair.world.run(2s);
        // A ping sent now has to wait for what is in front of it only.
        const Instant sent = pair.world.now().at;
        pair.client.transport.send(pair.world.now(), link, Stream::Call, textCommand("now"));
        QVERIFY(pair.world.runUntil([&] { return heard() == 2; }, 10s));
        const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(pair.world.now().at - sent);
        QVERIFY2(took < 20ms + 50ms + 60ms, qPrintable(QString::number(took.count())));
        // And the connection is kept busy: 640 kB in the 6.4 s they need, or little more.
        QVERIFY(
            pair.world.runUntil([&] { return pair.server.texts(pair.serverLink(), Stream::Chat).size() == 40; }, 8s));
    }
};

KITH_TEST(TcpLinkTest);
#include "tcplink_test.moc"
