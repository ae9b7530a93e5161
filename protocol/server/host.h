// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <functional>
#include <vector>

#include "protocol/server/server.h"
#include "protocol/wire/obfuscation.h"

namespace kith::server {

/// A server with the transport that it speaks on: what a network thread, or a simulated network, drives. Lives on that
/// thread.
class Host final : public link::CarrierUser {
public:
    struct Environment {
        crypto::Suite& suite;
        wire::Obfuscation& obfuscation;
        RandomSource& random;
        LogSink& log;
        std::function<void(StoreOrder)> order;  ///< to the store; its answers come back through answered()
        std::function<void(NodeKeys)> keep{};   ///< new keys of a supernode that stands alone
    };
    struct Restored {
        Bytes rootPart;
        std::vector<directory::KeepRecords> records;
        std::optional<NodeKeys> node{};  ///< of a supernode that stands alone
    };

    Host(Now now, const Server::Options& options, const ServerIdentity& identity, const Restored& restored,
         const Environment& environment);

    Server& server() { return m_server; }
    [[nodiscard]] std::size_t linkCount() const { return m_transport.linkCount(); }

    void answered(Now now, const StoreAnswer& answer);

    void receiveDatagram(Now now, const Endpoint& remote, ByteView datagram) override;
    void receive(Now now, const link::TcpConnected& event) override;
    void receive(Now now, const link::TcpAccepted& event) override;
    void receive(Now now, const link::TcpClosed& event) override;
    void receiveTcp(Now now, link::TcpNumber connection, ByteView bytes) override;
    void tcpBacklog(Now now, link::TcpNumber connection, std::size_t bytes) override;
    void wake(Now now) override;
    [[nodiscard]] Instant nextWake() const override;
    void take(Now now, link::CarrierOutput& out) override;

private:
    Environment m_environment;
    session::Transport m_transport;
    Server m_server;
    std::vector<session::Event> m_events;
    std::vector<StoreOrder> m_orders;
};

}  // namespace kith::server
