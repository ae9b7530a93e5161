// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <rapidcheck.h>

#include <QTest>

#include "protocol/link/sendstream.h"
#include "tests/support/linkpair.h"
#include "tests/support/sealedbyhand.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::test;
using namespace std::chrono_literals;
using link::Link;

namespace {

constexpr auto kClient = LinkPair::Client;
constexpr auto kServer = LinkPair::Server;

template <class F>
Bytes body(const F& frame) {
    Bytes out;
    writeFrame(out, frame);
    return out;
}

bool wasClosedAsMalformed(LinkPair::End& end) {
    const auto closed = end.all<link::Closed>();
    return closed.size() == 1 && closed[0].reason == Fault::Malformed && !closed[0].byPeer;
}

}  // namespace

/// Packets as an attacker sends them, and a peer that breaks the rules.
class HostileTest : public QObject {
    Q_OBJECT

private slots:
    void alteredPacketsAreDroppedWithoutATrace() {
        LinkPair pair;
        pair.run(1s);
        pair.client().send(pair.now(), 1, toBytes("once"));
        const Bytes packet = pair.capture(kClient).at(0);
        for (std::size_t bit = 0; bit < packet.size() * 8; ++bit) {
            Bytes altered = packet;
            altered[bit / 8] ^= std::byte(1 << bit % 8);
            QVERIFY(pair.server().receive(pair.now(), link::kFirstPath, altered).verdict == Link::Verdict::Dropped);
            QVERIFY(pair.server().receiveElsewhere(pair.now(), {}, altered).verdict == Link::Verdict::Dropped);
        }
        for (std::size_t size = 0; size < packet.size(); ++size)
            QVERIFY(pair.server().receive(pair.now(), link::kFirstPath, ByteView(packet).first(size)).verdict ==
                    Link::Verdict::Dropped);
        QVERIFY(pair.server().receive(pair.now(), link::kFirstPath, Bytes(5000)).verdict == Link::Verdict::Dropped);
        pair.flush();
        QVERIFY(pair.end(kServer).received.empty());
        QVERIFY(pair.server().receive(pair.now(), link::kFirstPath, packet).verdict == Link::Verdict::Accepted);
        pair.flush();
        QCOMPARE(pair.end(kServer).received[1], toBytes("once"));
    }

    void copiesAreDropped() {
        LinkPair pair;
        pair.run(1s);
        std::vector<Bytes> all;
        Bytes text;
        for (int i = 0; i < 200; ++i) {
            pair.client().send(pair.now(), 1, toBytes("x"));
            append(text, toBytes("x"));
            for (Bytes& packet : pair.capture(kClient)) {
                pair.server().receive(pair.now(), link::kFirstPath, packet);
                all.push_back(std::move(packet));
            }
            pair.run(50ms);
            for (const Bytes& packet : all) {
                QVERIFY(pair.server().receive(pair.now(), link::kFirstPath, packet).verdict == Link::Verdict::Dropped);
                QVERIFY(pair.server().receiveElsewhere(pair.now(), {}, packet).verdict == Link::Verdict::Dropped);
            }
        }
        QVERIFY(pair.drive());
        QCOMPARE(pair.end(kServer).received[1], text);
    }

    // Our own packets thrown back at us.
    void reflectionsAreDropped() {
        LinkPair pair;
        pair.run(1s);
        pair.client().send(pair.now(), 1, toBytes("x"));
        for (const Bytes& packet : pair.capture(kClient)) {
            Bytes back = packet;
            std::copy_n(pair.client().ids().front().bytes.begin(), 8, back.begin());
            QVERIFY(pair.client().receive(pair.now(), link::kFirstPath, back).verdict == Link::Verdict::Dropped);
        }
    }

    // Somebody sends our packets on from addresses of his own: they count, but nothing goes there unasked, and it ends.
    void divertedPacketsCostLittle() {
        LinkPair pair;
        pair.run(1s);
        for (int i = 0; i < 50; ++i) {
            pair.client().send(pair.now(), 1, toBytes("x"));
            for (const Bytes& packet : pair.capture(kClient)) {
                const auto arrival = pair.server().receiveElsewhere(pair.now(), {}, packet);
                if (arrival.verdict != Link::Verdict::NewPath) continue;
                Wire nowhere;
                nowhere.isCut = true;
                pair.end(kServer).wayOf[arrival.path] = pair.addWay(Way::with(nowhere));
            }
            pair.flush();
        }
        const auto count = pair.end(kServer).wayOf.size();
        QVERIFY(count <= link::kMaxPaths);
        pair.run(30s);
        for (const auto& [path, way] : pair.end(kServer).wayOf) {
            if (path == link::kFirstPath) continue;
            QVERIFY(pair.way(way).toClient->carried <= 5);
            QVERIFY(!pair.server().isValidated(path));
        }
        QVERIFY(pair.drive());
        QCOMPARE(pair.end(kServer).received[1].size(), std::size_t(50));
        QVERIFY(!pair.server().isClosed());
    }

