// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/net/tcpconnections.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cstring>
#include <QHostAddress>
#include <QNetworkProxy>
#include <QTimer>

namespace kith::net {

namespace {

/// Of what a peer may have sent and we have not looked at: then TCP makes it wait.
constexpr qint64 kReadBuffer = 256 * 1024;
/// What the kernel keeps unsent: beyond it a connection counts as backed up, so that media doesn't grow old unseen.
constexpr int kMostUnsent = 16 * 1024;

QHostAddress toQt(const IpAddress& address) {
    if (address.isV4()) return QHostAddress(address.toV4());
    return QHostAddress(reinterpret_cast<const quint8*>(address.bytes.data()));
}

IpAddress fromQt(const QHostAddress& address) {
    bool isV4 = false;
    const quint32 v4 = address.toIPv4Address(&isV4);
    if (isV4) return IpAddress::v4(v4);
    const Q_IPV6ADDR v6 = address.toIPv6Address();
    IpAddress out;
    std::memcpy(out.bytes.data(), &v6, out.bytes.size());
    return out;
}

Fault faultOf(QAbstractSocket::SocketError error) {
    switch (error) {
        case QAbstractSocket::ConnectionRefusedError: return Fault::Refused;
        case QAbstractSocket::SocketTimeoutError: return Fault::TimedOut;
        case QAbstractSocket::RemoteHostClosedError: return Fault::ConnectionLost;
        case QAbstractSocket::AddressInUseError: return Fault::InUse;
        case QAbstractSocket::SocketAccessError: return Fault::PermissionDenied;
        default: return Fault::Unreachable;
    }
}

/// Only of a connection that is up.
void setOptions(QTcpSocket& socket) {
    socket.setSocketOption(QAbstractSocket::LowDelayOption, 1);
    const auto descriptor = static_cast<int>(socket.socketDescriptor());
    setsockopt(descriptor, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &kMostUnsent, sizeof kMostUnsent);
}

bool isAccepted(link::TcpNumber number) {
    return number % 2 == 1;
}

}  // namespace

TcpConnections::TcpConnections(Events events) : m_events(std::move(events)) {}

TcpConnections::~TcpConnections() {
    for (const auto& [number, socket] : m_sockets) {
        socket->disconnect();
        delete socket;
    }
}

Result<void> TcpConnections::listen(const IpAddress& address, std::uint16_t port) {
    auto server = std::make_unique<QTcpServer>();
    server->setProxy(QNetworkProxy::NoProxy);
    const QHostAddress where = address.isUnspecified() ? QHostAddress(QHostAddress::Any) : toQt(address);
    if (!server->listen(where, port)) return fail(faultOf(server->serverError()), "tcp listen");
    QTcpServer* raw = server.get();
    QObject::connect(raw, &QTcpServer::newConnection, raw, [this, raw] { accept(*raw); });
    m_servers.push_back(std::move(server));
    return {};
}

void TcpConnections::accept(QTcpServer& server) {
    while (QTcpSocket* socket = server.nextPendingConnection()) {
        if (m_accepted >= kMostAccepted) {
            socket->abort();
            socket->deleteLater();
            continue;
        }
        socket->setParent(nullptr);
        const link::TcpNumber number = m_nextAccepted;
        m_nextAccepted += 2;
        ++m_accepted;
        adopt(number, socket);
        setOptions(*socket);
        m_events.accepted({number, {fromQt(socket->peerAddress()), socket->peerPort()}, socket->localPort()});
        read(number);
    }
    m_events.settled();
}

void TcpConnections::adopt(link::TcpNumber number, QTcpSocket* socket) {
    m_sockets.emplace(number, socket);
    socket->setReadBufferSize(kReadBuffer);
    QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, number] {
        read(number);
        m_events.settled();
    });
    QObject::connect(socket, &QTcpSocket::bytesWritten, socket, [this, number] {
        reportBacklog(number);
        m_events.settled();
    });
    QObject::connect(socket, &QTcpSocket::errorOccurred, socket, [this, number](QAbstractSocket::SocketError error) {
        ended(number, faultOf(error));
        m_events.settled();
    });
}

void TcpConnections::carryOut(const link::CarrierOutput& output) {
    for (const auto& connect : output.connects) open(connect);
    for (const auto& bytes : output.writes) write(bytes);
    for (const auto& end : output.closes) close(end);
}

void TcpConnections::open(const link::TcpConnect& connect) {
    auto* socket = new QTcpSocket;
    // Asking the system for its proxy can hold the thread up for seconds.
    socket->setProxy(QNetworkProxy::NoProxy);
    adopt(connect.connection, socket);
    QObject::connect(socket, &QTcpSocket::connected, socket, [this, socket, number = connect.connection] {
        setOptions(*socket);
        m_events.connected({number, {fromQt(socket->localAddress()), socket->localPort()}});
        m_events.settled();
    });
    socket->connectToHost(toQt(connect.remote.address), connect.remote.port);
}

void TcpConnections::write(const link::TcpWrite& write) {
    const auto at = m_sockets.find(write.connection);
    if (at == m_sockets.end()) return;
    QTcpSocket* socket = at->second;
    socket->write(reinterpret_cast<const char*>(write.bytes.data()), static_cast<qint64>(write.bytes.size()));
    // To the kernel at once, not in the next turn of the event loop. This may find that the connection has ended.
    socket->flush();
    reportBacklog(write.connection);
}

void TcpConnections::close(const link::TcpClose& close) {
    const auto at = m_sockets.find(close.connection);
    if (at == m_sockets.end()) return;
    QTcpSocket* socket = at->second;
    socket->disconnect();
    forget(close.connection);
    if (close.graceful && socket->bytesToWrite() > 0) {
        QObject::connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        // Somebody who doesn't read must not keep it for ever.
        QTimer::singleShot(std::chrono::seconds(5), socket, [socket] {
            socket->abort();
            socket->deleteLater();
        });
        socket->disconnectFromHost();
        return;
    }
    if (close.graceful)
        socket->disconnectFromHost();
    else
        socket->abort();
    socket->deleteLater();
}

void TcpConnections::read(link::TcpNumber number) {
    const auto at = m_sockets.find(number);
    if (at == m_sockets.end() || at->second->bytesAvailable() == 0) return;
    const QByteArray bytes = at->second->readAll();
    m_events.received(number, asBytes({bytes.constData(), static_cast<std::size_t>(bytes.size())}));
}

void TcpConnections::reportBacklog(link::TcpNumber number) {
    const auto at = m_sockets.find(number);
    if (at != m_sockets.end()) m_events.backlog(number, static_cast<std::size_t>(at->second->bytesToWrite()));
}

void TcpConnections::ended(link::TcpNumber number, Fault reason) {
    read(number);
    const auto at = m_sockets.find(number);
    if (at == m_sockets.end()) return;
    QTcpSocket* socket = at->second;
    socket->disconnect();
    forget(number);
    socket->abort();
    socket->deleteLater();
    m_events.closed({number, reason});
}

void TcpConnections::forget(link::TcpNumber number) {
    m_sockets.erase(number);
    if (isAccepted(number)) --m_accepted;
}

}  // namespace kith::net
