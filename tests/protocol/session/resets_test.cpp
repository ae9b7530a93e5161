// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QTest>

#include "protocol/link/resets.h"
#include "protocol/wire/frame.h"
#include "tests/support/testmain.h"
#include "tests/support/transportpair.h"

using namespace kith;
using namespace kith::session;
using namespace std::chrono_literals;
using kith::test::textCommand;
using kith::test::TransportNode;
using kith::test::TransportPair;

namespace {

/// Looks at every link frame between client and server.
struct Watched : TransportPair {
    Watched() {
        world.filter = [this](const Endpoint& from, const Endpoint&, ByteView datagram) {
            const auto frame = wire::parseFrame(datagram);
            if (frame && frame->type == wire::FrameType::Link)
                (from == client.address ? there : back).push_back(toBytes(datagram));
            return true;
        };
    }
    TransportNode& restart() { return world.replace(server, {Role::Node, Role::Login}); }
    void say(LinkNumber link, std::string_view text = "hello") {
        client.transport.send(world.now(), link, Stream::Overlay, textCommand(text));
        world.settle();
    }
    bool closesWithin(LinkNumber link, Duration most) {
        return world.runUntil(
            [&] {
                const auto closed = client.last<LinkClosed>();
                return closed && closed->link == link;
            },
            most);
    }

    std::vector<Bytes> there;
    std::vector<Bytes> back;
};

/// The datagram of a link frame with this body.
Bytes datagramOf(ByteView like, ByteView body) {
    Bytes out = toBytes(like.first(wire::kFrameHeaderSize));
    append(out, body);
    return out;
}

ByteView bodyOf(ByteView datagram) {
    return datagram.subspan(wire::kFrameHeaderSize);
}

}  // namespace

/// A server that was killed and started again tells those who go on talking that their links are gone; nobody else can.
class ResetsTest : public QObject {
    Q_OBJECT

private slots:
    void aServerThatForgotALinkSaysSo() {
        Watched pair;
        const auto link = pair.openUdp();
        pair.world.run(1s);
        auto& again = pair.restart();
        pair.say(link);
        QVERIFY(pair.closesWithin(link, 100ms));
        QVERIFY(pair.client.last<LinkClosed>()->reason == Fault::ConnectionLost);
        QCOMPARE(again.transport.counters().resetsSent, std::uint64_t(1));
        // Smaller than what caused it, and like any small packet but for those who know.
        QVERIFY(pair.back.back().size() < pair.there.back().size());
        QVERIFY(bodyOf(pair.back.back()).size() >= link::kMinPacket);
    }

    // A client whose TCP connection breaks asks at once whether UDP still leads to somebody who knows it.
    void aKilledServerIsNoticedWithoutAWord() {
        Watched pair;
        pair.client.transport.probe(pair.world.now(), pair.server.address);
        const auto link = pair.openTcp();
        pair.client.transport.addPath(pair.world.now(), link, UdpPath{pair.server.address});
        pair.world.run(2s);
        pair.restart();
        QVERIFY(pair.closesWithin(link, 1s));
    }

    void anAbsentServerIsNoticedWhenItIsBack() {
        Watched pair;
        pair.client.transport.probe(pair.world.now(), pair.server.address);
        const auto link = pair.openTcp();
        pair.client.transport.addPath(pair.world.now(), link, UdpPath{pair.server.address});
        pair.world.run(2s);
        pair.world.breakTcp(pair.server);
        pair.world.isUdpBlocked = true;
        pair.world.run(5s);
        pair.world.isUdpBlocked = false;
        pair.restart();
        QVERIFY(pair.closesWithin(link, 3s));
    }

    void aNewConnectionTellsIt() {
        Watched pair;
        const auto link = pair.openTcp();
        pair.world.run(1s);
        pair.world.isUdpBlocked = true;
        auto& again = pair.restart();
        const auto connection = pair.client.transport.openTcp(pair.world.now(), again.address);
        QVERIFY(pair.world.runUntil([&] { return pair.client.count<TcpReady>() == 2; }));
        pair.client.transport.addPath(pair.world.now(), link, TcpPath{connection});
        QVERIFY(pair.closesWithin(link, 1s));
    }

    void withoutTheKeyNothingEnds() {
        Watched pair;
        const auto link = pair.openUdp();
        pair.say(link);
        pair.world.run(1s);
        const Bytes packet = pair.there.back();
        kith::test::SeededRandom random(7);
        for (int i = 0; i < 50; ++i) {
            const link::ResetKey guess(crypto::Secret<32>(random.bytes<32>()));
            const auto forged = guess.answer(bodyOf(packet), random);
            pair.world.inject(pair.server.address, pair.client.address, datagramOf(packet, *forged));
        }
        pair.world.run(1s);
        QVERIFY(!pair.client.last<LinkClosed>());
        pair.say(link, "still here");
        pair.world.run(1s);
        QCOMPARE(pair.server.texts(pair.serverLink(), Stream::Overlay).back(), std::string("still here"));
    }

