// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "protocol/base/endpoint.h"
#include "protocol/base/error.h"
#include "protocol/base/instant.h"

namespace kith::link {

/// A TCP connection. Those we open have even numbers and are numbered by session::Transport, accepted ones have odd
/// numbers and are numbered by the rim. Never reused within a run.
using TcpNumber = std::uint64_t;

/// Datagrams to send, side by side in one buffer that is kept from batch to batch: no allocation a packet.
class DatagramBatch {
public:
    struct Entry {
        Endpoint remote;
        std::size_t offset;
        std::size_t size;
    };

    /// Starts a datagram; append its bytes to what is returned, then call end(). One at a time.
    Bytes& begin(const Endpoint& remote);
    void end();
    /// Drops what was appended since begin().
    void cancel();
    void add(const Endpoint& remote, ByteView datagram);

    [[nodiscard]] bool empty() const { return m_entries.empty(); }
    [[nodiscard]] std::span<const Entry> entries() const { return m_entries; }
    [[nodiscard]] ByteView bytesOf(const Entry& entry) const {
        return ByteView(m_bytes).subspan(entry.offset, entry.size);
    }
    /// Forgets the datagrams, keeps the memory.
    void clear();

private:
    Bytes m_bytes;
    std::vector<Entry> m_entries;
};

struct TcpConnect {
    TcpNumber connection;
    Endpoint remote;
};
struct TcpWrite {
    TcpNumber connection;
    Bytes bytes;
};
/// What is still unsent goes out first if `graceful`.
struct TcpClose {
    TcpNumber connection;
    bool graceful = false;
};

/// What the transport wants from the rim that owns the sockets. Carry out in this order: connects, writes, closes.
struct CarrierOutput {
    DatagramBatch datagrams;
    std::vector<TcpConnect> connects;
    std::vector<TcpWrite> writes;
    std::vector<TcpClose> closes;

    void clear();
};

// What the rim reports to the transport.

struct TcpConnected {
    TcpNumber connection;
    Endpoint local;
};
struct TcpAccepted {
    TcpNumber connection;
    Endpoint remote;
    std::uint16_t localPort;
};
/// Closed by the other end, or never opened: the reason is Unreachable, Refused, TimedOut or ConnectionLost.
struct TcpClosed {
    TcpNumber connection;
    Fault reason;
};

/// A machine that lives on carriers: a session::Transport together with what stands on it. Whoever drives it owns the
/// sockets: the network thread of a program (net/) or a simulated world. After any of these calls, and after any verb
/// of the machine's own, the driver calls take() and then looks at nextWake().
class CarrierUser {
public:
    virtual ~CarrierUser() = default;

    virtual void receiveDatagram(Now now, const Endpoint& remote, ByteView datagram) = 0;
    virtual void receive(Now now, const TcpConnected& event) = 0;
    virtual void receive(Now now, const TcpAccepted& event) = 0;
    virtual void receive(Now now, const TcpClosed& event) = 0;
    virtual void receiveTcp(Now now, TcpNumber connection, ByteView bytes) = 0;
    /// What the socket has not taken yet of what was written; told after each write and whenever it has changed.
    virtual void tcpBacklog(Now now, TcpNumber connection, std::size_t bytes) = 0;
    virtual void wake(Now now) = 0;
    [[nodiscard]] virtual Instant nextWake() const = 0;
    /// Appends what is to be sent.
    virtual void take(Now now, CarrierOutput& out) = 0;
};

}  // namespace kith::link
