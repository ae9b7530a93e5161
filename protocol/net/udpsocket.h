// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <functional>
#include <memory>
#include <QSocketNotifier>

#include "protocol/base/result.h"
#include "protocol/link/carrier.h"

namespace kith::net {

/// One UDP socket for IPv4 and IPv6, by system calls: many datagrams a call (recvmmsg, sendmmsg), and runs of equal
/// size to one address as one segmented send (UDP_SEGMENT) where the kernel has it. Lives on the network thread.
class UdpSocket {
public:
    using Received = std::function<void(const Endpoint& remote, ByteView datagram)>;
    /// After a burst was handed over.
    using Settled = std::function<void()>;

    UdpSocket(Received received, Settled settled);
    ~UdpSocket();
    UdpSocket(const UdpSocket&) = delete;
    UdpSocket& operator=(const UdpSocket&) = delete;

    /// Port 0 takes any. InUse, PermissionDenied, Unreachable (no such address here).
    Result<void> bind(const IpAddress& address, std::uint16_t port);
    [[nodiscard]] std::uint16_t port() const { return m_port; }
    /// What the kernel does not take now is dropped, as the network would.
    void send(const link::DatagramBatch& batch);

private:
    struct Buffers;

    void read();
    Result<void> open(const IpAddress& address, std::uint16_t port);
    /// Fills the headers with what comes from `next` on; gives how many messages that makes.
    std::size_t prepare(const link::DatagramBatch& batch, std::size_t next);
    void sendOneByOne(const link::DatagramBatch& batch, std::size_t first, std::size_t end);

    Received m_received;
    Settled m_settled;
    std::unique_ptr<Buffers> m_buffers;
    std::unique_ptr<QSocketNotifier> m_readable;
    int m_socket = -1;
    bool m_isV6 = true;
    bool m_canSegment = true;
    std::uint16_t m_port = 0;
};

}  // namespace kith::net
