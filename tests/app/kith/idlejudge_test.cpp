// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/kith/idlejudge.h"

#include <QTest>

#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::app;
using namespace std::chrono_literals;

namespace {

/// A computer in virtual time: what the person does is touched or done elsewhere.
struct Computer {
    Instant now{};
    IdleJudge judge{now};
    Instant elsewhere{};
    bool tells = true;  ///< the desktop does
    std::vector<int> told;
    int looks = 0;

    void run(Duration span) {
        const Instant end = now + span;
        while (judge.nextLook() <= end) {
            now = std::max(now, judge.nextLook());
            ++looks;
            judge.looked(now, tells ? std::optional(now - elsewhere) : std::nullopt);
            take();
        }
        now = end;
    }
    void touch() {
        elsewhere = now;
        judge.input(now);
        take();
    }
    void take() {
        if (const auto seconds = judge.takeTold()) told.push_back(*seconds);
    }
};

}  // namespace

class IdleJudgeTest : public QObject {
    Q_OBJECT

private slots:
    void whoLeavesTheComputerIsToldOnceAndWhoComesBackAtOnce() {
        for (const bool tells : {true, false}) {
            Computer computer;
            computer.tells = tells;
            computer.run(4min);
            computer.touch();
            computer.run(4min + 59s);
            QVERIFY(computer.told.empty());
            computer.run(2h);
            QCOMPARE(computer.told, std::vector<int>{300});
            computer.touch();
            QCOMPARE(computer.told, (std::vector<int>{300, 0}));
            computer.run(6min);
            QCOMPARE(computer.told.size(), std::size_t{3});
        }
    }

    void workInOtherWindowsCounts() {
        Computer computer;
        for (int i = 0; i < 60; ++i) {
            computer.run(1min);
            computer.elsewhere = computer.now;
        }
        QVERIFY(computer.told.empty());
        QVERIFY(computer.looks < 20);
        computer.run(10min);
        QCOMPARE(computer.told, std::vector<int>{300});
        computer.elsewhere = computer.now;
        computer.run(6s);
        QCOMPARE(computer.told, (std::vector<int>{300, 0}));
    }

    void whoIsThereCostsNothing() {
        Computer computer;
        for (int i = 0; i < 3600; ++i) {
            computer.run(1s);
            computer.touch();
        }
        QVERIFY(computer.told.empty());
        QVERIFY(computer.looks <= 13);
    }
};

KITH_TEST(IdleJudgeTest);
#include "idlejudge_test.moc"
