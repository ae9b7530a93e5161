// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <optional>
#include <QJsonArray>
#include <QTest>
#include <thread>

#include "tests/app/calls/networknamespace.h"
#include "tests/app/calls/twopeople.h"
#include "tests/support/notpossiblehere.h"
#include "tests/support/sound/pulseserver.h"
#include "tests/support/sound/pulsestreams.h"
#include "tests/support/sound/speech.h"
#include "tests/support/sound/speechmatch.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace Qt::StringLiterals;

namespace {

/// The sentence and some silence: what was said has arrived when all is played.
test::Sound withTail(test::Sound sound, std::size_t seconds = 1) {
    sound.samples.resize(sound.samples.size() + seconds * static_cast<std::size_t>(sound.rate));
    return sound;
}

}  // namespace

/// Two people call each other by the real programs: what is said into one's microphone comes out of the other's
/// speaker, both at once.
class CallsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        m_sound.emplace(QStringList{u"mic_alice"_s, u"mic_bob"_s}, QStringList{u"spk_alice"_s, u"spk_bob"_s});
        QVERIFY2(m_sound->running(), qPrintable(m_sound->failure()));
        const auto hers =
            test::speak(u"The quick brown fox jumps over the lazy dog while seven ships sail past."_s, u"en+f3"_s);
        const auto his =
            test::speak(u"Please bring the large umbrella, because tomorrow we expect thunder and rain."_s);
        QVERIFY2(hers && his && hers->seconds() > 3 && his->seconds() > 3, "espeak-ng is needed");
        m_hers = *hers;
        m_his = *his;
    }

    void onThisComputer() {
        test::TwoPeople two;
        QVERIFY(two.begin());
        QCOMPARE(two.alice.account().value("rung"_L1).toString(), u"udp"_s);
        theyTalk(two);
    }

    void withoutUdp() {
        test::NetworkNamespace network;
        if (!network.failure().isEmpty()) KITH_NOT_POSSIBLE_HERE(qPrintable(network.failure()));
        QVERIFY2(network.drop(u"meta l4proto udp"_s), "nft (package nftables) does not work");
        test::TwoPeople two;
        QVERIFY(two.begin());
        QVERIFY(network.dropped() > 0);
        for (test::Person* each : {&two.alice, &two.bob}) {
            QCOMPARE(each->account().value("rung"_L1).toString(), u"tcp"_s);
            QVERIFY(each->ctl({u"status"_s}).out.contains(u"over tcp"_s));
        }
        theyTalk(two);
        QVERIFY2(m_path.contains(u"TCP"_s), qPrintable(m_path));
    }

    void withLoss() {
        test::NetworkNamespace network;
        if (!network.failure().isEmpty()) KITH_NOT_POSSIBLE_HERE(qPrintable(network.failure()));
        QVERIFY2(network.drop(u"iifname lo meta l4proto udp numgen random mod 100 < 5"_s),
                 "nft (package nftables) does not work");
        test::TwoPeople two;
        QVERIFY(two.begin());
        QCOMPARE(two.alice.account().value("rung"_L1).toString(), u"udp"_s);
        const qint64 before = network.dropped();
        theyTalk(two);
        // Five seconds of fifty packets each way: 25 of them, and at the very least these.
        QVERIFY(network.dropped() > before + 10);
    }

    void whoCallsTheEchoContactHearsThemselves() {
        test::TwoPeople network(test::TwoPeople::Echo::Yes);
        test::Person& alice = network.alice;
        QVERIFY(network.start() && network.signUp(alice));
        QVERIFY(alice.waitUntil([&] {
            for (const QJsonValue& each : alice.state().value("contacts"_L1).toArray())
                if (each["user"_L1] == "echo"_L1) return each["online"_L1].toBool();
            return false;
        }));
        QVERIFY(alice.does({u"devices"_s, u"--input"_s, u"mic_alice"_s, u"--output"_s, u"spk_alice"_s}));
        QVERIFY(alice.does({u"call"_s, u"echo"_s}));
        QVERIFY(alice.callIs(u"active"_s));
        test::PulseRecorder mouth("mic_alice");
        test::PulseRecorder ear("spk_alice.monitor");
        QVERIFY(mouth.ok() && ear.ok() && test::playInto("mic_alice_in", withTail(m_hers, 3)));
        const auto said = test::matchSpeech(m_hers, mouth.stop());
        const auto came = test::matchSpeech(m_hers, ear.stop());
        QVERIFY2(said.matches(), said.text().c_str());
        QVERIFY2(came.matches(), came.text().c_str());
        // The second that it waits, and the way there and back.
        const double delay = ear.beginning() + came.begins - mouth.beginning() - said.begins;
        QVERIFY2(delay > 1.0 && delay < 1.6, std::to_string(delay).c_str());
        QVERIFY(alice.does({u"hang-up"_s}));
    }

private:
    void theyTalk(test::TwoPeople& two) {
        test::Person& alice = two.alice;
        test::Person& bob = two.bob;
        for (test::Person* each : {&alice, &bob})
            QVERIFY(each->does(
                {u"devices"_s, u"--input"_s, u"mic_"_s + each->name(), u"--output"_s, u"spk_"_s + each->name()}));
        QVERIFY(alice.does({u"call"_s, u"bob"_s}));
        QVERIFY(bob.callIs(u"incoming"_s));
        QVERIFY(bob.does({u"answer"_s}));
        QVERIFY(alice.callIs(u"active"_s) && bob.callIs(u"active"_s));
        const QString wrong = talkAtOnce();
        if (QTest::currentTestFailed()) return;
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
        m_path = alice.call().value("quality"_L1)["path"_L1].toString();
        QCOMPARE(alice.call().value("soundTrouble"_L1)["reason"_L1].toString(), u"none"_s);
        QVERIFY(alice.does({u"hang-up"_s}));
        QVERIFY(bob.waitUntil([&] { return bob.state().value("calls"_L1).toArray().isEmpty(); }));
    }

    /// What did not come out at the other end as it was said; nothing: all did.
    QString talkAtOnce() {
        test::PulseRecorder atBob("spk_bob.monitor");
        test::PulseRecorder atAlice("spk_alice.monitor");
        if (!atBob.ok() || !atAlice.ok()) return u"no recording"_s;
        bool heSpoke = false;
        std::thread speaking([&] { heSpoke = test::playInto("mic_bob_in", withTail(m_his)); });
        const bool sheSpoke = test::playInto("mic_alice_in", withTail(m_hers));
        speaking.join();
        if (!sheSpoke || !heSpoke) return u"no speech"_s;
        return QStringList{heard(atBob.stop(), m_hers, m_his), heard(atAlice.stop(), m_his, m_hers)}
            .join(u" "_s)
            .trimmed();
    }

    /// What was said must be there, whole. What the listener said meanwhile must never be.
    static QString heard(const test::Sound& recording, const test::Sound& said, const test::Sound& other) {
        const auto echo = test::matchSpeech(other, recording);
        if (echo.matches()) QTest::qFail(echo.text().c_str(), __FILE__, __LINE__);
        const auto verdict = test::matchSpeech(said, recording);
        return verdict.matches() ? QString() : QString::fromStdString(verdict.text());
    }

    std::optional<test::PulseServer> m_sound;
    test::Sound m_hers;
    test::Sound m_his;
    QString m_path;
};

KITH_TEST(CallsTest);
#include "calls_test.moc"
