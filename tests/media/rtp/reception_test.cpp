// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/rtp/reception.h"

#include <rapidcheck.h>

#include <QTest>

#include "tests/support/testmain.h"

using namespace kith;
using namespace std::chrono_literals;

namespace {

constexpr std::uint32_t kRate = 48'000;
constexpr Instant kStart{100s};

rtp::Packet packet(std::uint16_t sequence, std::uint32_t timestamp = 0) {
    rtp::Packet p;
    p.ssrc = 7;
    p.sequence = sequence;
    p.timestamp = timestamp;
    return p;
}

}  // namespace

class ReceptionTest : public QObject {
    Q_OBJECT
private slots:
    void unwrapsForwardAndBack() {
        rtp::Unwrapper<std::uint16_t> unwrapper;
        QCOMPARE(unwrapper.unwrap(65'534), std::int64_t{65'534});
        QCOMPARE(unwrapper.unwrap(1), std::int64_t{65'537});
        QCOMPARE(unwrapper.unwrap(65'535), std::int64_t{65'535});
        QCOMPARE(unwrapper.peek(0), std::int64_t{65'536});
        rtp::Unwrapper<std::uint32_t> stamps;
        QCOMPARE(stamps.unwrap(0xFFFFFF00U), std::int64_t{0xFFFFFF00});
        QCOMPARE(stamps.unwrap(0x100), std::int64_t{0x100000100});
        // Before the first there can be something too.
        rtp::Unwrapper<std::uint16_t> first;
        QCOMPARE(first.unwrap(0), std::int64_t{0});
        QCOMPARE(first.unwrap(65'535), std::int64_t{-1});
    }

    void unwrappingFollowsAnyWalkOfSmallSteps() {
        const bool ok = rc::check("walk", [] {
            std::int64_t real = *rc::gen::inRange(0, 65536);
            rtp::Unwrapper<std::uint16_t> unwrapper;
            RC_ASSERT(unwrapper.unwrap(static_cast<std::uint16_t>(real)) == real);
            for (int i = 0; i < 200; ++i) {
                real += *rc::gen::inRange(-32'767, 32'767);
                RC_ASSERT(unwrapper.unwrap(static_cast<std::uint16_t>(real)) == real);
            }
        });
        QVERIFY(ok);
    }

    void countsLossAcrossTheWrap() {
        rtp::Reception reception(kRate);
        for (int i = 65'500; i < 65'600; ++i)
            if (i % 10 != 3) reception.received(kStart, packet(static_cast<std::uint16_t>(i)));
        QCOMPARE(reception.expected(), std::uint64_t{100});
        QCOMPARE(reception.packets(), std::uint64_t{90});
        QCOMPARE(reception.lost(), std::uint64_t{10});
        const auto block = reception.makeBlock(kStart);
        QCOMPARE(block.ssrc, 7U);
        QCOMPARE(block.cumulativeLost, 10);
        QCOMPARE(block.fractionLost, std::uint8_t{25});  // 10 of 100, in 256ths
        QCOMPARE(block.highestSequence, 65'599U);        // one wrap, then 63
        QCOMPARE(reception.makeBlock(kStart).fractionLost, std::uint8_t{0});
    }

    void reorderingIsNoLossAndDuplicatesAreNegative() {
        rtp::Reception reception(kRate);
        for (const int sequence : {1, 0, 3, 2, 2, 2})
            reception.received(kStart, packet(static_cast<std::uint16_t>(sequence)));
        QCOMPARE(reception.expected(), std::uint64_t{4});
        QCOMPARE(reception.lost(), std::uint64_t{0});
        QCOMPARE(reception.makeBlock(kStart).cumulativeLost, -2);
    }

    void aRestartedSenderCountsAnew() {
        rtp::Reception reception(kRate);
        reception.received(kStart, packet(10));
        reception.received(kStart, packet(20'000));
        QCOMPARE(reception.expected(), std::uint64_t{1});
        auto other = packet(50);
        other.ssrc = 8;
        reception.received(kStart, other);
        QCOMPARE(reception.source(), std::optional<std::uint32_t>(8));
        QCOMPARE(reception.expected(), std::uint64_t{1});
    }

    void jitterIsThatOfAppendixA8() {
        // Packets every 10 ms that arrive alternately on time and 4 ms late: |D| is always 4 ms, so J tends to 4 ms.
        rtp::Reception reception(kRate);
        double expected = 0;
        for (int i = 0; i < 200; ++i) {
            const auto arrival = kStart + i * 10ms + (i % 2) * 4ms;
            reception.received(arrival,
                               packet(static_cast<std::uint16_t>(i),
                                      static_cast<std::uint32_t>(0xFFFFF000U + static_cast<unsigned>(i) * 480)));
            if (i > 0) expected += (4.0 - expected) / 16;
        }
        const double jitter = std::chrono::duration<double, std::milli>(reception.jitter()).count();
        QVERIFY(std::abs(jitter - expected) < 0.03);
        const auto inUnits = reception.makeBlock(kStart).jitter;
        QVERIFY(inUnits >= 190 && inUnits <= 192);
    }

    void roundTripComesBackThroughBothReports() {
        // We report at 1.0 s; the other end gets it 30 ms later, answers 250 ms after that; 50 ms back.
        const Instant origin = kStart;
        const rtp::SenderInfo ours{rtp::ntpSince(origin, origin + 1s), 0, 0, 0};
        rtp::Reception there(kRate);
        there.received(kStart, packet(0));
        there.receivedSenderReport(Instant{5000s}, ours);
        const auto block = there.makeBlock(Instant{5000s} + 250ms);
        const auto measured = rtp::roundTrip(origin, origin + 1330ms, block);
        QVERIFY(measured.has_value());
        QVERIFY(std::abs((*measured - 80ms).count()) < 100'000);
    }

    void impossibleRoundTripsAreNone() {
        rtp::ReportBlock block;
        QVERIFY(!rtp::roundTrip(kStart, kStart + 1s, block));
        block.lastReport = 5 << 16;
        QVERIFY(!rtp::roundTrip(kStart, kStart + 1s, block));  // a report of ours that we are yet to send
        block.delaySinceLastReport = 0xFFFFFFFF;
        QVERIFY(!rtp::roundTrip(kStart, kStart + 100s, block));
    }
};
KITH_TEST(ReceptionTest);

#include "reception_test.moc"
