// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QTest>

#include "protocol/wire/handshake.h"
#include "protocol/wire/nack.h"
#include "protocol/wire/payload.h"
#include "tests/support/relayedpair.h"
#include "tests/support/testmain.h"
#include "tests/support/transportpair.h"

using namespace kith;
using namespace kith::session;
using namespace std::chrono_literals;
using kith::test::RelayedPair;
using kith::test::textCommand;
using kith::test::TransportPair;
using kith::test::TransportWorld;

namespace {

const Endpoint kVictim = Endpoint::parse("192.0.2.200:7000").value();

/// What goes from an end to somebody, and how much of it.
struct Tap {
    Tap(TransportWorld& world, const Endpoint& from) {
        world.filter = [this, from](const Endpoint& source, const Endpoint& to, ByteView datagram) {
            if (source == from) sent[to].push_back(toBytes(datagram));
            return true;
        };
    }
    [[nodiscard]] std::size_t bytesTo(const Endpoint& to) const {
        const auto found = sent.find(to);
        std::size_t bytes = 0;
        if (found != sent.end())
            for (const auto& datagram : found->second) bytes += datagram.size();
        return bytes;
    }
    std::map<Endpoint, std::vector<Bytes>> sent;
};

Bytes payload(TransportPair& pair, const Endpoint& from, ByteView command) {
    Bytes out;
    wire::writePayload(out, pair.client.obfuscation, {static_cast<wire::FrameId>(pair.world.random.u32()), 0},
                       {from.address, pair.server.address.address}, pair.world.random.u32(), command);
    return out;
}

}  // namespace

class HostileTest : public QObject {
    Q_OBJECT

private slots:
    // Whoever claims an address that is not theirs has the owner shouted at, but never louder than they shout.
    void whatASpoofedProbeCausesIsNoLarger() {
        TransportPair pair;
        pair.openUdp();
        Tap tap(pair.world, pair.server.address);
        std::size_t spent = 0;
        for (int i = 0; i < 200; ++i) {
            const auto probe = payload(pair, kVictim, wire::encodePaddedProbe(static_cast<wire::RequestId>(i)));
            spent += probe.size();
            pair.world.inject(kVictim, pair.server.address, probe);
        }
        pair.world.run(5s);
        QVERIFY(tap.bytesTo(kVictim) > 0);
        QVERIFY(tap.bytesTo(kVictim) <= spent);
        for (const auto& answer : tap.sent[kVictim]) QVERIFY(answer.size() <= wire::kProbeCommandSize + 11);
    }

    void aProbeWithoutPaddingGetsNoLargerAnswer() {
        TransportPair pair;
        pair.openUdp();
        Tap tap(pair.world, pair.server.address);
        const auto bare = wire::encodeCommand(wire::Probe{}, wire::RequestId{7});
        pair.world.inject(kVictim, pair.server.address, payload(pair, kVictim, bare));
        pair.world.run(1s);
        QCOMPARE(tap.bytesTo(kVictim), std::size_t(0));
    }

    void garbageIsNackedSparinglyAndNeverLarger() {
        TransportPair pair;
        pair.openUdp();
        Tap tap(pair.world, pair.server.address);
        std::size_t spent = 0;
        for (int i = 0; i < 1000; ++i) {
            // From nothing up to a usual size, all claiming to be payload frames.
            Bytes junk(3 + static_cast<std::size_t>(i % 60));
            pair.world.random.fill(junk);
            junk[2] = std::byte{0x02};
            spent += junk.size();
            const auto before = tap.bytesTo(kVictim);
            pair.server.transport.receiveDatagram(pair.world.now(), kVictim, junk);
            pair.world.settle();
            QVERIFY(tap.bytesTo(kVictim) - before <= junk.size());
        }
        // Within one instant no more than a burst.
        QVERIFY(tap.sent[kVictim].size() <= 20);
        QVERIFY(pair.server.transport.counters().nacksHeldBack > 500);
        QVERIFY(tap.sent[kVictim].size() > 0);
    }

