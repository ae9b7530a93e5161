// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <deque>
#include <map>

#include "protocol/server/server.h"
#include "tests/support/diskfaults.h"
#include "tests/support/memoryaccounts.h"
#include "tests/support/nulllog.h"
#include "tests/support/seededrandom.h"

namespace kith::test {

/// `kith-server` without sockets and disk: login server and supernode in one, registration open. What it has to
/// remember lies in memory that outlives it; what the disk had not done when the program died is gone.
class ServerProgram final : public link::CarrierUser {
public:
    static constexpr Duration kDiskTime = std::chrono::milliseconds(2);

    struct Disk {
        server::ServerKeys keys;
        Bytes rootPart;  ///< of the network document; empty: none
        MemoryAccounts accounts;
        std::map<directory::PersonKey, directory::KeepRecords> records;
        DiskFaults faults;
    };
    struct Crypto {
        crypto::Suite& suite;
        wire::Obfuscation& obfuscation;
    };
    ServerProgram(Now now, Disk& disk, Crypto crypto, std::uint64_t seed, std::size_t maxClients = 1000);

    void receiveDatagram(Now now, const Endpoint& remote, ByteView datagram) override;
    void receive(Now now, const link::TcpConnected& event) override { m_transport.receive(now, event); }
    void receive(Now now, const link::TcpAccepted& event) override;
    void receive(Now now, const link::TcpClosed& event) override;
    void receiveTcp(Now now, link::TcpNumber connection, ByteView bytes) override;
    void tcpBacklog(Now now, link::TcpNumber connection, std::size_t bytes) override;
    void wake(Now now) override;
    [[nodiscard]] Instant nextWake() const override;
    void take(Now now, link::CarrierOutput& out) override;

    [[nodiscard]] std::size_t clientCount() const { return m_server.clientCount(); }
    [[nodiscard]] session::Transport::Counters counters() const { return m_transport.counters(); }

private:
    struct DiskWork {
        Instant at;
        server::StoreOrder order;
    };
    void carryOut(Now now, const server::StoreOrder& order);

    Disk& m_disk;
    SeededRandom m_random;
    NullLog m_log;
    server::ServerIdentity m_identity;
    server::Server::Options m_options;
    session::Transport m_transport;
    server::Server m_server;
    std::deque<DiskWork> m_work;
};

}  // namespace kith::test
