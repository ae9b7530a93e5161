// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <functional>
#include <memory>
#include <QTcpServer>
#include <QTcpSocket>
#include <unordered_map>
#include <vector>

#include "protocol/base/result.h"
#include "protocol/link/carrier.h"

namespace kith::net {

/// TCP connections, opened and accepted, through the desktop's proxy settings. Lives on the network thread.
class TcpConnections {
public:
    struct Events {
        std::function<void(const link::TcpConnected&)> connected;
        std::function<void(const link::TcpAccepted&)> accepted;
        std::function<void(const link::TcpClosed&)> closed;
        std::function<void(link::TcpNumber, ByteView)> received;
        std::function<void(link::TcpNumber, std::size_t)> backlog;
        /// After each of the above, or a burst of them. All may also come while carryOut() runs.
        std::function<void()> settled;
    };
    /// Accepted and not yet closed; more are refused.
    static constexpr std::size_t kMostAccepted = 16'384;

    explicit TcpConnections(Events events);
    ~TcpConnections();

    /// May be called for several ports. InUse, PermissionDenied, Unreachable.
    Result<void> listen(const IpAddress& address, std::uint16_t port);
    void carryOut(const link::CarrierOutput& output);

private:
    void open(const link::TcpConnect& connect);
    void write(const link::TcpWrite& write);
    void close(const link::TcpClose& close);
    void accept(QTcpServer& server);
    void adopt(link::TcpNumber number, QTcpSocket* socket);
    void read(link::TcpNumber number);
    void ended(link::TcpNumber number, Fault reason);
    void reportBacklog(link::TcpNumber number);
    void forget(link::TcpNumber number);

    Events m_events;
    std::vector<std::unique_ptr<QTcpServer>> m_servers;
    std::unordered_map<link::TcpNumber, QTcpSocket*> m_sockets;
    std::size_t m_accepted = 0;
    link::TcpNumber m_nextAccepted = 1;
};

}  // namespace kith::net
