// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QTest>

#include "protocol/link/lossdetection.h"
#include "protocol/link/pacer.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::link;
using namespace std::chrono_literals;

namespace {

constexpr Instant kStart{1h};

/// Remembers the offsets of frames that were acknowledged or lost.
struct Owner final : FrameOwner {
    std::vector<std::uint64_t> acked;
    std::vector<std::uint64_t> lost;
    void onAcked(const SentFrame& frame) override { acked.push_back(frame.value); }
    void onLost(const SentFrame& frame) override { lost.push_back(frame.value); }
};

SentPacket packet(std::uint64_t number, Instant at, std::uint16_t size = 1200) {
    SentPacket sent;
    sent.number = number;
    sent.sentAt = at;
    sent.size = size;
    sent.frameCount = 1;
    sent.list[0] = {SentFrame::Kind::Stream, 0, 100, number};
    return sent;
}

/// A path of 100 ms that has been measured, with nothing under way. Number 0 is used up.
struct Measured {
    LossDetection loss{false};
    Owner owner;
    Instant now = kStart;

    Measured() {
        loss.onPacketSent(packet(0, now));
        now += 100ms;
        ack({{0, 1}});
        owner = {};
    }
    LossDetection::AckResult ack(std::vector<Range> ranges, std::optional<Duration> delay = 0ms) {
        return loss.onAckReceived(now, ranges, delay, owner);
    }
    void send(std::uint64_t first, std::uint64_t last) {
        for (std::uint64_t n = first; n <= last; ++n) loss.onPacketSent(packet(n, now));
    }
};

using Numbers = std::vector<std::uint64_t>;

}  // namespace

/// RFC 9002 section 5.
class RoundTripTest : public QObject {
    Q_OBJECT

private slots:
    void startsWithAGuess() {
        QCOMPARE(RoundTrip().smoothed(), Duration(333ms));
        QCOMPARE(RoundTrip().variation(), Duration(333ms) / 2);
        QCOMPARE(RoundTrip(80ms).smoothed(), Duration(80ms));
        QVERIFY(!RoundTrip(80ms).hasSample());
    }

    void theFirstSampleReplacesTheGuess() {
        RoundTrip rtt;
        rtt.addSample(100ms, 50ms);
        QCOMPARE(rtt.latest(), Duration(100ms));
        QCOMPARE(rtt.smallest(), Duration(100ms));
        QCOMPARE(rtt.smoothed(), Duration(100ms));
        QCOMPARE(rtt.variation(), Duration(50ms));
    }

    // smoothed = 7/8 smoothed + 1/8 adjusted; rttvar = 3/4 rttvar + 1/4 |smoothed - adjusted|
    void laterSamplesAreWeighed() {
        RoundTrip rtt;
        rtt.addSample(100ms, 0ms);
        rtt.addSample(180ms, 0ms);
        QCOMPARE(rtt.smoothed(), Duration(110ms));
        QCOMPARE(rtt.variation(), Duration(57500us));
        QCOMPARE(rtt.smallest(), Duration(100ms));
    }

    void theDelayOfTheAckIsTakenOff() {
        RoundTrip rtt;
        rtt.addSample(100ms, 0ms);
        rtt.addSample(140ms, 20ms);
        QCOMPARE(rtt.smoothed(), Duration(102500us));
    }

    void noMoreDelayThanAgreed() {
        RoundTrip rtt;
        rtt.addSample(100ms, 0ms);
        rtt.addSample(200ms, 90ms);  // 25 ms count
        QCOMPARE(rtt.smoothed(), Duration(109375us));
    }

    void theDelayNeverBringsASampleBelowTheSmallest() {
        RoundTrip rtt;
        rtt.addSample(100ms, 0ms);
        rtt.addSample(110ms, 25ms);
        QCOMPARE(rtt.smoothed(), Duration(101250us));
    }

    void probeTimeout() {
        RoundTrip rtt;
        rtt.addSample(100ms, 0ms);
        QCOMPARE(rtt.probeTimeout(), Duration(100ms + 4 * 50ms + 25ms));
        for (int i = 0; i < 200; ++i) rtt.addSample(100ms, 0ms);
        QCOMPARE(rtt.probeTimeout(), Duration(100ms + 1ms + 25ms));  // granularity
    }
};

/// RFC 9002 appendix A, function by function.
class LossDetectionTest : public QObject {
    Q_OBJECT

private slots:
    // OnPacketSent
    void aSentPacketIsInFlightAndSetsTheTimer() {
        LossDetection loss(false, 100ms);
        QVERIFY(loss.timer() == kNever);
        loss.onPacketSent(packet(7, kStart));
        QCOMPARE(loss.congestion().inFlight(), std::size_t(1200));
        QVERIFY(loss.timer() == kStart + loss.roundTrip().probeTimeout());
    }

