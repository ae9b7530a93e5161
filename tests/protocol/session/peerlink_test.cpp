// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QTest>

#include "tests/support/relayedpair.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::session;
using namespace std::chrono_literals;
using kith::test::RelayedPair;
using kith::test::textCommand;

namespace {

constexpr PeerSecret secretOf(std::uint8_t value) {
    PeerSecret out{};
    out.fill(std::byte{value});
    return out;
}

DeviceId deviceOf(const std::shared_ptr<crypto::Credentials>& credentials) {
    return DeviceId{credentials->key->publicKey()};
}

}  // namespace

class PeerLinkTest : public QObject {
    Q_OBJECT

private slots:
    void twoPeopleTalkThroughTheirSupernode() {
        RelayedPair pair;
        const auto link = pair.open();
        QVERIFY(link != 0);
        const auto atAlice = std::get<crypto::PersonIdentity>(pair.alice.last<LinkOpened>()->peer);
        const auto atBob = std::get<crypto::PersonIdentity>(pair.bob.last<LinkOpened>()->peer);
        QCOMPARE(atAlice.user.text(), std::string("bob"));
        QCOMPARE(atBob.user.text(), std::string("alice"));
        QCOMPARE(atAlice.device, deviceOf(pair.bobKey));
        const auto bobs = RelayedPair::peerLink(pair.bob);
        pair.alice.transport.send(pair.world.now(), link, Stream::Chat, textCommand("hello"));
        pair.bob.transport.send(pair.world.now(), bobs, Stream::Chat, textCommand("hi"));
        pair.world.run(1s);
        QCOMPARE(pair.bob.texts(bobs, Stream::Chat), std::vector<std::string>{"hello"});
        QCOMPARE(pair.alice.texts(link, Stream::Chat), std::vector<std::string>{"hi"});
        QCOMPARE(pair.alice.transport.mediaSecret(link)->secret, pair.bob.transport.mediaSecret(bobs)->secret);
    }

    void mediaGoesThroughAtOnce() {
        RelayedPair pair;
        const auto link = pair.open();
        pair.world.run(1s);
        const Instant sent = pair.world.now().at;
        pair.alice.transport.sendMedia(pair.world.now(), link, Bytes(200, std::byte{7}));
        QVERIFY(pair.world.runUntil([&] { return pair.bob.count<MediaReceived>() > 0; }, 1s));
        QCOMPARE(pair.world.now().at - sent, Duration(40ms));
        QCOMPARE(pair.bob.last<MediaReceived>()->link, RelayedPair::peerLink(pair.bob));
        QCOMPARE(pair.bob.last<MediaReceived>()->packet, Bytes(200, std::byte{7}));
    }

    void nobodyIsAnsweredOnAChannelThatIsNotExpected() {
        RelayedPair pair;
        const auto link = pair.alice.transport.connect(pair.world.now(), Role::Peer, pair.atAlice);
        QVERIFY(pair.world.runUntil([&] { return pair.alice.count<LinkClosed>() > 0; }, 30s));
        QCOMPARE(pair.alice.last<LinkClosed>()->link, link);
        QCOMPARE(pair.alice.last<LinkClosed>()->reason, Fault::TimedOut);
        QVERIFY(!RelayedPair::isOpen(pair.bob));
    }

    void anExpectationEndsAfterHalfAMinute() {
        RelayedPair pair;
        pair.bob.transport.expectPeer(pair.world.now(), pair.atBob);
        pair.world.run(31s);
        pair.alice.transport.connect(pair.world.now(), Role::Peer, pair.atAlice);
        pair.world.run(20s);
        QVERIFY(!RelayedPair::isOpen(pair.bob));
    }

    void anExpectationIsForOneLink() {
        RelayedPair pair;
        const auto link = pair.open();
        pair.world.run(1s);
        pair.alice.transport.close(pair.world.now(), link, Fault::Refused);
        pair.world.run(1s);
        pair.alice.transport.connect(pair.world.now(), Role::Peer, pair.atAlice);
        pair.world.run(10s);
        QVERIFY(!RelayedPair::isOpen(pair.alice));
        QVERIFY(!RelayedPair::isOpen(pair.bob));
    }

    void theSecretOfTheAttemptHasToBeProved() {
        RelayedPair pair;
        QVERIFY(pair.open(secretOf(1)) != 0);
    }

    void withoutTheSecretNotAByteComesBack() {
        for (const auto& shown : {std::optional<PeerSecret>{}, std::optional(secretOf(2))}) {
            RelayedPair pair;
            std::size_t answers = 0;
            pair.relayFilter = [&](bool fromAlice, ByteView) {
                answers += fromAlice ? 0 : 1;
                return true;
            };
            pair.bob.transport.expectPeer(pair.world.now(), pair.atBob, secretOf(1));
            pair.alice.transport.connect(pair.world.now(), Role::Peer, pair.atAlice, shown);
            pair.world.run(20s);
            QVERIFY(pair.relayed > 0);
            QCOMPARE(answers, std::size_t(0));
            QVERIFY(!RelayedPair::isOpen(pair.alice));
        }
    }

