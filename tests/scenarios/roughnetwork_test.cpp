// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QTest>

#include "tests/scenarios/twopeople.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::test;
using namespace std::chrono_literals;
using engine::CallPhase;

/// The same people on bad networks, behind walls, and with programs that die.
class RoughNetworkTest : public QObject {
    Q_OBJECT

private slots:
    void withoutUdp() {
        TwoPeople two;
        two.world.conditions.udp = false;
        QVERIFY(two.areContacts());
        QCOMPARE(two.alice.account().rung, std::string("tcp"));
        QVERIFY(two.areTalking());
    }

    void withPort80Alone() { onlyPort(80, "80"); }
    void withPort443Alone() { onlyPort(443, "443"); }

    void withFivePercentLoss() {
        TwoPeople two(3);
        two.world.conditions.loss = 0.05;
        two.world.conditions.delay = 80ms;
        two.world.conditions.jitter = 20ms;
        two.world.conditions.duplication = 0.02;
        two.world.conditions.reordering = 0.05;
        QVERIFY(two.areContacts());
        QVERIFY(two.areTalking());
        for (int i = 0; i < 50; ++i) QVERIFY(two.done(two.alice, engine::SendText{two.bob.name, std::to_string(i)}));
        QVERIFY(two.until([&] { return two.bob.messages(two.alice.name).size() >= 50; }, 1min));
        two.world.run(10s);
        const auto messages = two.bob.messages(two.alice.name);
        QCOMPARE(messages.size(), std::size_t{50});
        for (std::size_t i = 0; i < 50; ++i) QCOMPARE(messages[i].text, std::to_string(i));
    }

    void aCallSurvivesABrokenConnection() {
        TwoPeople two;
        QVERIFY(two.areContacts() && two.areTalking());
        two.world.breakTcp(two.alice.node);
        QVERIFY(two.hearEachOther(20s));
        two.world.run(10s);
        QVERIFY(two.isIn(two.alice, CallPhase::Active) && two.isIn(two.bob, CallPhase::Active));
        QVERIFY(two.hearEachOther(20s));
    }

    void aCallWhoseOtherEndDiesEnds() {
        TwoPeople two;
        QVERIFY(two.areContacts() && two.areTalking());
        two.bob.kill();
        QVERIFY(two.until([&] { return two.isIn(two.alice, CallPhase::Ended); }, 1min));
        QVERIFY(two.alice.call()->end == engine::EndReason::ConnectionLost);
    }

    void nothingIsLostOrDoubledWhenProgramsDie() {
        for (const std::uint64_t seed : {11u, 12u, 13u}) {
            TwoPeople two(seed);
            two.world.conditions.loss = 0.02;
            QVERIFY(two.areContacts());
            std::vector<std::string> written;
            for (int i = 0; i < 30; ++i) {
                auto& mortal = i % 2 ? two.bob : two.alice;
                two.world.run(two.world.random.within(3s));
                mortal.kill();
                two.world.run(two.world.random.within(3s));
                mortal.restart();
                // What was said to be written stays, whatever happens then.
                const auto number = two.alice.ask(engine::SendText{two.bob.name, std::to_string(i)});
                two.world.run(two.world.random.within(200ms));
                const auto outcome = two.alice.outcome(number);
                if (outcome && outcome->reason == engine::Reason::None) written.push_back(std::to_string(i));
            }
            const auto texts = [&] {
                std::vector<std::string> out;
                for (const auto& entry : two.bob.store.history(two.alice.name))
                    if (const auto* message = std::get_if<chat::StoredMessage>(&entry)) out.push_back(message->text);
                return out;
            };
            QVERIFY(written.size() > 10);
            const auto hasAll = [&] {
                const auto now = texts();
                return std::ranges::all_of(written, [&](const auto& it) { return std::ranges::count(now, it) == 1; });
            };
            QVERIFY(two.until(hasAll, 10min));
            two.world.run(2min);
            // One whose writer died before it heard that it was written may have been, too; but only once and in its
            // place.
            QVERIFY(hasAll());
            std::vector<int> order;
            for (const auto& it : texts()) order.push_back(std::stoi(it));
            QVERIFY(std::ranges::adjacent_find(order, std::ranges::greater_equal{}) == order.end());
        }
    }

private:
    void onlyPort(std::uint16_t port, const std::string& rung) {
        TwoPeople two(1, {port});
        two.world.conditions.udp = false;
        QVERIFY(two.areContacts());
        QCOMPARE(two.alice.account().rung, rung);
        QVERIFY(two.areTalking());
    }
};

KITH_TEST(RoughNetworkTest);
#include "roughnetwork_test.moc"
