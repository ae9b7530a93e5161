// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

#include "tests/app/server/serverprocess.h"
#include "tests/support/testmain.h"

using namespace kith::test;
using namespace Qt::StringLiterals;

namespace {

/// A network, its server, and one person who is signed up there: the real programs.
class Network {
public:
    Network() {
        qputenv("XDG_RUNTIME_DIR", m_folder.path().toUtf8());
        qputenv("PULSE_SERVER", "unix:/nowhere");
        m_link = serverCommand({u"init"_s, u"--data"_s, at("server"), u"--name"_s, u"Home"_s, u"--address"_s,
                                u"127.0.0.1"_s, u"--port"_s, m_port})
                     .link();
        startServer();
        m_kith.setStandardOutputFile(QProcess::nullDevice());
        m_kith.setStandardErrorFile(QProcess::nullDevice());
        m_kith.start(QStringLiteral(KITH_PROGRAM), {u"--headless"_s, u"--data"_s, at("alice")});
    }
    ~Network() {
        m_kith.terminate();
        if (!m_kith.waitForFinished(5000)) m_kith.kill();
        m_kith.waitForFinished();
    }
    void startServer() {
        server = std::make_unique<RunningServer>(
            QStringList{u"--data"_s, at("server"), u"--listen"_s, u"127.0.0.1:"_s + m_port});
        QVERIFY(server->listens());
    }

    struct Outcome {
        int code;
        QList<QJsonObject> lines;
    };
    Outcome ctl(const QStringList& arguments, const QByteArray& input = {}) {
        QProcess process;
        process.start(QStringLiteral(KITHCTL), QStringList{u"--json"_s, u"--data"_s, at("alice")} + arguments);
        process.write(input);
        process.closeWriteChannel();
        if (!process.waitForFinished(20'000)) return {-1, {}};
        Outcome out{process.exitCode(), {}};
        const auto lines = process.readAllStandardOutput().split('\n');
        for (const QByteArray& line : lines)
            if (!line.isEmpty()) out.lines.append(QJsonDocument::fromJson(line).object());
        return out;
    }
    bool signUp() {
        const auto runs = [&] { return ctl({u"status"_s}).code == 0; };
        return QTest::qWaitFor(runs, 10'000) &&
               ctl({u"sign-up"_s, u"alice"_s, u"--link"_s, m_link}, "correct horse\n").code == 0;
    }
    bool seesEcho() {
        return QTest::qWaitFor(
            [&] {
                for (const QJsonObject& contact : ctl({u"contacts"_s}).lines)
                    if (contact.value("user"_L1) == "echo"_L1) return contact.value("online"_L1).toBool();
                return false;
            },
            30'000);
    }
    /// How often echo wrote this.
    qsizetype heard(const QString& text) {
        const auto lines = ctl({u"history"_s, u"echo"_s}).lines;
        return std::count_if(lines.begin(), lines.end(), [&](const QJsonObject& line) {
            return line.value("text"_L1) == text && !line.value("ours"_L1).toBool();
        });
    }
    QString phase() {
        const auto status = ctl({u"status"_s}).lines.value(0);
        return status.value("calls"_L1).toArray().at(0).toObject().value("phase"_L1).toString();
    }

    std::unique_ptr<RunningServer> server;

private:
    QString at(const char* name) const { return m_folder.filePath(QString::fromLatin1(name)); }

    QTemporaryDir m_folder;
    QString m_port = QString::number(freePort());
    QString m_link;
    QProcess m_kith;
};

}  // namespace

/// Who is new on a network finds somebody there to write to and to call.
class EchoTest : public QObject {
    Q_OBJECT

private slots:
    void itWritesBackAndAnswers() {
        Network network;
        QVERIFY(network.signUp());
        QVERIFY(network.seesEcho());
        QCOMPARE(network.ctl({u"send"_s, u"echo"_s, u"anybody there?"_s}).code, 0);
        QTRY_COMPARE_WITH_TIMEOUT(network.heard(u"anybody there?"_s), 1, 10'000);
        QCOMPARE(network.ctl({u"call"_s, u"echo"_s}).code, 0);
        QTRY_COMPARE_WITH_TIMEOUT(network.phase(), u"active"_s, 10'000);
        QCOMPARE(network.ctl({u"hang-up"_s}).code, 0);
        QTRY_COMPARE_WITH_TIMEOUT(network.phase(), QString(), 10'000);
    }

    void itIsTheSameAfterTheServerWasKilled() {
        Network network;
        QVERIFY(network.signUp());
        QVERIFY(network.seesEcho());
        network.server->kill();
        network.startServer();
        QCOMPARE(network.ctl({u"send"_s, u"echo"_s, u"still there?"_s}).code, 0);
        QTRY_COMPARE_WITH_TIMEOUT(network.heard(u"still there?"_s), 1, 60'000);
        QCOMPARE(network.server->stop(), 0);
    }
};

KITH_TEST(EchoTest);
#include "echo_test.moc"
