// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/jitter/jitterbuffer.h"

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <QTest>
#include <random>

#include "tests/media/jitter/simulatedcall.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace std::chrono_literals;
using test::SimulatedCall;

namespace {

using Line = SimulatedCall::Line;

Line steadyLine() {
    return [](std::int64_t, Duration) { return std::optional<Duration>(40ms); };
}

Duration fromMillis(double ms) {
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double, std::milli>(ms));
}

/// In order, as most lines deliver: nothing comes before what was sent earlier.
Line inOrder(std::function<double(Duration)> delay) {
    auto last = std::make_shared<Duration>();
    return [last, delay = std::move(delay)](std::int64_t, Duration at) -> std::optional<Duration> {
        *last = std::max(*last, at + fromMillis(delay(at)));
        return *last - at;
    };
}

/// Noise of 4 ms all the time, and from 5 to 25 s every two seconds a stall of 80 ms at whose end everything comes.
Line stallingLine() {
    auto random = std::make_shared<std::mt19937>(1);
    return inOrder([random](Duration at) {
        std::normal_distribution<double> noise(0, 4);
        const double quiet = 40 + std::abs(noise(*random));
        const double phase = std::fmod(SimulatedCall::millis(at), 2000);
        return at > 5s && at < 25s && phase < 80 ? std::max(quiet, 120 - phase) : quiet;
    });
}

/// 100 ms more from 5 to 15 s.
Line steppingLine() {
    return [](std::int64_t, Duration at) -> std::optional<Duration> { return at >= 5s && at < 15s ? 140ms : 40ms; };
}

struct Row {
    Duration at;
    double target;      ///< ms
    double mouthToEar;  ///< ms, without the device's and the coder's
};

/// Compares a run with a table; on a difference prints the row as it is.
void followsTable(SimulatedCall& call, const std::vector<Row>& table) {
    for (const Row& row : table) {
        call.run(row.at);
        const double target = SimulatedCall::millis(call.buffer().target());
        const double delay = SimulatedCall::millis(call.mouthToEar());
        const auto is = QStringLiteral("at %1 ms: target %2, mouth to ear %3")
                            .arg(SimulatedCall::millis(row.at))
                            .arg(target)
                            .arg(delay);
        QVERIFY2(std::abs(target - row.target) < 1.0 && std::abs(delay - row.mouthToEar) < 1.0, qPrintable(is));
    }
}

}  // namespace

class JitterBufferTest : public QObject {
    Q_OBJECT
private slots:
    // Three arrival traces. All lines take 40 ms at best and pulls come 3 ms after a packet's 10 ms have begun, so the
    // least that can be is 43 ms when the target is below 3, else 53, 63 …

    void steadyArrivals() {
        SimulatedCall call({}, steadyLine());
        followsTable(call, {{500ms, 5, 53}, {1s, 5, 53}, {5s, 5, 53}, {60s, 5, 53}});
        QCOMPARE(call.counts().concealed, 0);
        QCOMPARE(call.counts().shortened + call.counts().lengthened, 0);
    }

    void jitterWithStallsThatComeBack() {
        SimulatedCall call({}, stallingLine());
        followsTable(call, {
                               {1s, 15, 63},   // noise of 4 ms
                               {7s, 80, 123},  // the first stall: the delay grew, and is kept for a second
                               {8s, 15, 63},   // one stall is none
                               {9s, 80, 123},  // the second: from now on it is waited for
                               {12s, 80, 123},
                               {24s, 80, 123},
                               {36s, 80, 123},  // twelve seconds after the last
                               {40s, 15, 63},   // forgotten
                               {60s, 15, 63},
                           });
        // Two stalls were made up for, the nine others were not heard.
        QCOMPARE(call.counts().concealed, std::int64_t{5760});
        QVERIFY(std::is_sorted(call.counts().order.begin(), call.counts().order.end()));
        QCOMPARE(call.counts().decoded, static_cast<std::int64_t>(call.counts().order.back()) + 1);  // none was dropped
    }

    void aStepOfTheWholePathGivenBack() {
        SimulatedCall call({}, steppingLine());
        followsTable(call, {
                               {4900ms, 5, 53},
                               {5500ms, 105, 153},  // absorbed: what is missing was made up, nothing dropped
                               {7s, 105, 153},
                               {7500ms, 5, 153},  // it is the path: nothing has to be waited for any more
                               {14900ms, 5, 153},
                               {15500ms, 100, 143},  // the slowest is kept for a second
                               {16500ms, 5, 73},     // given back, a quarter faster
                               {17s, 5, 53},
                               {30s, 5, 53},
                           });
        QVERIFY(call.counts().concealed <= 4800);
        QCOMPARE(call.counts().decoded, static_cast<std::int64_t>(call.counts().order.back()) + 1);
    }

