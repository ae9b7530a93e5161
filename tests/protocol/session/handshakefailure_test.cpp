// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QTest>

#include "tests/support/testmain.h"
#include "tests/support/transportpair.h"

using namespace kith;
using namespace kith::session;
using namespace std::chrono_literals;
using kith::test::Authority;
using kith::test::textCommand;
using kith::test::TransportPair;
using kith::test::TransportWorld;

namespace {

constexpr const char* kServer = "198.51.100.1:33033";
constexpr const char* kClient = "203.0.113.7:5000";

/// How a link that the client opens to the server ends.
std::optional<LinkClosed> closing(TransportWorld& world, kith::test::TransportNode& client, const Endpoint& server,
                                  Role role) {
    client.transport.connect(world.now(), role, UdpPath{server});
    world.runUntil([&] { return client.count<LinkClosed>() > 0; }, 30s);
    return client.last<LinkClosed>();
}

}  // namespace

class HandshakeFailureTest : public QObject {
    Q_OBJECT

private slots:
    void anotherNetworksServerIsRefused() {
        TransportWorld world;
        Authority other(99);
        auto& server = world.add(kServer, world.options({Role::Node}));
        server.transport.setCredentials(Role::Node, other.supernode());
        auto& client = world.addClient(kClient);
        const auto closed = closing(world, client, server.address, Role::Node);
        QVERIFY(closed);
        QCOMPARE(closed->reason, Fault::WrongRootKey);
        QVERIFY(!server.last<LinkOpened>());
    }

    void aSupernodeIsNoLoginServer() {
        TransportWorld world;
        auto& server = world.add(kServer, world.options({Role::Login}));
        server.transport.setCredentials(Role::Login, world.authority.supernode());
        auto& client = world.addClient(kClient);
        QCOMPARE(closing(world, client, server.address, Role::Login)->reason, Fault::CertificateInvalid);
    }

    void anExpiredServerIsTold() {
        TransportWorld world;
        Authority old(1, Authority::kNow - crypto::Days(60));
        auto& server = world.add(kServer, world.options({Role::Node}));
        server.transport.setCredentials(Role::Node, old.supernode());
        auto& client = world.add(kClient, [&] {
            auto options = world.options();
            options.trust = old.trust();
            return options;
        }());
        QCOMPARE(closing(world, client, server.address, Role::Node)->reason, Fault::CertificateDates);
    }

    // The client is done before its certificate is judged: it hears of it a moment later.
    void anExpiredClientIsToldByTheServer() {
        TransportWorld world;
        auto& server = world.addServer(kServer, {Role::Node});
        auto& client = world.add(kClient, world.options());
        // Under the right root, but a month old.
        const auto expired = world.authority.issue([&](const auto& key) {
            const crypto::Validity longAgo{Authority::kNow - crypto::Days(30), Authority::kNow - crypto::Days(20)};
            return world.authority.issuer.access(key, {}, longAgo, world.authority.random);
        });
        client.transport.setCredentials(Role::Node, expired);
        const auto closed = closing(world, client, server.address, Role::Node);
        QVERIFY(closed);
        QCOMPARE(closed->reason, Fault::CredentialExpired);
        QVERIFY(!server.last<LinkOpened>());
        QCOMPARE(server.transport.linkCount(), std::size_t(0));
        QCOMPARE(client.transport.linkCount(), std::size_t(0));
    }

    void aStrangersClientIsRefusedByTheServer() {
        TransportWorld world;
        Authority other(99);
        auto& server = world.addServer(kServer, {Role::Node});
        auto& client = world.add(kClient, world.options());
        client.transport.setCredentials(Role::Node, other.access());
        const auto closed = closing(world, client, server.address, Role::Node);
        QVERIFY(closed);
        QCOMPARE(closed->reason, Fault::Refused);
        QVERIFY(!server.last<LinkOpened>());
    }

    void anAnonymousClientIsLetInByServersOnly() {
        TransportPair pair;
        pair.client.transport.setCredentials(Role::Node, nullptr);
        QVERIFY(pair.openUdp(Role::Node) != 0);
        QVERIFY(std::holds_alternative<crypto::Anonymous>(pair.server.last<LinkOpened>()->peer));
        QVERIFY(pair.server.last<LinkOpened>()->peerChain.empty());
        const auto link = pair.client.transport.connect(pair.world.now(), Role::Peer, UdpPath{pair.server.address});
        pair.world.settle();
        QCOMPARE(pair.client.last<LinkClosed>()->link, link);
        QCOMPARE(pair.client.last<LinkClosed>()->reason, Fault::CertificateInvalid);
    }

    void aServiceThatIsNotOfferedDoesNotAnswer() {
        TransportWorld world;
        auto& server = world.addServer(kServer, {Role::Node});
        auto& client = world.addClient(kClient);
        QCOMPARE(closing(world, client, server.address, Role::Login)->reason, Fault::TimedOut);
        QVERIFY(!server.last<LinkOpened>());
    }