    // OnAckReceived, DetectAndRemoveAckedPackets
    void acknowledgedPacketsLeave() {
        Measured m;
        m.send(1, 5);
        m.now += 100ms;
        const auto result = m.ack({{4, 6}, {1, 3}});
        QCOMPARE(result.acked, 4U);
        QCOMPARE(result.largest, std::uint64_t(5));
        QCOMPARE(m.owner.acked, (Numbers{4, 5, 1, 2}));
        QCOMPARE(m.loss.congestion().inFlight(), std::size_t(1200));
    }

    void aSecondAckOfTheSameSaysNothing() {
        Measured m;
        m.send(1, 1);
        m.now += 100ms;
        QCOMPARE(m.ack({{0, 2}}).acked, 1U);
        m.now += 900ms;
        QCOMPARE(m.ack({{0, 2}}).acked, 0U);
        QCOMPARE(m.loss.roundTrip().latest(), Duration(100ms));
    }

    void numbersThatWereNeverSentHereAreNobodys() {
        Measured m;
        m.send(10, 11);
        QCOMPARE(m.ack({{20, 30}, {2, 9}}).acked, 0U);
        QVERIFY(m.owner.acked.empty());
    }

    // UpdateRtt happens only when the largest acknowledged is new, and came back on this path.
    void onlyTheNewestNumberMeasures() {
        Measured m;
        m.send(1, 1);
        m.now += 50ms;
        m.send(2, 2);
        m.now += 50ms;
        m.ack({{2, 3}}, std::nullopt);
        QCOMPARE(m.loss.roundTrip().latest(), Duration(100ms));  // still the one of number 0
        m.send(3, 4);
        m.now += 70ms;
        m.ack({{4, 5}});
        QCOMPARE(m.loss.roundTrip().latest(), Duration(70ms));
        m.now += 70ms;
        m.ack({{3, 5}});  // 3 is new, the largest isn't
        QCOMPARE(m.loss.roundTrip().latest(), Duration(70ms));
    }

    // DetectAndRemoveLostPackets by number, table of RFC 9002 6.1.1.
    void lossByOrder_data() {
        QTest::addColumn<int>("sent");
        QTest::addColumn<int>("acked");
        QTest::addColumn<int>("lost");
        QTest::newRow("next one") << 2 << 2 << 0;
        QTest::newRow("two later") << 3 << 3 << 0;
        QTest::newRow("three later") << 4 << 4 << 1;
        QTest::newRow("ten later") << 11 << 11 << 8;
        QTest::newRow("later ones stay") << 11 << 4 << 1;
    }
    void lossByOrder() {
        QFETCH(int, sent);
        QFETCH(int, acked);
        QFETCH(int, lost);
        Measured m;
        m.send(1, static_cast<std::uint64_t>(sent));
        const auto number = static_cast<std::uint64_t>(acked);
        const auto result = m.ack({{number, number + 1}});
        QCOMPARE(result.lost, static_cast<std::uint32_t>(lost));
        QCOMPARE(m.owner.lost.size(), static_cast<std::size_t>(lost));
    }

    // Numbers are shared between paths: a gap of numbers that went elsewhere is no reordering.
    void orderCountsThisPathsPackets() {
        Measured m;
        for (const std::uint64_t n : {1U, 50U, 60U}) m.loss.onPacketSent(packet(n, m.now));
        QCOMPARE(m.ack({{60, 61}}).lost, 0U);
        m.loss.onPacketSent(packet(61, m.now));
        QCOMPARE(m.ack({{61, 62}}).lost, 1U);
        QCOMPARE(m.owner.lost, Numbers{1});
    }

    // DetectAndRemoveLostPackets by time; GetLossTimeAndSpace; OnLossDetectionTimeout.
    void lossByTime() {
        Measured m;
        m.send(1, 1);
        m.now += 10ms;
        m.send(2, 2);
        m.now += 100ms;
        QCOMPARE(m.ack({{2, 3}}).lost, 0U);
        const Instant due = kStart + 100ms + Duration(100ms) * 9 / 8;  // number 1 and 9/8 of a round trip
        QVERIFY(m.loss.timer() == due);
        QCOMPARE(m.loss.onTimeout(due - 1ns, m.owner).lost, 0U);
        const auto result = m.loss.onTimeout(due, m.owner);
        QCOMPARE(result.lost, 1U);
        QVERIFY(!result.sendProbe);
        QCOMPARE(m.owner.lost, Numbers{1});
        QVERIFY(m.loss.timer() == kNever);
        QVERIFY(m.loss.isIdle());
    }

