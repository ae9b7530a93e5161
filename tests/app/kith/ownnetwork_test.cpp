// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/kith/ownnetwork.h"

#include <signal.h>

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "tests/support/testmain.h"

using namespace kith::app;
using namespace Qt::StringLiterals;

namespace {

/// A kith-server in the PATH that writes its number down and becomes another program.
void putServer(const QString& folder, const QByteArray& becomes) {
    QFile script(folder + u"/kith-server"_s);
    QVERIFY(script.open(QIODevice::WriteOnly | QIODevice::Truncate));
    script.write("#!/bin/sh\n[ \"$1\" = run ] && echo $$ > '" + folder.toUtf8() + "/pid'\n" + becomes + "\n");
    script.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
}

pid_t runningServer(const QString& folder) {
    QFile file(folder + u"/pid"_s);
    return file.open(QIODevice::ReadOnly) ? static_cast<pid_t>(file.readAll().trimmed().toInt()) : 0;
}

}  // namespace

/// The network that a person has on their own computer.
class OwnNetworkTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_folder.emplace();
        qputenv("PATH", m_folder->path().toUtf8() + ':' + m_path);
    }
    void cleanup() { qputenv("PATH", m_path); }

    void aServerThatDiesIsStartedAgain() {
        const QString folder = m_folder->path();
        putServer(folder, "exec '" KITH_SERVER "' \"$@\"");
        OwnNetwork network((folder + u"/network"_s).toStdString());
        const QSignalSpy ready(&network, &OwnNetwork::ready);
        const QSignalSpy trouble(&network, &OwnNetwork::trouble);
        network.start(u"Family"_s);
        QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 1, 30'000);
        QTRY_VERIFY_WITH_TIMEOUT(runningServer(folder) > 0, 10'000);
        const pid_t first = runningServer(folder);
        QCOMPARE(trouble.count(), 0);

        QCOMPARE(::kill(first, SIGKILL), 0);
        QTRY_COMPARE_WITH_TIMEOUT(trouble.count(), 1, 10'000);
        QVERIFY(trouble.front().front().toString().contains(u"stopped"_s));
        QTRY_VERIFY_WITH_TIMEOUT(runningServer(folder) != first && runningServer(folder) > 0, 10'000);
        QCOMPARE(::kill(runningServer(folder), 0), 0);
    }

    void whyItCantRunIsTold() {
        const QString folder = m_folder->path();
        putServer(folder, "echo 'first line' >&2; echo 'The port is taken.' >&2; exit 1");
        QVERIFY(QDir(folder).mkpath(u"network/something"_s));
        OwnNetwork network((folder + u"/network"_s).toStdString());
        const QSignalSpy trouble(&network, &OwnNetwork::trouble);
        network.resume();
        QTRY_COMPARE_WITH_TIMEOUT(trouble.count(), 1, 10'000);
        QVERIFY(trouble.front().front().toString().endsWith(u"The port is taken."_s));
        // Tried again, and not told again.
        const pid_t first = runningServer(folder);
        QTRY_VERIFY_WITH_TIMEOUT(runningServer(folder) != first && runningServer(folder) > 0, 10'000);
        QTest::qWait(50);
        QCOMPARE(trouble.count(), 1);
    }

    void aMissingProgramIsTold() {
        qputenv("PATH", m_folder->path().toUtf8());
        QVERIFY(QDir(m_folder->path()).mkpath(u"network/something"_s));
        OwnNetwork network((m_folder->path() + u"/network"_s).toStdString());
        const QSignalSpy trouble(&network, &OwnNetwork::trouble);
        const QSignalSpy failed(&network, &OwnNetwork::failed);
        network.resume();
        QTRY_COMPARE(trouble.count(), 1);
        network.invite();
        QTRY_COMPARE(failed.count(), 1);
        QVERIFY(failed.front().front().toString().contains(u"kith-server"_s));
    }

private:
    const QByteArray m_path = qgetenv("PATH");
    std::optional<QTemporaryDir> m_folder;
};

KITH_TEST(OwnNetworkTest);
#include "ownnetwork_test.moc"