    void whatIsForAnotherLinkOrFromElsewhereEndsNothing() {
        Watched pair;
        auto& other = pair.world.addClient("203.0.113.8:5000");
        const auto link = pair.openUdp();
        const auto others = other.transport.connect(pair.world.now(), Role::Node, UdpPath{pair.server.address});
        QVERIFY(pair.world.runUntil([&] { return other.count<LinkOpened>() == 1; }));
        pair.world.run(1s);
        auto& again = pair.restart();
        // What the server says to one is worth nothing to the other, nor from another address.
        pair.say(link);
        const Bytes reset = [&] {
            const auto seen = pair.back.size();
            pair.world.runUntil([&] { return pair.back.size() > seen; }, 15ms);
            pair.world.run(10ms);
            return pair.back.back();
        }();
        pair.world.inject(again.address, other.address, reset);
        pair.world.run(1s);
        QVERIFY(!other.last<LinkClosed>());
        other.transport.send(pair.world.now(), others, Stream::Overlay, textCommand("hello"));
        pair.world.run(10ms);
        pair.world.inject(Endpoint::parse("192.0.2.66:1").value(), other.address, reset);
        QVERIFY(pair.world.runUntil([&] { return other.last<LinkClosed>().has_value(); }, 1s));
    }

    void alteredByABitItEndsNothing() {
        Watched pair;
        const auto link = pair.openUdp();
        pair.world.run(1s);
        auto& again = pair.restart();
        bool isHeldBack = true;
        Bytes reset;
        pair.world.filter = [&](const Endpoint& from, const Endpoint&, ByteView datagram) {
            if (from != again.address) return true;
            reset = toBytes(datagram);
            return !isHeldBack;
        };
        pair.say(link);
        pair.world.run(100ms);
        QVERIFY(!reset.empty());
        for (std::size_t bit = 0; bit < 128; ++bit) {
            Bytes altered = reset;
            altered[altered.size() - 1 - bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
            pair.world.inject(again.address, pair.client.address, altered);
        }
        pair.world.run(100ms);
        QVERIFY(!pair.client.last<LinkClosed>());
        pair.world.inject(again.address, pair.client.address, reset);
        QVERIFY(pair.closesWithin(link, 100ms));
    }

    // Whoever knows the id of a link before it is open must not get the token that would end it afterwards.
    void aHandshakeUnderWayIsNotGivenAway() {
        Watched pair;
        pair.client.transport.probe(pair.world.now(), pair.server.address);
        pair.world.run(1s);
        pair.client.transport.connect(pair.world.now(), Role::Node, UdpPath{pair.server.address});
        bool isOpen = false;
        while (!isOpen) {
            pair.world.run(1ms);
            isOpen = pair.client.count<LinkOpened>() == 1;
        }
        // The client is done, the server has not heard that yet; somebody is quicker than the client's last flight.
        QCOMPARE(pair.server.count<LinkOpened>(), std::size_t(0));
        pair.client.transport.send(pair.world.now(), pair.client.last<LinkOpened>()->link, Stream::Overlay,
                                   textCommand("early"));
        pair.world.settle();
        QVERIFY(!pair.there.empty());
        pair.server.transport.receiveDatagram(pair.world.now(), pair.client.address, pair.there.back());
        QCOMPARE(pair.server.transport.counters().packetsUnknown, std::uint64_t(1));
        QCOMPARE(pair.server.transport.counters().resetsSent, std::uint64_t(0));
        pair.world.run(1s);
        QCOMPARE(pair.server.count<LinkOpened>(), std::size_t(1));
    }

    void aFloodIsAnsweredSparingly() {
        Watched pair;
        kith::test::SeededRandom random(3);
        const Endpoint stranger = Endpoint::parse("192.0.2.66:1").value();
        std::size_t most = 0;
        pair.world.filter = [&](const Endpoint&, const Endpoint&, ByteView datagram) {
            most = std::max(most, datagram.size());
            return true;
        };
        for (int i = 0; i < 1000; ++i) {
            Bytes packet(wire::kFrameHeaderSize);
            packet[2] = static_cast<std::byte>(wire::FrameType::Link);
            packet.resize(packet.size() + link::kMinPacket + 1);
            random.fill(ByteSpan(packet).subspan(wire::kFrameHeaderSize));
            pair.world.inject(stranger, pair.server.address, packet);
        }
        pair.world.run(1s);
        QVERIFY(pair.server.transport.counters().packetsUnknown >= 1000);
        QVERIFY(pair.server.transport.counters().resetsSent <= 30);
        QCOMPARE(most, wire::kFrameHeaderSize + link::kMinPacket);
    }

    void aClientAnswersNobody() {
        Watched pair;
        pair.openUdp();
        pair.world.inject(pair.server.address, pair.client.address,
                          datagramOf(pair.there.back(), Bytes(100, std::byte{9})));
        pair.world.run(100ms);
        QCOMPARE(pair.client.transport.counters().packetsUnknown, std::uint64_t(1));
        QCOMPARE(pair.client.transport.counters().resetsSent, std::uint64_t(0));
    }
};

KITH_TEST(ResetsTest);
#include "resets_test.moc"