    void whatWasSentAfterTheLargestIsNotLost() {
        Measured m;
        m.send(1, 1);
        m.now += 100ms;
        m.send(2, 2);
        m.now += 10s;
        QCOMPARE(m.ack({{1, 2}}).lost, 0U);
    }

    // GetPtoTimeAndSpace, OnLossDetectionTimeout: back-off, which an ack ends.
    void probesBackOff() {
        Measured m;
        m.send(1, 1);
        const Duration once = m.loss.roundTrip().probeTimeout();
        Instant due = m.now + once;
        for (int n = 1; n <= 2; ++n) {
            QVERIFY(m.loss.timer() == due);
            const auto result = m.loss.onTimeout(due, m.owner);
            QVERIFY(result.sendProbe);
            QCOMPARE(result.lost, 0U);
            QCOMPARE(m.loss.probeTimeout(), once * (1 << n));
            due = m.now + once * (1 << n);
        }
        QVERIFY(m.owner.lost.empty());
        m.now = due;
        m.ack({{1, 2}});
        QCOMPARE(m.loss.probeCount(), std::uint8_t(0));
    }

    void backOffHasAnEnd() {
        Measured m;
        m.send(1, 1);
        for (int i = 0; i < 300; ++i) m.loss.onTimeout(m.loss.timer(), m.owner);
        QCOMPARE(m.loss.probeTimeout(), LossDetection::kLongestBackOff);
    }

    void aProbeRepeatsTheOldestOnce() {
        Measured m;
        m.send(1, 2);
        QVERIFY(m.loss.repeatOldest(m.owner));
        QCOMPARE(m.owner.lost, Numbers{1});
        QVERIFY(m.loss.repeatOldest(m.owner));
        QCOMPARE(m.owner.lost, (Numbers{1, 2}));
        QVERIFY(!m.loss.repeatOldest(m.owner));
        QCOMPARE(m.loss.congestion().inFlight(), std::size_t(2400));
        // Lost after all: its frames travel already.
        m.send(3, 6);
        m.ack({{6, 7}});
        QCOMPARE(m.owner.lost, (Numbers{1, 2, 3}));
    }

    // OnPacketsLost
    void lossCutsTheWindowOnceARoundTrip() {
        Measured m;
        const std::size_t before = m.loss.congestion().window();
        m.send(1, 5);
        m.now += 100ms;
        m.ack({{5, 6}});  // 1 and 2 are lost, sent before recovery began
        const std::size_t after = m.loss.congestion().window();
        QVERIFY(after < before);
        m.now += 1ms;
        m.loss.onTimeout(m.now + 1s, m.owner);  // 3 and 4 too: the same recovery
        QCOMPARE(m.loss.congestion().window(), after);
    }

    // InPersistentCongestion: everything lost over more than three probe timeouts.
    void persistentCongestion() {
        Measured m;
        const Duration span = m.loss.roundTrip().probeTimeout() * LossDetection::kPersistentThreshold;
        m.now += 1ms;  // what was sent before the first measurement doesn't count
        m.send(1, 1);
        m.now += span / 2;
        m.send(2, 2);
        m.now += span / 2 + 1ms;
        m.send(3, 4);
        m.now += 10ms;
        m.send(5, 8);
        m.now += 100ms;
        m.ack({{8, 9}});
        QCOMPARE(m.owner.lost, (Numbers{1, 2, 3, 4, 5}));
        QCOMPARE(m.loss.congestion().window(), std::size_t(Congestion::kMinimumWindow));
    }

    void anAckInBetweenMeansNoPersistentCongestion() {
        Measured m;
        const Duration span = m.loss.roundTrip().probeTimeout() * LossDetection::kPersistentThreshold;
        m.now += 1ms;  // what was sent before the first measurement doesn't count
        m.send(1, 1);
        m.now += span / 2;
        m.send(2, 2);
        m.now += span / 2 + 1ms;
        m.send(3, 8);
        m.now += 100ms;
        m.ack({{8, 9}, {2, 3}});
        QCOMPARE(m.owner.lost, (Numbers{1, 3, 4, 5}));
        QVERIFY(m.loss.congestion().window() > Congestion::kMinimumWindow);
    }

    void aReliablePathLosesNothingByItself() {
        LossDetection loss(true);
        Owner owner;
        for (std::uint64_t n = 0; n < 10; ++n) loss.onPacketSent(packet(n, kStart));
        QVERIFY(loss.timer() == kNever);
        const std::vector<Range> ranges{{9, 10}};
        QCOMPARE(loss.onAckReceived(kStart + 10s, ranges, 0ms, owner).lost, 0U);
        QVERIFY(loss.timer() == kNever);
        loss.evacuate(owner);
        QCOMPARE(owner.lost.size(), std::size_t(9));
        QCOMPARE(loss.congestion().inFlight(), std::size_t(0));
    }