    void aHandshakeWithoutTokenOrWithAnothersGetsNothing() {
        TransportPair pair;
        std::optional<Bytes> token;
        pair.openUdp();
        // Take a first part that the server would answer, and show it from elsewhere.
        wire::HandshakePart part;
        part.role = static_cast<std::uint8_t>(Role::Node);
        part.ownLink = pair.world.random.bytes<8>();
        auto tls = pair.client.suite.handshake([&] {
            crypto::HandshakeOptions options;
            options.alpn = "kith-node";
            options.trust = pair.world.authority.trust();
            options.now = pair.world.now().seconds();
            return options;
        }());
        QVERIFY(tls->advance({}, part.tls));
        Tap tap(pair.world, pair.server.address);
        pair.world.inject(kVictim, pair.server.address, payload(pair, kVictim, wire::encodeCommand(part)));
        part.token = Bytes(16, std::byte{1});
        pair.world.inject(kVictim, pair.server.address, payload(pair, kVictim, wire::encodeCommand(part)));
        pair.world.run(5s);
        QCOMPARE(tap.bytesTo(kVictim), std::size_t(0));
        // The same with a token that is the sender's own is answered, or the test would show nothing.
        pair.server.onEvent = nullptr;
        Bytes accept;
        pair.world.inject(kVictim, pair.server.address, payload(pair, kVictim, wire::encodePaddedProbe(9)));
        pair.world.run(1s);
        const auto& sent = tap.sent[kVictim].back();
        const auto frame = wire::parseFrame(sent);
        const IpAddress victim = kVictim.address;
        const auto read = wire::readPayload(pair.client.obfuscation, frame->id, frame->body,
                                            pair.server.address.address, std::span(&victim, 1));
        QVERIFY(read);
        part.token = wire::decode<wire::ProbeAccept>(*wire::parseCommand(read->command))->token;
        const auto before = tap.bytesTo(kVictim);
        pair.world.inject(kVictim, pair.server.address, payload(pair, kVictim, wire::encodeCommand(part)));
        pair.world.run(100ms);
        QVERIFY(tap.bytesTo(kVictim) > before);
        // And not from a third place.
        const Endpoint other = Endpoint::parse("192.0.2.201:7000").value();
        part.ownLink = pair.world.random.bytes<8>();
        pair.world.inject(other, pair.server.address, payload(pair, other, wire::encodeCommand(part)));
        pair.world.run(1s);
        QCOMPARE(tap.bytesTo(other), std::size_t(0));
    }

    void aReplayedHandshakeOpensNothing() {
        TransportPair pair;
        std::vector<Bytes> recorded;
        pair.world.filter = [&](const Endpoint& from, const Endpoint&, ByteView datagram) {
            if (from == pair.client.address) recorded.push_back(toBytes(datagram));
            return true;
        };
        const auto link = pair.openUdp();
        pair.world.run(1s);
        const auto opened = pair.server.count<LinkOpened>();
        // While it is open, and when it is closed.
        for (int round = 0; round < 2; ++round) {
            const auto known = recorded;
            const auto refused = pair.server.transport.counters().handshakesRefused;
            std::size_t largest = 0;
            pair.world.filter = [&](const Endpoint& from, const Endpoint&, ByteView datagram) {
                if (from == pair.server.address) largest = std::max(largest, datagram.size());
                return true;
            };
            for (const auto& datagram : known)
                pair.server.transport.receiveDatagram(pair.world.now(), pair.client.address, datagram);
            pair.world.run(15s);
            QCOMPARE(pair.server.count<LinkOpened>(), opened);
            QVERIFY(pair.server.transport.counters().handshakesRefused > refused);
            // An answer to the probe perhaps, but no certificates.
            QVERIFY(largest < 200);
            pair.client.transport.close(pair.world.now(), link, Fault::Refused);
            pair.world.run(5s);
        }
        QCOMPARE(pair.server.transport.linkCount(), std::size_t(0));
    }

