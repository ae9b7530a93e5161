// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/kith/ownnetwork.h"

#include <cstdio>
#include <QCoreApplication>
#include <QFileInfo>
#include <QHostAddress>
#include <QNetworkInterface>
#include <QStandardPaths>
#include <QTcpServer>
#include <QUdpSocket>

namespace kith::app {

namespace {

constexpr quint16 kUsualPort = 33033;

/// Beside this program, or installed.
QString serverProgram() {
    const QString beside = QCoreApplication::applicationDirPath() + QStringLiteral("/kith-server");
    return QFileInfo(beside).isExecutable() ? beside : QStandardPaths::findExecutable(QStringLiteral("kith-server"));
}

/// The usual port, or a free one: somebody may run another network here.
quint16 freePort() {
    for (const quint16 wanted : {kUsualPort, quint16(0)}) {
        QUdpSocket udp;
        if (!udp.bind(QHostAddress::Any, wanted)) continue;
        QTcpServer tcp;
        if (tcp.listen(QHostAddress::Any, udp.localPort())) return udp.localPort();
    }
    return kUsualPort;
}

/// How others in the house reach this computer, and how it reaches itself.
QStringList addresses() {
    QStringList out;
    const auto all = QNetworkInterface::allAddresses();
    for (const QHostAddress& address : all)
        if (address.protocol() == QAbstractSocket::IPv4Protocol && address.isGlobal()) out += address.toString();
    return out.mid(0, 4) << QStringLiteral("127.0.0.1");
}

QString linkIn(const QString& text) {
    const auto lines = text.split(QLatin1Char('\n'));
    for (const QString& line : lines)
        if (line.trimmed().startsWith(QLatin1String("kith:"))) return line.trimmed();
    return {};
}

QString missing() {
    return OwnNetwork::tr("The program kith-server is missing. Install Kith again.");
}

}  // namespace

OwnNetwork::OwnNetwork(std::filesystem::path folder, QObject* parent)
    : NetworkStarter(parent), m_folder(std::move(folder)) {
    // What it complains of is needed here, too.
    m_server.setProcessChannelMode(QProcess::ForwardedOutputChannel);
    connect(&m_init, &QProcess::finished, this, &OwnNetwork::initialised);
    connect(&m_invite, &QProcess::finished, this, &OwnNetwork::invitationMade);
    for (QProcess* process : {&m_init, &m_invite})
        connect(process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
            if (error == QProcess::FailedToStart) complain(missing());
        });
    connect(&m_server, &QProcess::readyReadStandardError, this, &OwnNetwork::listenToServer);
    connect(&m_server, &QProcess::finished, this, &OwnNetwork::serverEnded);
    // Queued: the error may come out of start() itself, before anybody can hear of it.
    const auto failed = [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart) runAgain(missing());
    };
    connect(&m_server, &QProcess::errorOccurred, this, failed, Qt::QueuedConnection);
    m_again.setSingleShot(true);
    connect(&m_again, &QTimer::timeout, this, &OwnNetwork::run);
}

OwnNetwork::~OwnNetwork() {
    m_server.disconnect();
    if (m_server.state() == QProcess::NotRunning) return;
    m_server.terminate();
    if (!m_server.waitForFinished(5000)) m_server.kill();
}

bool OwnNetwork::exists() const {
    std::error_code error;
    return std::filesystem::exists(m_folder, error) && !std::filesystem::is_empty(m_folder, error);
}

void OwnNetwork::resume() {
    if (exists()) run();
}

void OwnNetwork::start(const QString& networkName) {
    if (m_init.state() != QProcess::NotRunning) return;
    if (exists()) {
        complain(tr("There is a network on this computer already. Sign in to it, or move the folder %1 away.")
                     .arg(folder()));
        return;
    }
    initialise(networkName);
}

void OwnNetwork::initialise(const QString& networkName) {
    QStringList arguments{QStringLiteral("init"),   QStringLiteral("--embedded"),
                          QStringLiteral("--data"), folder(),
                          QStringLiteral("--name"), networkName,
                          QStringLiteral("--port"), QString::number(freePort())};
    for (const QString& address : addresses()) arguments << QStringLiteral("--address") << address;
    m_init.start(serverProgram(), arguments);
}

void OwnNetwork::initialised(int exitCode) {
    const QString link = linkIn(QString::fromUtf8(m_init.readAllStandardOutput()));
    if (exitCode != 0 || link.isEmpty()) {
        complain(
            tr("The network could not be made: %1").arg(QString::fromUtf8(m_init.readAllStandardError()).trimmed()));
        return;
    }
    run();
    Q_EMIT presentChanged();
    Q_EMIT ready(link);
}

void OwnNetwork::invite() {
    if (m_invite.state() != QProcess::NotRunning) return;
    m_invite.start(serverProgram(), {QStringLiteral("invite"), QStringLiteral("--data"), folder()});
}

void OwnNetwork::invitationMade(int exitCode) {
    const QString link = linkIn(QString::fromUtf8(m_invite.readAllStandardOutput()));
    if (exitCode == 0 && !link.isEmpty())
        Q_EMIT invited(link);
    else
        complain(
            tr("No invitation could be made: %1").arg(QString::fromUtf8(m_invite.readAllStandardError()).trimmed()));
}

void OwnNetwork::run() {
    m_lastWords.clear();
    m_running.start();
    m_server.start(serverProgram(), {QStringLiteral("run"), QStringLiteral("--data"), folder()});
}

void OwnNetwork::listenToServer() {
    const QByteArray words = m_server.readAllStandardError();
    std::fwrite(words.constData(), 1, static_cast<std::size_t>(words.size()), stderr);
    const QByteArray whole = words.trimmed();
    if (!whole.isEmpty()) m_lastWords = QString::fromUtf8(whole.mid(whole.lastIndexOf('\n') + 1)).left(300);
}

void OwnNetwork::serverEnded(int exitCode, QProcess::ExitStatus how) {
    listenToServer();
    if (m_running.hasExpired(std::chrono::milliseconds(kHealthy).count())) {
        m_backoff.reset();
        m_told.clear();
    }
    // Only who gave up by himself has said why.
    const bool gaveUp = how == QProcess::NormalExit && exitCode != 0 && !m_lastWords.isEmpty();
    runAgain(gaveUp ? tr("The network on this computer can't run: %1").arg(m_lastWords)
                    : tr("The network on this computer stopped. It is started again."));
}

void OwnNetwork::runAgain(const QString& why) {
    if (why != m_told) Q_EMIT trouble(why);
    m_told = why;
    m_again.start(std::chrono::ceil<std::chrono::milliseconds>(m_backoff.next(m_random)));
}

void OwnNetwork::complain(const QString& why) {
    Q_EMIT failed(why);
}

}  // namespace kith::app
