// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QFile>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

#include "tests/app/calls/twopeople.h"
#include "tests/support/sound/pulseserver.h"
#include "tests/support/sound/stallingproxy.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// The sound server dies just when a program waits for a stream to play the ring tone on. Qt never comes back from
/// that.
class DyingSoundTest : public QObject {
    Q_OBJECT
private slots:
    void everythingElseGoesOnAndTheProgramEnds() {
        const QByteArray server = qgetenv("PULSE_SERVER");
        QTemporaryDir folder;
        test::PulseServer sound({u"mic"_s}, {u"spk"_s});
        QVERIFY2(sound.running(), qPrintable(sound.failure()));
        QFile settings(folder.filePath(u"client.conf"_s));
        QVERIFY(settings.open(QIODevice::WriteOnly) && settings.write(test::StallingProxy::settings()) > 0);
        settings.close();
        const QString own = folder.filePath(u"proxy"_s);
        test::StallingProxy proxy(own.toStdString(), sound.address().mid(5).toStdString());
        qputenv("PULSE_CLIENTCONFIG", settings.fileName().toUtf8());
        qputenv("PULSE_SERVER", (u"unix:"_s + own).toUtf8());
        theyTalk(proxy);
        qunsetenv("PULSE_CLIENTCONFIG");
        server.isEmpty() ? qunsetenv("PULSE_SERVER") : qputenv("PULSE_SERVER", server);
    }

private:
    void theyTalk(test::StallingProxy& proxy) {
        test::TwoPeople two;
        QVERIFY(two.begin());
        proxy.set(test::StallingProxy::Mode::DieAtStreams);
        QVERIFY(two.alice.does({u"call"_s, u"bob"_s}));
        QVERIFY(two.bob.callIs(u"incoming"_s));
        QTRY_VERIFY_WITH_TIMEOUT(proxy.caught(), 10'000);
        QVERIFY(two.bob.does({u"answer"_s}));
        QVERIFY(two.alice.callIs(u"active"_s) && two.bob.callIs(u"active"_s));
        // Nobody hears anything, but packets go both ways as soon as the thread that hangs is replaced.
        for (test::Person* each : {&two.alice, &two.bob}) {
            QVERIFY(each->waitUntil(
                [&] { return each->call().value("soundTrouble"_L1)["reason"_L1].toString() != "none"_L1; }));
            QVERIFY(each->waitUntil([&] { return each->call().value("quality"_L1)["roundTrip"_L1].toDouble() > 0; }));
        }
        QVERIFY(two.alice.does({u"hang-up"_s}));
        QVERIFY(two.bob.waitUntil([&] { return two.bob.state().value("calls"_L1).toArray().isEmpty(); }));
        QVERIFY(two.alice.end(6s));
        QVERIFY(two.bob.end(6s));
    }
};

KITH_TEST(DyingSoundTest);
#include "dyingsound_test.moc"