    void evacuationDoesNotCutTheWindow() {
        Measured m;
        const std::size_t before = m.loss.congestion().window();
        m.send(1, 5);
        m.loss.evacuate(m.owner);
        QCOMPARE(m.owner.lost.size(), std::size_t(5));
        QCOMPARE(m.loss.congestion().window(), before);
        QVERIFY(m.loss.timer() == kNever);
        m.ack({{1, 6}});  // late: they have been told as lost
        QVERIFY(m.owner.acked.empty());
    }
};

/// RFC 9002 section 7, appendix B.
class CongestionTest : public QObject {
    Q_OBJECT

private slots:
    void slowStartDoublesARoundTrip() {
        Congestion congestion;
        for (int i = 0; i < 10; ++i) congestion.onPacketSent(1200);
        QVERIFY(!congestion.allows(1200));
        for (int i = 0; i < 10; ++i) congestion.onPacketAcked(1200, kStart, true);
        QCOMPARE(congestion.window(), std::size_t(2 * Congestion::kInitialWindow));
    }

    void anIdleWindowDoesNotGrow() {
        Congestion congestion;
        congestion.onPacketSent(1200);
        QVERIFY(!congestion.isWindowUsed());
        congestion.onPacketAcked(1200, kStart, congestion.isWindowUsed());
        QCOMPARE(congestion.window(), std::size_t(Congestion::kInitialWindow));
    }

    void lossHalvesAndAvoidanceAddsOneDatagramARoundTrip() {
        Congestion congestion;
        congestion.onCongestion(kStart, kStart + 1ms);
        QCOMPARE(congestion.window(), std::size_t(6000));
        QVERIFY(!congestion.isInSlowStart());
        for (int i = 0; i < 5; ++i) {
            congestion.onPacketSent(1200);
            congestion.onPacketAcked(1200, kStart + 2ms, true);
        }
        QCOMPARE(congestion.window(), std::size_t(7200));
    }

    void nothingSentBeforeRecoveryCountsInIt() {
        Congestion congestion;
        congestion.onCongestion(kStart, kStart + 10ms);
        const auto window = congestion.window();
        congestion.onCongestion(kStart + 5ms, kStart + 20ms);
        congestion.onPacketSent(1200);
        congestion.onPacketAcked(1200, kStart + 10ms, true);
        QCOMPARE(congestion.window(), window);
        congestion.onCongestion(kStart + 11ms, kStart + 30ms);
        QCOMPARE(congestion.window(), window / 2);
    }

    void theWindowHasAFloorAndACeiling() {
        Congestion congestion;
        for (int i = 1; i < 20; ++i) congestion.onCongestion(kStart + i * 1s, kStart + i * 1s);
        QCOMPARE(congestion.window(), std::size_t(Congestion::kMinimumWindow));
        Congestion large;
        for (int i = 0; i < 10'000; ++i) {
            large.onPacketSent(1200);
            large.onPacketAcked(1200, kStart, true);
        }
        QCOMPARE(large.window(), std::size_t(Congestion::kMaximumWindow));
    }

    void afterPersistentCongestionSlowStartBeginsAgain() {
        Congestion congestion;
        congestion.onCongestion(kStart, kStart);
        congestion.onPersistentCongestion();
        QCOMPARE(congestion.window(), std::size_t(Congestion::kMinimumWindow));
        QVERIFY(congestion.isInSlowStart());
        congestion.onPacketSent(1200);
        congestion.onPacketAcked(1200, kStart, true);
        QCOMPARE(congestion.window(), std::size_t(Congestion::kMinimumWindow + 1200));
    }

    // 7.7: ten at once, then 5/4 of a window a round trip.
    void pacing() {
        Pacer pacer;
        constexpr std::size_t kWindow = 120'000;
        Instant now = kStart;
        int burst = 0;
        while (pacer.allows(now, 1200, kWindow, 100ms)) pacer.onPacketSent(now, 1200, kWindow, 100ms), ++burst;
        QCOMPARE(burst, 10);
        int paced = 0;
        while (now < kStart + 100ms) {
            const Instant next = pacer.readyAt(now, 1200, kWindow, 100ms);
            QVERIFY(next > now);
            QVERIFY(!pacer.allows(next - 10us, 1200, kWindow, 100ms));
            now = next;
            QVERIFY(pacer.allows(now, 1200, kWindow, 100ms));
            pacer.onPacketSent(now, 1200, kWindow, 100ms);
            ++paced;
        }
        QVERIFY(paced >= 124 && paced <= 126);
    }
};

KITH_TEST(RoundTripTest);
KITH_TEST(LossDetectionTest);
KITH_TEST(CongestionTest);

#include "recovery_test.moc"