    // Behind the seal: what a peer that breaks the rules gets.
    void brokenRulesCloseTheLink_data() {
        QTest::addColumn<QByteArray>("body");
        const auto row = [](const char* name, const Bytes& bytes) {
            const auto text = asText(bytes);
            QTest::newRow(name) << QByteArray(text.data(), static_cast<qsizetype>(text.size()));
        };
        row("empty", {});
        row("unknown frame", *fromHex("7f"));
        row("good, then cut off", *fromHex("010311"));
        link::AckFrame ack;
        ack.list[ack.count++] = {0, 1'000'001};
        Bytes never;
        writeFrame(never, ack, 100);
        row("acknowledges what was never sent", never);
        row("beyond the stream's credit", body(link::StreamFrame{1, link::kStreamCredit, asBytes("x")}));
        row("far beyond it", body(link::StreamFrame{1, UINT64_MAX - 10, asBytes("x")}));
        row("retires an id that was never given", body(link::RetiredIdFrame{50}));
        row("an id with a huge number", body(link::NewIdFrame{1ULL << 40, {}}));
    }
    void brokenRulesCloseTheLink() {
        QFETCH(QByteArray, body);
        LinkPair pair;
        pair.run(1s);
        SealedByHand peer(pair);
        peer.send(asBytes({body.data(), static_cast<std::size_t>(body.size())}));
        pair.flush();
        QVERIFY(wasClosedAsMalformed(pair.end(kServer)));
    }

    void moreThanTheLinksCredit() {
        LinkPair pair;
        pair.run(1s);
        SealedByHand peer(pair);
        for (link::StreamNumber stream = 0; stream < link::kStreamCount; ++stream)
            peer.send(body(link::StreamFrame{stream, link::kStreamCredit - 1, asBytes("x")}));
        pair.flush();
        QVERIFY(wasClosedAsMalformed(pair.end(kServer)));
    }

    void moreIdsThanAgreed() {
        LinkPair pair;
        pair.run(1s);
        SealedByHand peer(pair);
        for (std::uint64_t i = 0; i < 100; ++i) peer.send(body(link::NewIdFrame{1000 + i, {}}));
        pair.flush();
        QVERIFY(wasClosedAsMalformed(pair.end(kServer)));
    }

    // Every other byte of a stream: memory stays bounded, and the rest may still come.
    void crumbsAreBounded() {
        LinkPair pair;
        pair.run(1s);
        SealedByHand peer(pair);
        for (std::uint64_t i = 1; i < 5000; i += 2) peer.send(body(link::StreamFrame{1, i, asBytes("b")}));
        pair.flush();
        QVERIFY(!pair.server().isClosed());
        for (std::uint64_t i = 0; i < 5000; i += 2) peer.send(body(link::StreamFrame{1, i, asBytes("a")}));
        pair.flush();
        const Bytes& got = pair.end(kServer).received[1];
        QVERIFY(got.size() >= 1000);
        for (std::size_t i = 0; i < got.size(); ++i) QVERIFY(got[i] == std::byte(i % 2 ? 'b' : 'a'));
    }

    void aPeerThatRetiresEverythingGetsNewIds() {
        LinkPair pair;
        pair.run(1s);
        SealedByHand peer(pair);
        for (std::uint64_t i = 1; i < 300; ++i) peer.send(body(link::RetiredIdFrame{i}));
        pair.flush();
        QVERIFY(pair.server().ids().size() <= link::kMaxIds);
    }

    // Any frames in any order: the link answers, closes, or goes on; it never breaks.
    void anyFramesBehindTheSeal() {
        QVERIFY(rc::check([](const std::vector<std::vector<std::uint8_t>>& bodies) {
            LinkPair pair;
            SealedByHand peer(pair);
            for (const auto& raw : bodies) {
                Bytes bytes(raw.size());
                std::transform(raw.begin(), raw.end(), bytes.begin(), [](auto b) { return std::byte(b % 12); });
                peer.send(bytes);
                pair.flush();
            }
            pair.run(100s);
        }));
    }
};

/// Keys that move on while packets are late, lost and doubled.
class GenerationTest : public QObject {
    Q_OBJECT

private slots:
    void keysMoveOnInABadWire() {
        Wire wire;
        wire.delay = 50ms;
        wire.jitter = 100ms;
        wire.loss = 0.1;
        wire.duplication = 0.1;
        LinkPair pair(Way::with(wire));
        Bytes up;
        Bytes down;
        for (std::uint64_t hour = 0; hour < 5; ++hour) {
            pair.run(60min);
            const Bytes part = pattern(50'000, hour);
            pair.send(kClient, 1, part);
            append(up, part);
            pair.send(kServer, 1, part);
            append(down, part);
        }
        QVERIFY(pair.drive());
        QVERIFY(pair.end(kServer).received[1] == up);
        QVERIFY(pair.end(kClient).received[1] == down);
        const auto client = pair.client().mediaSecret();
        QVERIFY(client.generation >= 4 && client.generation <= 6);
        const auto server = pair.server().mediaSecret(client.generation);
        QVERIFY(server);
        QCOMPARE(server->secret, client.secret);
    }

    void theMediaSecretOfTheOfferIsKeptForOneGeneration() {
        LinkPair pair;
        pair.run(59min);
        const auto offered = pair.client().mediaSecret();
        QCOMPARE(offered.generation, std::uint8_t(0));
        pair.run(30min);
        QCOMPARE(pair.server().mediaSecret().generation, std::uint8_t(1));
        QCOMPARE(pair.server().mediaSecret(0)->secret, offered.secret);
        pair.run(60min);
        QVERIFY(!pair.server().mediaSecret(0));
    }
};

KITH_TEST(HostileTest);
KITH_TEST(GenerationTest);

#include "hostile_test.moc"
