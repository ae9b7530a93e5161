// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <functional>
#include <QDir>
#include <QElapsedTimer>
#include <QProcess>
#include <QRegularExpression>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QUdpSocket>

/// The real kith-server as a child process.
namespace kith::test {

/// A port that nothing uses, on UDP and TCP.
inline quint16 freePort() {
    for (int i = 0; i < 50; ++i) {
        QTcpServer tcp;
        QUdpSocket udp;
        if (tcp.listen(QHostAddress::LocalHost) && udp.bind(QHostAddress::LocalHost, tcp.serverPort()))
            return tcp.serverPort();
    }
    qFatal("no free port");
}

struct Outcome {
    int code = -1;
    QString out;
    QString errors;

    [[nodiscard]] QString link() const {
        return QRegularExpression(QStringLiteral("^kith:join\\S+$"), QRegularExpression::MultilineOption)
            .match(out)
            .captured();
    }
};

/// Runs one command to its end, `before` in the child first.
inline Outcome serverCommand(const QStringList& arguments, const std::function<void()>& before = {},
                             const QString& program = QStringLiteral(KITH_SERVER)) {
    QProcess process;
    if (before) process.setChildProcessModifier(before);
    process.start(program, arguments);
    if (!process.waitForStarted()) qFatal("kith-server does not start");
    if (!process.waitForFinished(30'000)) qFatal("kith-server does not end");
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
            QString::fromUtf8(process.readAllStandardOutput()), QString::fromUtf8(process.readAllStandardError())};
}

/// A server that runs until it is told to stop, or until this goes.
class RunningServer {
public:
    explicit RunningServer(const QStringList& arguments) {
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        m_process.start(QStringLiteral(KITH_SERVER), QStringList{QStringLiteral("run")} + arguments);
    }
    ~RunningServer() {
        if (m_process.state() == QProcess::NotRunning) return;
        m_process.kill();
        m_process.waitForFinished();
    }

    /// Waits until it says this.
    bool says(const QString& text) {
        QElapsedTimer timer;
        timer.start();
        while (!m_output.contains(text) && timer.elapsed() < 20'000) {
            m_process.waitForReadyRead(100);
            m_output += QString::fromUtf8(m_process.readAll());
            if (m_process.state() == QProcess::NotRunning && m_process.bytesAvailable() == 0) break;
        }
        return m_output.contains(text);
    }
    bool listens() { return says(QStringLiteral("Listening on port")); }
    /// Stops it with TERM; its exit code, -1 if it did not end by itself.
    int stop() {
        m_process.terminate();
        return m_process.waitForFinished(10'000) && m_process.exitStatus() == QProcess::NormalExit
                   ? m_process.exitCode()
                   : -1;
    }
    void kill() {
        m_process.kill();
        m_process.waitForFinished();
    }
    [[nodiscard]] qint64 pid() const { return m_process.processId(); }

private:
    QProcess m_process;
    QString m_output;
};

}  // namespace kith::test