    void aServerThatIsFullRedirects() {
        TransportWorld world;
        auto options = world.options({Role::Node});
        options.maxLinks = 1;
        auto& server = world.add(kServer, options);
        server.transport.setCredentials(Role::Node, world.authority.supernode());
        const auto elsewhere = Endpoint::parse("198.51.100.2:33033").value();
        server.transport.setAlternatives({elsewhere});
        auto& first = world.addClient(kClient);
        auto& second = world.addClient("203.0.113.8:5000");
        first.transport.connect(world.now(), Role::Node, UdpPath{server.address});
        QVERIFY(world.runUntil([&] { return server.count<LinkOpened>() == 1; }));
        second.transport.probe(world.now(), server.address);
        QVERIFY(world.runUntil([&] { return second.count<ProbeRefused>() > 0; }));
        QCOMPARE(second.last<ProbeRefused>()->instead, std::vector<Endpoint>{elsewhere});
        QCOMPARE(closing(world, second, server.address, Role::Node)->reason, Fault::Refused);
        QCOMPARE(server.count<LinkOpened>(), std::size_t(1));
    }

    // Its key is another one now: the token that the client holds is void, and the next try asks for one.
    void aServerThatRestartedIsFoundAgain() {
        TransportPair pair;
        pair.client.transport.probe(pair.world.now(), pair.server.address);
        QVERIFY(pair.world.runUntil([&] { return pair.client.count<ProbeAccepted>() > 0; }));
        auto& restarted = pair.world.replace(pair.server, {Role::Node});
        QCOMPARE(closing(pair.world, pair.client, restarted.address, Role::Node)->reason, Fault::TimedOut);
        const auto link = pair.client.transport.connect(pair.world.now(), Role::Node, UdpPath{restarted.address});
        QVERIFY(pair.world.runUntil([&] { return pair.client.count<LinkOpened>() > 0; }, 2s));
        QCOMPARE(pair.client.last<LinkOpened>()->link, link);
    }

    void nobodyThereTimesOut() {
        TransportWorld world;
        auto& client = world.addClient(kClient);
        const auto closed = closing(world, client, Endpoint::parse("192.0.2.1:9").value(), Role::Node);
        QVERIFY(closed);
        QCOMPARE(closed->reason, Fault::TimedOut);
        QCOMPARE(closed->byPeer, false);
    }

    void aLinkGivenUpBeforeItOpensIsTold() {
        TransportPair pair;
        const auto link = pair.client.transport.connect(pair.world.now(), Role::Node, UdpPath{pair.server.address});
        pair.world.run(60ms);
        pair.client.transport.close(pair.world.now(), link, Fault::NoDevice);
        pair.world.run(20s);
        QCOMPARE(pair.client.count<LinkClosed>(), std::size_t(1));
        QCOMPARE(pair.client.last<LinkClosed>()->reason, Fault::NoDevice);
        QVERIFY(!pair.client.last<LinkOpened>());
        QCOMPARE(pair.client.transport.linkCount() + pair.server.transport.linkCount(), std::size_t(0));
    }

    void goodbyeCarriesTheReason() {
        TransportPair pair;
        const auto link = pair.openUdp();
        pair.server.transport.close(pair.world.now(), pair.serverLink(), Fault::Busy);
        QVERIFY(pair.world.runUntil([&] { return pair.client.count<LinkClosed>() > 0; }, 1s));
        QCOMPARE(pair.client.last<LinkClosed>()->link, link);
        QCOMPARE(pair.client.last<LinkClosed>()->reason, Fault::Busy);
        QVERIFY(pair.client.last<LinkClosed>()->byPeer);
        QVERIFY(!pair.server.last<LinkClosed>()->byPeer);
        QVERIFY(!pair.client.transport.send(pair.world.now(), link, Stream::Overlay, textCommand("too late")));
    }

    void whoMissedTheGoodbyeHearsItWhenItSpeaks() {
        TransportPair pair;
        const auto link = pair.openUdp();
        pair.world.run(1s);
        pair.world.filter = [&](const Endpoint& from, const Endpoint&, ByteView) {
            return from != pair.server.address;
        };
        pair.server.transport.close(pair.world.now(), pair.serverLink(), Fault::Busy);
        pair.world.run(20ms);
        pair.world.filter = nullptr;
        pair.client.transport.send(pair.world.now(), link, Stream::Overlay, textCommand("are you there?"));
        QVERIFY(pair.world.runUntil([&] { return pair.client.count<LinkClosed>() > 0; }, 2s));
        QVERIFY(pair.client.last<LinkClosed>()->byPeer);
    }
};

KITH_TEST(HandshakeFailureTest);
#include "handshakefailure_test.moc"