    void lossIsConcealedFrameByFrame() {
        SimulatedCall call(
            {}, [](std::int64_t n, Duration) { return n % 20 == 13 ? std::nullopt : std::optional<Duration>(40ms); });
        call.run(20s);
        // One in twenty, 2000 packets; the next one being there, in-band FEC may help.
        const auto made = call.counts().concealed + call.counts().recovered;
        QVERIFY(std::abs(made - 100 * 480) <= 2 * 480);
        QVERIFY(SimulatedCall::millis(call.mouthToEar()) < 64);
    }

    void burstsOfLossDoNotShiftTime() {
        SimulatedCall call(
            {}, [](std::int64_t n, Duration) { return n % 100 < 8 ? std::nullopt : std::optional<Duration>(40ms); });
        call.run(30s);
        QVERIFY(std::abs(SimulatedCall::millis(call.mouthToEar()) - 53) < 11);
        QVERIFY(std::abs(call.counts().concealed + call.counts().recovered - 30 * 8 * 480) < 30 * 480);
        QCOMPARE(call.buffer().statistics().late, std::uint64_t{0});
    }

    void reorderingIsPutRight() {
        SimulatedCall call({}, [](std::int64_t n, Duration) -> std::optional<Duration> {
            return n % 10 == 0 ? 65ms : 40ms;  // overtaken by two
        });
        call.run(20s);
        QVERIFY(std::is_sorted(call.counts().order.begin(), call.counts().order.end()));
        // At first the buffer doesn't know; then it waits.
        QVERIFY(call.counts().concealed + call.counts().recovered <= 10 * 480);
        QVERIFY(std::abs(SimulatedCall::millis(call.buffer().target()) - 30) <= 5);
    }

    void duplicatesAreDropped() {
        jitter::JitterBuffer buffer;
        rtp::Packet packet;
        const Bytes payload(10);
        packet.payload = payload;
        for (int i = 0; i < 3; ++i) buffer.insert(Instant{1s}, packet, 480);
        QCOMPARE(buffer.statistics().duplicates, std::uint64_t{2});
        QCOMPARE(buffer.statistics().received, std::uint64_t{3});
    }

    void whatComesAfterItsTurnIsLate() {
        SimulatedCall call({},
                           [](std::int64_t n, Duration) -> std::optional<Duration> { return n == 500 ? 200ms : 40ms; });
        call.run(10s);
        QCOMPARE(call.buffer().statistics().late, std::uint64_t{1});
        QVERIFY(std::find(call.counts().order.begin(), call.counts().order.end(), 500) == call.counts().order.end());
        QCOMPARE(call.counts().concealed + call.counts().recovered, std::int64_t{480});
    }

    /// A sender that is silent for a while sends nothing (DTX); time goes on at its pace.
    void pausesKeepTheirLength() {
        SimulatedCall call({}, [](std::int64_t n, Duration) {
            return n % 100 < 60 || n % 10 == 0 ? std::optional<Duration>(40ms) : std::nullopt;
        });
        call.run(20s);
        QVERIFY(std::abs(SimulatedCall::millis(call.mouthToEar()) - 53) < 11);
        QCOMPARE(call.buffer().statistics().late, std::uint64_t{0});
    }

    void anHourOfClockDrift_data() {
        QTest::addColumn<double>("skew");
        QTest::newRow("faster") << 300e-6;
        QTest::newRow("slower") << -300e-6;
    }
    void anHourOfClockDrift() {
        QFETCH(double, skew);
        SimulatedCall::Options options;
        options.skew = skew;
        SimulatedCall call(options, steadyLine());
        call.run(3600s);
        QCOMPARE(call.counts().concealed + call.counts().recovered, std::int64_t{0});
        // 300 ppm of an hour is 1.08 s, and that is what was taken out or put in.
        const double stretched = static_cast<double>(call.counts().shortened - call.counts().lengthened) / 48'000;
        QVERIFY2(std::abs(stretched - skew * 3600) < 0.02, qPrintable(QString::number(stretched)));
        QVERIFY(SimulatedCall::millis(call.mouthToEar()) < 65);
        QCOMPARE(call.buffer().statistics().late + call.buffer().statistics().discarded, std::uint64_t{0});
    }

    void longerPacketsWork_data() {
        QTest::addColumn<int>("packet");
        for (const int packet : {120, 240, 480, 960, 1920, 2880}) QTest::addRow("%d samples", packet) << packet;
    }
    void longerPacketsWork() {
        QFETCH(int, packet);
        SimulatedCall::Options options;
        options.packet = packet;
        SimulatedCall call(options, steadyLine());
        call.run(10s);
        QCOMPARE(call.counts().concealed + call.counts().recovered, std::int64_t{0});
        QVERIFY(call.counts().silent < 480 * 8);
        // Best case, the target, and at most a pull more.
        QVERIFY(SimulatedCall::millis(call.mouthToEar()) < 40 + 5 + 10 + 10);
    }

