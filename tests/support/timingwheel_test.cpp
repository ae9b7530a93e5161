// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/timingwheel.h"

#include <rapidcheck.h>

#include <map>
#include <QTest>

#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::test;

namespace {

Instant at(std::uint64_t nanoseconds) {
    return Instant(Duration(static_cast<Duration::rep>(nanoseconds)));
}

/// Near, far and on the borders of slots.
rc::Gen<std::uint64_t> waits() {
    return rc::gen::oneOf(rc::gen::inRange<std::uint64_t>(0, 4), rc::gen::inRange<std::uint64_t>(0, 1 << 18),
                          rc::gen::inRange<std::uint64_t>(0, std::uint64_t{1} << 34),
                          rc::gen::inRange<std::uint64_t>(0, std::uint64_t{1} << 62),
                          rc::gen::element<std::uint64_t>((1 << 16) - 1, 1 << 16, (1 << 24) - 1, 1 << 24,
                                                          (std::uint64_t{1} << 32) - 1, std::uint64_t{1} << 32));
}

}  // namespace

class TimingWheelTest : public QObject {
    Q_OBJECT

private slots:
    void atTheSameTimeInTheOrderOfScheduling() {
        TimingWheel<int> wheel;
        for (int i = 0; i < 100; ++i) wheel.schedule(at(1'000'000'000), i);
        for (int i = 0; i < 100; ++i) QCOMPARE(wheel.pop(at(2'000'000'000))->payload, i);
        QVERIFY(!wheel.pop(at(2'000'000'000)));
    }

    void nothingComesBeforeItsTime() {
        TimingWheel<int> wheel;
        wheel.schedule(at(1000), 1);
        QVERIFY(!wheel.pop(at(999)));
        QCOMPARE(wheel.pop(at(1000))->at, at(1000));
    }

    void thePastIsNow() {
        TimingWheel<int> wheel;
        QVERIFY(!wheel.pop(at(5'000'000'000)));
        wheel.schedule(at(1), 1);
        const auto fired = wheel.pop(at(5'000'000'000));
        QCOMPARE(fired->at, at(5'000'000'000));
    }

    void aHandleIsOfOneEvent() {
        TimingWheel<int> wheel;
        const auto first = wheel.schedule(at(1'000'000'000), 1);
        QVERIFY(wheel.cancel(first));
        QVERIFY(!wheel.cancel(first));
        const auto second = wheel.schedule(at(1'000'000'000), 2);
        QCOMPARE(second.index, first.index);  // the same place, and yet
        QVERIFY(!wheel.cancel(first));
        QCOMPARE(wheel.pop(at(1'000'000'000))->payload, 2);
        QVERIFY(!wheel.cancel(second));
        QCOMPARE(wheel.size(), std::size_t{0});
    }

    void asAnOrderedListWouldDoIt() {
        QVERIFY(rc::check("wheel", [] {
            TimingWheel<int> wheel;
            std::map<std::pair<std::uint64_t, int>, TimingWheel<int>::Handle> reference;
            std::uint64_t now = 0;
            int next = 0;
            const int steps = *rc::gen::inRange(1, 200);
            for (int step = 0; step < steps; ++step) {
                const int what = *rc::gen::inRange(0, 4);
                if (what < 2) {
                    const std::uint64_t time = now + *waits();
                    RC_PRE(time < std::uint64_t{1} << 63);
                    reference[{time, next}] = wheel.schedule(at(time), next);
                    ++next;
                } else if (what == 2 && !reference.empty()) {
                    auto victim = reference.begin();
                    std::advance(victim, *rc::gen::inRange<std::size_t>(0, reference.size()));
                    RC_ASSERT(wheel.cancel(victim->second));
                    reference.erase(victim);
                } else {
                    const std::uint64_t until = std::min(now + *waits(), (std::uint64_t{1} << 63) - 1);
                    const auto fired = wheel.pop(at(until));
                    if (reference.empty() || reference.begin()->first.first > until) {
                        RC_ASSERT(!fired.has_value());
                        now = until;
                    } else {
                        RC_ASSERT(fired.has_value());
                        now = reference.begin()->first.first;
                        RC_ASSERT(fired->at == at(now));
                        RC_ASSERT(fired->payload == reference.begin()->first.second);
                        reference.erase(reference.begin());
                    }
                }
                RC_ASSERT(wheel.size() == reference.size());
            }
        }));
    }
};

KITH_TEST(TimingWheelTest);
#include "timingwheel_test.moc"
