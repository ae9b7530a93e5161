// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QJsonArray>
#include <QTest>

#include "tests/app/calls/twopeople.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace Qt::StringLiterals;

/// What people do about a call besides talking, and what both sides get to know of it. Nobody hears anything here.
class CourtesiesTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        qputenv("PULSE_SERVER", "unix:/nowhere");
        m_two = std::make_unique<test::TwoPeople>();
        QVERIFY(m_two->begin());
    }
    void cleanupTestCase() { m_two.reset(); }

    void declined() {
        const QString call = ring(alice(), bob());
        QVERIFY(!call.isEmpty());
        QVERIFY(bob().does({u"decline-call"_s}));
        bothKnow(call, u"declined"_s);
        QVERIFY(lastOf(alice(), bob()).contains(u"call to bob: declined"_s));
        QVERIFY(lastOf(bob(), alice()).contains(u"call from alice: declined"_s));
    }

    void cancelled() {
        const QString call = ring(alice(), bob());
        QVERIFY(!call.isEmpty());
        QVERIFY(alice().does({u"hang-up"_s}));
        bothKnow(call, u"cancelled"_s);
        QVERIFY(lastOf(alice(), bob()).contains(u"call to bob: cancelled"_s));
        QVERIFY(lastOf(bob(), alice()).contains(u"missed call alice: cancelled"_s));
    }

    void mutedHeldAndHungUp() {
        const QString call = talk(alice(), bob());
        QVERIFY(!call.isEmpty());
        QVERIFY(alice().does({u"mute"_s}));
        QVERIFY(is(alice(), "muted"_L1, true) && !bob().call().value("muted"_L1).toBool());
        QVERIFY(alice().does({u"mute"_s, u"--off"_s}));
        QVERIFY(is(alice(), "muted"_L1, false));

        QVERIFY(bob().does({u"hold"_s}));
        QVERIFY(is(bob(), "heldByUs"_L1, true) && is(alice(), "heldByThem"_L1, true));
        QVERIFY(!alice().call().value("heldByUs"_L1).toBool() && !bob().call().value("heldByThem"_L1).toBool());
        QVERIFY(bob().does({u"hold"_s, u"--off"_s}));
        QVERIFY(is(bob(), "heldByUs"_L1, false) && is(alice(), "heldByThem"_L1, false));

        QVERIFY(bob().does({u"hang-up"_s}));
        bothKnow(call, u"hungUp"_s);
        QVERIFY(lastOf(alice(), bob()).contains(u"call to bob: hung up"_s));
        QVERIFY(lastOf(bob(), alice()).contains(u"call from alice: hung up"_s));
        // Nothing is left that could be ended.
        QCOMPARE(alice().ctl({u"hang-up"_s}).code, 1);
        QCOMPARE(bob().ctl({u"hang-up"_s}).code, 1);
    }

    void aThirdPersonCalls() {
        test::Person carol(u"carol"_s);
        QVERIFY(carol.start() && m_two->signUp(carol) && test::makeContacts(carol, bob()));
        const QString first = talk(alice(), bob());
        QVERIFY(!first.isEmpty());

        // Who talks and declines is busy, and goes on talking.
        const QString refused = ring(carol, bob());
        QVERIFY(!refused.isEmpty());
        QVERIFY(bob().does({u"decline-call"_s, u"carol"_s}));
        QCOMPARE(carol.endOf(refused), u"busy"_s);
        QCOMPARE(bob().endOf(refused), u"busy"_s);
        QVERIFY(lastOf(carol, bob()).contains(u"call to bob: busy"_s));
        QVERIFY(alice().callIs(u"active"_s) && bob().callIs(u"active"_s));
        QVERIFY(is(alice(), "heldByThem"_L1, false));

        // Who answers has the first one waiting meanwhile.
        const QString second = ring(carol, bob());
        QVERIFY(!second.isEmpty());
        QVERIFY(bob().does({u"answer"_s, u"carol"_s}));
        QVERIFY(carol.callIs(u"active"_s) && is(alice(), "heldByThem"_L1, true));
        QVERIFY(bob().callWith(alice()).value("heldByUs"_L1).toBool());
        QVERIFY(!bob().callWith(carol).value("heldByUs"_L1).toBool());
        QCOMPARE(bob().ctl({u"hang-up"_s}).code, 2);  // which one?
        QVERIFY(bob().does({u"hang-up"_s, u"carol"_s}));
        QCOMPARE(carol.endOf(second), u"hungUp"_s);
        QVERIFY(bob().does({u"hold"_s, u"--off"_s}));
        QVERIFY(is(alice(), "heldByThem"_L1, false));
        QVERIFY(alice().does({u"hang-up"_s}));
        bothKnow(first, u"hungUp"_s);
    }

private:
    test::Person& alice() { return m_two->alice; }
    test::Person& bob() { return m_two->bob; }

    /// The id of a call that rings at both ends; empty if it does not.
    static QString ring(test::Person& from, test::Person& to) {
        const auto phase = [](test::Person& who, test::Person& with, const QString& isIt) {
            return who.waitUntil([&] { return who.callWith(with).value("phase"_L1) == isIt; });
        };
        if (!from.does({u"call"_s, to.name()}) || !phase(to, from, u"incoming"_s) || !phase(from, to, u"ringing"_s))
            return {};
        return from.callWith(to).value("id"_L1).toString();
    }
    static QString talk(test::Person& from, test::Person& to) {
        const QString call = ring(from, to);
        const bool talking =
            !call.isEmpty() && to.does({u"answer"_s}) && from.callIs(u"active"_s) && to.callIs(u"active"_s);
        return talking ? call : QString();
    }
    static bool is(test::Person& who, QLatin1StringView what, bool so) {
        return who.waitUntil([&] {
            const auto call = who.call();
            return call.contains(what) && call.value(what).toBool() == so;
        });
    }
    void bothKnow(const QString& call, const QString& reason) {
        QCOMPARE(alice().endOf(call), reason);
        QCOMPARE(bob().endOf(call), reason);
        QVERIFY(alice().state().value("calls"_L1).toArray().isEmpty());
        QVERIFY(bob().state().value("calls"_L1).toArray().isEmpty());
    }
    /// The newest line of a conversation.
    static QString lastOf(const test::Person& reader, const test::Person& other) {
        return reader.ctl({u"history"_s, other.name(), u"--limit"_s, u"1"_s}).out;
    }

    std::unique_ptr<test::TwoPeople> m_two;
};

KITH_TEST(CourtesiesTest);
#include "courtesies_test.moc"
