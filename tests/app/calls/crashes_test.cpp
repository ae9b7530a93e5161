// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QTest>

#include "tests/app/calls/twopeople.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace Qt::StringLiterals;

namespace {

/// Waits for a last text, and tells everything that came: nothing may come twice before it.
QStringList textsUntil(test::Person& reader, const test::Person& writer, const QString& last) {
    QStringList texts;
    reader.waitUntil([&] {
        texts = reader.texts(writer);
        return texts.contains(last);
    });
    return texts;
}

}  // namespace

/// The programs are killed at bad moments; what was written arrives, once.
class CrashesTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        // Nobody calls here: no need for sound.
        qputenv("PULSE_SERVER", "unix:/nowhere");
    }

    void theServerDiesInAConversation() {
        test::TwoPeople two;
        QVERIFY(two.begin());
        QVERIFY(two.alice.does({u"send"_s, u"bob"_s, u"before"_s}));
        QVERIFY(two.bob.does({u"send"_s, u"alice"_s, u"hello"_s}));
        QVERIFY(textsUntil(two.bob, two.alice, u"before"_s).contains(u"before"_s));

        two.killServer();
        for (int i = 1; i <= 3; ++i) QVERIFY(two.alice.does({u"send"_s, u"bob"_s, u"meanwhile %1"_s.arg(i)}));
        QVERIFY(two.bob.does({u"send"_s, u"alice"_s, u"are you there?"_s}));
        QVERIFY(two.startServer());
        QVERIFY(two.alice.isOnline() && two.bob.isOnline());
        QVERIFY(two.alice.does({u"send"_s, u"bob"_s, u"after"_s}));

        QStringList hers = textsUntil(two.bob, two.alice, u"after"_s);
        QStringList his = textsUntil(two.alice, two.bob, u"are you there?"_s);
        hers.sort();
        his.sort();
        const QStringList all{u"after"_s,       u"are you there?"_s, u"before"_s,     u"hello"_s,
                              u"meanwhile 1"_s, u"meanwhile 2"_s,    u"meanwhile 3"_s};
        QCOMPARE(hers, all);
        QCOMPARE(his, all);
    }

    void theWriterDies() {
        test::TwoPeople two;
        QVERIFY(two.begin());
        QStringList written;
        for (int i = 1; i <= 4; ++i) {
            written += u"text %1"_s.arg(i);
            QVERIFY(two.alice.does({u"send"_s, u"bob"_s, written.last()}));
            two.alice.kill();
            QVERIFY(two.alice.start());
            QCOMPARE(two.alice.texts(two.bob), written);
        }
        written += u"the end"_s;
        QVERIFY(two.alice.does({u"send"_s, u"bob"_s, written.last()}));
        QStringList came = textsUntil(two.bob, two.alice, written.last());
        QVERIFY(two.bob.waitUntil([&] { return (came = two.bob.texts(two.alice)).size() >= written.size(); }));
        QCOMPARE(came, written);
    }
};

KITH_TEST(CrashesTest);
#include "crashes_test.moc"