    void aLinkOpensThroughALossyRelay() {
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            RelayedPair pair(seed);
            pair.relayLoss = 0.2;
            QVERIFY2(pair.open() != 0, qPrintable(QString::number(seed)));
        }
    }

    // Both call each other on the same channel in the same instant: one link comes of it, the handshake begun by the
    // smaller device key, and each has it under the number it asked for.
    void ofTwoHandshakesOneGoesOn_data() {
        QTest::addColumn<quint64>("seed");
        QTest::addColumn<int>("apart");
        for (quint64 seed = 1; seed <= 8; ++seed)
            for (const int apart : {0, 1, 20, 45, 60, 100})
                QTest::addRow("seed %d, %d ms apart", static_cast<int>(seed), apart) << seed << apart;
    }
    void ofTwoHandshakesOneGoesOn() {
        QFETCH(quint64, seed);
        QFETCH(int, apart);
        RelayedPair pair(seed);
        pair.world.jitter = 10ms;
        pair.alice.transport.expectPeer(pair.world.now(), pair.atAlice);
        pair.bob.transport.expectPeer(pair.world.now(), pair.atBob);
        pair.alice.transport.connect(pair.world.now(), Role::Peer, pair.atAlice);
        pair.world.run(std::chrono::milliseconds(apart));
        pair.bob.transport.connect(pair.world.now(), Role::Peer, pair.atBob);
        pair.world.run(20s);
        const auto alices = RelayedPair::peerLink(pair.alice);
        const auto bobs = RelayedPair::peerLink(pair.bob);
        QVERIFY(alices != 0 && bobs != 0);
        // One each, beside those to the node.
        QCOMPARE(pair.alice.transport.linkCount(), std::size_t(2));
        QCOMPARE(pair.bob.transport.linkCount(), std::size_t(2));
        QCOMPARE(pair.alice.transport.mediaSecret(alices)->secret, pair.bob.transport.mediaSecret(bobs)->secret);
        const bool aliceIsSmaller = deviceOf(pair.aliceKey) < deviceOf(pair.bobKey);
        if (apart < 20) {
            QCOMPARE(pair.alice.last<LinkOpened>()->incoming, !aliceIsSmaller);
            QCOMPARE(pair.alice.count<LinkClosed>() + pair.bob.count<LinkClosed>(), std::size_t(0));
        }
        pair.alice.transport.send(pair.world.now(), alices, Stream::Chat, textCommand("hello"));
        pair.bob.transport.send(pair.world.now(), bobs, Stream::Chat, textCommand("hi"));
        pair.world.run(1s);
        QCOMPARE(pair.bob.texts(bobs, Stream::Chat), std::vector<std::string>{"hello"});
        QCOMPARE(pair.alice.texts(alices, Stream::Chat), std::vector<std::string>{"hi"});
    }

    void theEndOfTheSupernodesLinkEndsTheRelayedPath() {
        RelayedPair pair;
        const auto link = pair.open();
        pair.world.run(1s);
        pair.node.transport.close(pair.world.now(), pair.nodeAlice, Fault::Busy);
        QVERIFY(pair.world.runUntil([&] { return pair.alice.count<PathFailed>() > 0; }, 1s));
        QCOMPARE(pair.alice.last<PathFailed>()->link, link);
        QVERIFY(pair.world.runUntil([&] { return !RelayedPair::isOpen(pair.alice); }, 15s));
    }

    void aChannelDoesNotGoThroughAChannel() {
        RelayedPair pair;
        const auto link = pair.open();
        const auto inner =
            pair.alice.transport.connect(pair.world.now(), Role::Peer, ChannelPath{link, pair.atAlice.channel});
        pair.world.settle();
        QCOMPARE(pair.alice.last<LinkClosed>()->link, inner);
        QCOMPARE(pair.alice.last<LinkClosed>()->reason, Fault::Unreachable);
    }

    void aRelayedLinkMovesToADirectPath() {
        RelayedPair pair;
        const auto link = pair.open();
        pair.world.run(1s);
        pair.alice.transport.addPath(pair.world.now(), link, UdpPath{pair.bob.address});
        QVERIFY(pair.world.runUntil([&] { return pair.alice.count<PathChanged>() > 0; }, 2s));
        QCOMPARE(pair.alice.last<PathChanged>()->path, Path(UdpPath{pair.bob.address}));
        pair.world.run(1s);
        const auto relayed = pair.relayed;
        const Instant sent = pair.world.now().at;
        pair.alice.transport.sendMedia(pair.world.now(), link, Bytes(200));
        QVERIFY(pair.world.runUntil([&] { return pair.bob.count<MediaReceived>() > 0; }, 1s));
        QCOMPARE(pair.world.now().at - sent, Duration(20ms));
        QCOMPARE(pair.relayed, relayed);
    }
};

KITH_TEST(PeerLinkTest);
#include "peerlink_test.moc"