    void aStallOfSecondsIsCaughtUp() {
        SimulatedCall call({}, inOrder([](Duration at) {
                               const double ms = SimulatedCall::millis(at);
                               return ms >= 5000 && ms < 6500 ? 6540 - ms : 40;
                           }));
        call.run(5s);
        QCOMPARE(static_cast<int>(SimulatedCall::millis(call.mouthToEar())), 53);
        call.run(12s);
        QVERIFY2(SimulatedCall::millis(call.mouthToEar()) < 75,
                 qPrintable(QString::number(SimulatedCall::millis(call.mouthToEar()))));
    }

    void aSenderWhoseClockJumpsStartsAnew() {
        jitter::JitterBuffer buffer;
        const Bytes payload(10);
        rtp::Packet packet;
        packet.payload = payload;
        int decoded = 0;
        for (int i = 0; i < 400; ++i) {
            packet.timestamp = static_cast<std::uint32_t>(i * 480) + (i >= 200 ? 0x7000'0000U : 0U);
            const Instant now = Instant{100s} + i * 10ms;
            buffer.insert(now, packet, 480);
            buffer.beginPull(now + 1ms, 480, 0);
            if (buffer.next().kind == jitter::Step::Kind::Decode) ++decoded;
        }
        QCOMPARE(buffer.statistics().resets, std::uint64_t{1});
        QVERIFY(decoded > 390);
    }

    void silentUntilSomethingComesAndAfterItEnds() {
        using Kind = jitter::Step::Kind;
        jitter::JitterBuffer buffer;
        auto pull = [&buffer, at = Instant{1s}]() mutable {
            buffer.beginPull(at, 480, 0);
            at += 10ms;
            return buffer.next().kind;
        };
        for (int i = 0; i < 10; ++i) QVERIFY(pull() == Kind::Silence);
        rtp::Packet packet;
        const Bytes payload(10);
        packet.payload = payload;
        buffer.insert(Instant{1099ms}, packet, 480);
        QVERIFY(pull() == Kind::Silence);  // 1 ms is less than the target
        QVERIFY(pull() == Kind::Decode);
        for (int i = 0; i < 100; ++i) QVERIFY(pull() == Kind::Conceal);
        QVERIFY(pull() == Kind::Silence);
        QVERIFY(buffer.idle());
    }

    /// The speaker stood still for a second: what is then pulled is pulled as before, not stretched.
    void aStallOfTheSpeakerIsNoReasonToStretch() {
        jitter::JitterBuffer buffer;
        const Bytes payload(10);
        rtp::Packet packet;
        packet.payload = payload;
        int lengthened = 0;
        for (int i = 0; i < 400; ++i) {
            packet.timestamp = static_cast<std::uint32_t>(i * 480);
            const Instant now = Instant{100s} + i * 10ms;
            buffer.insert(now, packet, 480);
            if (i >= 200 && i < 300) continue;
            if (buffer.beginPull(now + 6ms, 480, 0) < 0) ++lengthened;
            (void)buffer.next();
        }
        QCOMPARE(lengthened, 0);
        QVERIFY(SimulatedCall::millis(buffer.delay()) < 30);
    }

    /// Any line: every packet comes out at most once and in order, time is made up for what is missing and no more.
    void anyLineGivesOrderedSound() {
        const bool ok = rc::check("any line", [] {
            const auto loss = *rc::gen::inRange(0, 40);
            const auto spread = *rc::gen::inRange(0, 120);
            const auto seed = *rc::gen::arbitrary<std::uint32_t>();
            auto random = std::make_shared<std::mt19937>(seed);
            SimulatedCall::Options options;
            options.packet = *rc::gen::element(240, 480, 960, 1920);
            options.phase = std::chrono::microseconds(*rc::gen::inRange(0, 10'000));
            options.skew = *rc::gen::element(0.0, 1e-4, -1e-4);
            SimulatedCall call(options, [=](std::int64_t, Duration) -> std::optional<Duration> {
                if (static_cast<int>((*random)() % 100) < loss) return std::nullopt;
                return 30ms +
                       (spread > 0 ? std::chrono::milliseconds((*random)() % static_cast<unsigned>(spread)) : 0ms);
            });
            call.run(30s);
            const auto& counts = call.counts();
            RC_ASSERT(std::is_sorted(counts.order.begin(), counts.order.end()));
            RC_ASSERT(std::adjacent_find(counts.order.begin(), counts.order.end()) == counts.order.end());
            RC_ASSERT(counts.decoded > 0);
            // 30 s were played, whatever they were made of; some is still held.
            const auto sum = counts.decoded * options.packet + counts.concealed + counts.recovered + counts.silent +
                             counts.lengthened - counts.shortened;
            RC_ASSERT(std::abs(sum - counts.pulls * 480) <= 6 * 480);
            // And not much later than the slowest packet.
            RC_ASSERT(call.mouthToEar() < 30ms + std::chrono::milliseconds(spread) + 150ms);
        });
        QVERIFY(ok);
    }
};
KITH_TEST(JitterBufferTest);

#include "jitterbuffer_test.moc"
