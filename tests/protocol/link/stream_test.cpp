// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <rapidcheck.h>
#include <QTest>

#include "tests/support/linkpair.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::test;
using namespace std::chrono_literals;

namespace {

constexpr auto kClient = LinkPair::Client;
constexpr auto kServer = LinkPair::Server;

Wire lossyWire() {
    Wire wire;
    wire.delay = 40ms;
    wire.jitter = 20ms;
    wire.loss = 0.05;
    wire.duplication = 0.05;
    return wire;
}

}  // namespace

/// Reliable streams between two links in virtual time.
class StreamTest : public QObject {
    Q_OBJECT

private slots:
    void bytesArriveInOneWay() {
        LinkPair pair;
        QVERIFY(pair.send(kClient, 3, toBytes("hello")));
        QVERIFY(pair.drive());
        QCOMPARE(pair.end(kServer).received[3], toBytes("hello"));
        QCOMPARE(pair.end(kClient).all<link::Drained>().size(), std::size_t(1));
        QCOMPARE(pair.client().backlog(), std::size_t(0));
    }

    void aMegabyteOverABadWire() {
        LinkPair pair(Way::with(lossyWire()));
        const Bytes up = pattern(900'000, 1);
        const Bytes down = pattern(700'000, 2);
        QVERIFY(pair.send(kClient, 1, up));
        QVERIFY(pair.send(kServer, 2, down));
        QVERIFY(pair.drive(600s));
        QVERIFY(pair.end(kServer).received[1] == up);
        QVERIFY(pair.end(kClient).received[2] == down);
        QVERIFY(pair.client().statistics().packetsLost > 10);
    }

    void refusesWhatIsTooMuch() {
        LinkPair pair;
        QVERIFY(!pair.client().send(pair.now(), link::kStreamCount, toBytes("x")));
        QVERIFY(pair.client().send(pair.now(), 0, pattern(link::kMaxBacklog)));
        QVERIFY(!pair.client().send(pair.now(), 1, toBytes("x")));
        QVERIFY(pair.drive(600s));
        QVERIFY(pair.client().send(pair.now(), 1, toBytes("x")));
    }

    // Whatever the wire does: the same bytes, in the same order, once.
    void anyLossReorderingAndDuplicationGivesTheSameStreams() {
        QVERIFY(rc::check([] {
            Wire wire;
            wire.delay = std::chrono::milliseconds(*rc::gen::inRange(0, 200));
            wire.jitter = std::chrono::milliseconds(*rc::gen::inRange(0, 200));
            wire.loss = *rc::gen::inRange(0, 40) / 100.0;
            wire.duplication = *rc::gen::inRange(0, 40) / 100.0;
            wire.bytesPerSecond = *rc::gen::element(0.0, 20'000.0, 1e6);
            LinkPair pair(Way::with(wire), *rc::gen::arbitrary<std::uint64_t>());

            std::map<std::pair<int, link::StreamNumber>, Bytes> sent;
            const auto count = *rc::gen::inRange(1, 30);
            for (int i = 0; i < count; ++i) {
                const auto side = *rc::gen::element(kClient, kServer);
                const auto stream = static_cast<link::StreamNumber>(*rc::gen::inRange(0, 4));
                const auto size = static_cast<std::size_t>(*rc::gen::element(1, 20, 1100, 1200, 10'000));
                const auto repeat = *rc::gen::element(link::Link::Repeat::No, link::Link::Repeat::Once);
                const Bytes bytes = pattern(size, static_cast<std::uint64_t>(i));
                RC_ASSERT(pair.send(side, stream, bytes, repeat));
                append(sent[{side == kClient ? kServer : kClient, stream}], bytes);
                pair.run(std::chrono::milliseconds(*rc::gen::inRange(0, 300)));
            }
            // At 40 % a path may go silent for long enough to be given up: then it is a beginning of what was sent.
            const bool isWhole = pair.drive(600s);
            RC_ASSERT(isWhole || wire.loss > 0.15);
            for (const auto& [to, bytes] : sent) {
                const Bytes& got = pair.end(static_cast<LinkPair::Side>(to.first)).received[to.second];
                RC_ASSERT(got == (isWhole ? bytes : Bytes(bytes.begin(), bytes.begin() + std::ssize(got))));
            }
        }));
    }

    // A lost packet of one stream doesn't hold up another.
    void streamsDoNotWaitForEachOther() {
        LinkPair pair;
        pair.run(1s);
        pair.way(0).toServer->isCut = true;
        pair.send(kClient, 1, toBytes("lost"));
        pair.way(0).toServer->isCut = false;
        pair.send(kClient, 2, toBytes("here"));
        pair.run(25ms);
        QVERIFY(pair.end(kServer).received[1].empty());
        QCOMPARE(pair.end(kServer).received[2], toBytes("here"));
        QVERIFY(pair.drive());
        QCOMPARE(pair.end(kServer).received[1], toBytes("lost"));
    }

    // A long transfer on one stream is under way; the urgent one overtakes what is queued.
    void urgentStreamsGoFirst() {
        Wire slow;
        slow.bytesPerSecond = 50'000;
        slow.queueBytes = 16 * 1024;
        const auto arrival = [&](std::uint16_t urgent) {
            LinkPair pair(Way::with(slow), 1, urgent);
            pair.send(kClient, 5, pattern(500'000));
            pair.run(2s);
            const Instant asked = pair.now().at;
            pair.send(kClient, 6, pattern(5'000));
            while (pair.end(kServer).received[6].size() < 5'000) pair.step();
            return pair.now().at - asked;
        };
        const Duration urgent = arrival(1 << 6);
        const Duration other = arrival(0);
        QVERIFY(urgent < other);
        QVERIFY(urgent < 2s);
    }

    // Two copies 15 ms apart: the loss of the first costs 15 ms and no round trip.
    void repeatedBytesSurviveALossWithoutWaiting() {
        LinkPair pair;
        pair.run(1s);
        pair.way(0).toServer->isCut = true;
        const Instant asked = pair.now().at;
        pair.send(kClient, 6, toBytes("ring"), link::Link::Repeat::Once);
        pair.way(0).toServer->isCut = false;
        while (pair.end(kServer).received[6].empty()) QVERIFY(pair.step());
        QCOMPARE(pair.now().at - asked, Duration(15ms + 20ms));
        QVERIFY(pair.drive());
        QCOMPARE(pair.end(kServer).received[6], toBytes("ring"));
    }

    void acknowledgedBytesAreNotRepeated() {
        Wire fast;
        fast.delay = 1ms;
        LinkPair pair(Way::with(fast));
        pair.run(1s);
        const auto before = pair.client().statistics().packetsSent;
        pair.send(kClient, 6, pattern(4'000), link::Link::Repeat::Once);
        pair.run(1s);
        QCOMPARE(pair.client().statistics().packetsSent, before + 4);
    }

    // A stream that moves more than any credit.
    void creditIsRenewed() {
        Wire fast;
        fast.delay = 5ms;
        LinkPair pair(Way::with(fast));
        Bytes all;
        for (std::uint64_t i = 0; i < 10; ++i) {
            const Bytes part = pattern(200'000, i);
            QVERIFY(pair.send(kClient, 1, part));
            append(all, part);
            QVERIFY(pair.drive(60s));
        }
        QVERIFY(pair.end(kServer).received[1] == all);
    }
};

KITH_TEST(StreamTest);

#include "stream_test.moc"
