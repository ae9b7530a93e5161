// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QTest>

#include "tests/scenarios/village.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::test;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kPeople = 50;
constexpr int kTexts = 150;
constexpr std::size_t kCalls = 12;

/// What one telling of the story came to.
struct Told {
    std::string trouble;  ///< where it did not go on; empty: it came to its good end
    std::uint64_t trace = 0;
    std::size_t texts = 0;
    std::size_t calls = 0;  ///< in which both heard the other
};

std::size_t somebody(Village& village) {
    return static_cast<std::size_t>(village.world.random.below(kPeople));
}

/// Everybody writes to those they know, pairs call; programs and the server die in between.
void writeAndCallThroughMisfortune(Village& village) {
    std::size_t calls = 0;
    for (int i = 0; i < kTexts; ++i) {
        const auto from = somebody(village);
        village.write(from, (from + 1 + village.world.random.below(2)) % kPeople);
        if (i % 10 == 0) village.killSoon(somebody(village), village.world.random.within(1s), 3s);
        if (i % 60 == 30) village.killServerSoon(village.world.random.within(1s), 4s);
        if (i % 8 == 0 && calls < kCalls) {
            village.call(4 * calls, 4 * calls + 1);
            ++calls;
        }
        village.world.run(village.world.random.within(400ms));
        village.callsGoOn();
    }
}

Told tell(std::uint64_t seed) {
    Village village(seed, kPeople);
    village.killServerSoon(3s, 2s);
    if (!village.everybodySignsUp()) return {"signing up"};
    for (int i = 0; i < 5; ++i) village.killSoon(somebody(village), village.world.random.within(10s), 2s);
    if (!village.neighboursMeet(2)) return {"meeting"};
    writeAndCallThroughMisfortune(village);
    if (!village.allCallsEndWithin(3min)) return {"ending all calls"};
    if (!village.wrongCall().empty()) return {village.wrongCall()};
    if (!village.everybodyIsOnline()) return {"coming back"};
    if (!village.allArriveWithin(10min)) return {"arriving"};
    village.world.run(1min);
    if (const auto wrong = village.wrong(); !wrong.empty()) return {wrong};
    if (!village.talk(3, 4) || !village.talk(20, 22)) return {"talking"};
    if (!village.hangUp(3, 4) || !village.hangUp(22, 20)) return {"hanging up"};
    return {{}, village.traceValue(), village.acceptedCount(), village.heardCount()};
}

}  // namespace

class VillageTest : public QObject {
    Q_OBJECT

private slots:
    void fiftyPeopleAndTheSameSeedTheSameTrace() {
        const auto first = tell(1);
        QVERIFY2(first.trouble.empty(), first.trouble.c_str());
        QVERIFY2(first.texts > kTexts * 8 / 10, std::to_string(first.texts).c_str());
        QVERIFY2(first.calls >= kCalls / 2, std::to_string(first.calls).c_str());
        const auto again = tell(1);
        QCOMPARE(again.trace, first.trace);
        QCOMPARE(again.texts, first.texts);
        QCOMPARE(again.calls, first.calls);
    }

    void anotherSeedTellsAnotherStory() {
        const auto told = tell(2);
        QVERIFY2(told.trouble.empty(), told.trouble.c_str());
        const auto another = tell(3);
        QVERIFY2(another.trouble.empty(), another.trouble.c_str());
        QVERIFY(told.trace != another.trace);
    }
};

KITH_TEST(VillageTest);
#include "village_test.moc"