    void halfOpenHandshakesAreBounded() {
        TransportWorld world;
        auto options = world.options({Role::Node});
        options.maxHalfOpen = 8;
        auto& server = world.add("198.51.100.1:33033", options);
        server.transport.setCredentials(Role::Node, world.authority.supernode());
        // Clients that begin and then fall silent.
        std::vector<test::TransportNode*> clients;
        for (int i = 1; i <= 20; ++i) clients.push_back(&world.addClient("203.0.113." + std::to_string(i) + ":5000"));
        world.filter = [&](const Endpoint& from, const Endpoint&, ByteView datagram) {
            return from == server.address || datagram.size() < 600;  // not their certificates
        };
        for (auto* client : clients) client->transport.connect(world.now(), Role::Node, UdpPath{server.address});
        world.run(5s);
        QCOMPARE(server.count<LinkOpened>(), std::size_t(0));
        // Room again when those are given up: whoever speaks then gets in.
        world.run(20s);
        world.filter = nullptr;
        auto& late = world.addClient("203.0.113.100:5000");
        late.transport.connect(world.now(), Role::Node, UdpPath{server.address});
        QVERIFY(world.runUntil([&] { return late.count<LinkOpened>() > 0; }, 15s));
        QVERIFY(world.runUntil([&] { return server.count<LinkOpened>() == 1; }, 1s));
    }

    void nacksThatNobodyCausedChangeNothing() {
        TransportPair pair;
        pair.openUdp();
        Bytes frame;
        ByteWriter writer(frame);
        wire::writeNack(writer, {17, 0}, {Endpoint::parse("1.2.3.4:5").value(), 4711, 4712});
        const auto before = pair.client.datagramsSent;
        const auto learned = pair.client.count<AddressLearned>();
        pair.client.transport.receiveDatagram(pair.world.now(), pair.server.address, frame);
        pair.world.run(1s);
        QCOMPARE(pair.client.count<AddressLearned>(), learned);
        QVERIFY(pair.client.datagramsSent <= before + 2);
    }

    void aNackIsAnsweredOnce() {
        TransportPair pair;
        std::vector<Bytes> nacks;
        std::size_t resends = 0;
        pair.world.filter = [&](const Endpoint& from, const Endpoint&, ByteView datagram) {
            const auto frame = wire::parseFrame(datagram);
            if (frame->type == wire::FrameType::Nack) nacks.push_back(toBytes(datagram));
            if (frame->type == wire::FrameType::Resend && from == pair.client.address) ++resends;
            return frame->type != wire::FrameType::Resend;
        };
        pair.client.transport.probe(pair.world.now(), pair.server.address);
        pair.world.run(100ms);
        QCOMPARE(nacks.size(), std::size_t(1));
        QCOMPARE(resends, std::size_t(1));
        const auto first = nacks.front();
        for (int i = 0; i < 10; ++i)
            pair.client.transport.receiveDatagram(pair.world.now(), pair.server.address, first);
        pair.world.run(10ms);
        QCOMPARE(resends, std::size_t(1));
        QCOMPARE(pair.client.transport.counters().nacksIgnored, std::uint64_t(10));
    }

    // A resend is read under the address it names: only from who was nacked there.
    void aResendNeedsTheValueOfANack() {
        TransportPair pair;
        pair.openUdp();
        Tap tap(pair.world, pair.server.address);
        Bytes resend;
        wire::writeResend(resend, pair.client.obfuscation, {1, 0}, {kVictim.address, IpAddress::v4(9, 9, 9, 9)}, 4711,
                          wire::encodePaddedProbe(3));
        pair.world.inject(kVictim, pair.server.address, resend);
        pair.world.run(1s);
        QCOMPARE(tap.bytesTo(kVictim), std::size_t(0));
        QCOMPARE(pair.server.transport.counters().resendsRefused, std::uint64_t(1));
    }

    // A client serves nobody: to strangers it is not there.
    void aClientIsSilentToStrangers() {
        TransportPair pair;
        pair.openUdp();
        pair.world.run(1s);
        Tap tap(pair.world, pair.client.address);
        for (int i = 0; i < 50; ++i) {
            Bytes junk(100);
            pair.world.random.fill(junk);
            junk[2] = static_cast<std::byte>(i % 16);
            pair.world.inject(kVictim, pair.client.address, junk);
        }
        Bytes probe;
        wire::writePayload(probe, pair.client.obfuscation, {1, 0}, {kVictim.address, pair.client.address.address}, 5,
                           wire::encodePaddedProbe(3));
        pair.world.inject(kVictim, pair.client.address, probe);
        pair.world.run(5s);
        QCOMPARE(tap.bytesTo(kVictim), std::size_t(0));
    }

    void mediaCountsOnlyOnAValidatedPath() {
        RelayedPair pair;
        const auto link = pair.open();
        pair.world.run(1s);
        Bytes media;
        ByteWriter writer(media);
        wire::writeFrameHeader(writer, 1, wire::FrameType::Media, 0);
        append(media, Bytes(100));
        // From a stranger; from where only the link to the node is; in a forward frame from a stranger.
        pair.world.inject(kVictim, pair.bob.address, media);
        pair.world.inject(pair.node.address, pair.bob.address, media);
        Bytes forwarded;
        ByteWriter forwardWriter(forwarded);
        wire::writeForward(forwardWriter, 2, 0, pair.atBob.channel, media);
        pair.world.inject(kVictim, pair.bob.address, forwarded);
        // On another channel of the right link.
        Bytes elsewhere;
        ByteWriter elsewhereWriter(elsewhere);
        wire::writeForward(elsewhereWriter, 2, 0, ChannelId::random(pair.world.random), media);
        pair.world.inject(pair.node.address, pair.bob.address, elsewhere);
        // On a path that was named but has not answered its challenge.
        pair.bob.transport.addPath(pair.world.now(), RelayedPair::peerLink(pair.bob), UdpPath{kVictim});
        pair.world.inject(kVictim, pair.bob.address, media);
        pair.world.run(1s);
        QCOMPARE(pair.bob.count<MediaReceived>(), std::size_t(0));
        QCOMPARE(pair.bob.transport.counters().framesHomeless, std::uint64_t(4));
        // And the right way, so that the above shows something.
        pair.world.inject(pair.node.address, pair.bob.address, forwarded);
        pair.world.run(1s);
        QCOMPARE(pair.bob.count<MediaReceived>(), std::size_t(1));
        QVERIFY(link != 0);
    }

    void forwardFramesOfStrangersAreDropped() {
        RelayedPair pair;
        Bytes forwarded;
        ByteWriter writer(forwarded);
        wire::writeForward(writer, 2, 0, pair.atAlice.channel, Bytes(50));
        pair.world.inject(kVictim, pair.node.address, forwarded);
        pair.world.run(1s);
        QCOMPARE(pair.node.count<ForwardReceived>(), std::size_t(0));
        pair.world.inject(pair.alice.address, pair.node.address, forwarded);
        pair.world.run(1s);
        QCOMPARE(pair.node.count<ForwardReceived>(), std::size_t(1));
    }

    // Every prefix of and every single damage to genuine datagrams: nothing breaks, and the link goes on.
    void damagedAndTruncatedDatagramsAreHarmless() {
        TransportPair pair;
        std::vector<Bytes> toServer;
        pair.world.filter = [&](const Endpoint& from, const Endpoint&, ByteView datagram) {
            if (from != pair.client.address) return true;
            toServer.push_back(toBytes(datagram));
            for (int i = 0; i < 3; ++i) {
                Bytes bad = toBytes(datagram);
                bad[pair.world.random.below(bad.size())] ^= static_cast<std::byte>(1 + pair.world.random.below(255));
                bad.resize(pair.world.random.below(4) == 0 ? pair.world.random.below(bad.size() + 1) : bad.size());
                pair.world.inject(from, pair.server.address, bad);
            }
            return true;
        };
        const auto link = pair.openUdp();
        QVERIFY(link != 0);
        for (int i = 0; i < 20; ++i) {
            pair.client.transport.send(pair.world.now(), link, Stream::Chat, textCommand(std::to_string(i)));
            pair.world.run(20ms);
        }
        pair.world.run(2s);
        QCOMPARE(pair.server.texts(pair.serverLink(), Stream::Chat).size(), std::size_t(20));
        QCOMPARE(pair.server.count<LinkOpened>(), std::size_t(1));
    }
};

KITH_TEST(HostileTest);
#include "hostile_test.moc"
