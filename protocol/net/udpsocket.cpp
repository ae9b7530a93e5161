// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/net/udpsocket.h"

#include <netinet/udp.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "protocol/net/socketaddress.h"

namespace kith::net {

namespace {

constexpr std::size_t kBatch = 32;
constexpr std::size_t kLargestDatagram = 2048;
constexpr int kSocketBuffer = 1 << 20;
/// Bounds one turn of the event loop: a flood must not starve the timers.
constexpr int kMostReads = 8;
/// Of one segmented send: the kernel's limit, and what fits an IP packet.
constexpr std::size_t kMostSegments = 60;
constexpr std::size_t kMostSegmentedBytes = 60'000;

Fault faultOf(int error) {
    switch (error) {
        case EADDRINUSE: return Fault::InUse;
        case EACCES:
        case EPERM: return Fault::PermissionDenied;
        default: return Fault::Unreachable;
    }
}

/// How many datagrams from `first` on can go as one segmented send: one address, one size, the last may be shorter.
std::size_t runLength(std::span<const link::DatagramBatch::Entry> entries, std::size_t first) {
    const auto& head = entries[first];
    std::size_t bytes = head.size;
    std::size_t next = first + 1;
    while (next < entries.size() && next - first < kMostSegments && entries[next].remote == head.remote &&
           entries[next - 1].size == head.size && entries[next].size <= head.size && entries[next].size > 0 &&
           bytes + entries[next].size <= kMostSegmentedBytes) {
        bytes += entries[next].size;
        ++next;
    }
    return next - first;
}

struct Outgoing {
    SocketAddress address;
    iovec data{};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(std::uint16_t))> control{};
};

void askForSegments(msghdr& header, Outgoing& out, std::size_t size) {
    header.msg_control = out.control.data();
    header.msg_controllen = out.control.size();
    cmsghdr* control = CMSG_FIRSTHDR(&header);
    control->cmsg_level = SOL_UDP;
    control->cmsg_type = UDP_SEGMENT;
    control->cmsg_len = CMSG_LEN(sizeof(std::uint16_t));
    const auto segment = static_cast<std::uint16_t>(size);
    std::memcpy(CMSG_DATA(control), &segment, sizeof segment);
}

}  // namespace

struct UdpSocket::Buffers {
    std::array<std::array<std::byte, kLargestDatagram>, kBatch> datagrams;
    std::array<SocketAddress, kBatch> from;
    std::array<iovec, kBatch> data;
    std::array<mmsghdr, kBatch> headers;
    std::array<Outgoing, kBatch> out;
    std::array<std::size_t, kBatch + 1> firstOf{};  ///< datagram of each message; behind the last, where to go on
};

UdpSocket::UdpSocket(Received received, Settled settled)
    : m_received(std::move(received)), m_settled(std::move(settled)), m_buffers(std::make_unique<Buffers>()) {}

UdpSocket::~UdpSocket() {
    m_readable.reset();
    if (m_socket >= 0) close(m_socket);
}

Result<void> UdpSocket::bind(const IpAddress& address, std::uint16_t port) {
    m_isV6 = !address.isV4();
    auto opened = open(address, port);
    // A computer without IPv6.
    if (!opened && address.isUnspecified() && opened.error().fault == Fault::Unreachable) {
        m_isV6 = false;
        opened = open(IpAddress::v4(0), port);
    }
    if (!opened) return opened;
    m_readable = std::make_unique<QSocketNotifier>(m_socket, QSocketNotifier::Read);
    QObject::connect(m_readable.get(), &QSocketNotifier::activated, m_readable.get(), [this] { read(); });
    return {};
}

Result<void> UdpSocket::open(const IpAddress& address, std::uint16_t port) {
    m_socket = socket(m_isV6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (m_socket < 0) return fail(Fault::Unreachable, "udp socket");
    const int off = 0;
    if (m_isV6) setsockopt(m_socket, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    setsockopt(m_socket, SOL_SOCKET, SO_RCVBUF, &kSocketBuffer, sizeof kSocketBuffer);
    setsockopt(m_socket, SOL_SOCKET, SO_SNDBUF, &kSocketBuffer, sizeof kSocketBuffer);
    const SocketAddress wanted = SocketAddress::from({address, port}, m_isV6);
    if (::bind(m_socket, wanted.get(), wanted.size) != 0) {
        const int error = errno;
        close(std::exchange(m_socket, -1));
        return fail(faultOf(error), "udp bind");
    }
    SocketAddress got;
    got.size = sizeof got.storage;
    getsockname(m_socket, reinterpret_cast<sockaddr*>(&got.storage), &got.size);
    m_port = got.endpoint().port;
    return {};
}

void UdpSocket::read() {
    Buffers& b = *m_buffers;
    for (int turn = 0; turn < kMostReads; ++turn) {
        for (std::size_t i = 0; i < kBatch; ++i) {
            b.data[i] = {b.datagrams[i].data(), kLargestDatagram};
            b.headers[i] = {};
            b.headers[i].msg_hdr.msg_name = &b.from[i].storage;
            b.headers[i].msg_hdr.msg_namelen = sizeof b.from[i].storage;
            b.headers[i].msg_hdr.msg_iov = &b.data[i];
            b.headers[i].msg_hdr.msg_iovlen = 1;
        }
        const int count = recvmmsg(m_socket, b.headers.data(), kBatch, MSG_DONTWAIT, nullptr);
        if (count <= 0) break;
        for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
            if (b.headers[i].msg_hdr.msg_flags & MSG_TRUNC) continue;  // larger than any frame of ours
            m_received(b.from[i].endpoint(), ByteView(b.datagrams[i]).first(b.headers[i].msg_len));
        }
        if (static_cast<std::size_t>(count) < kBatch) break;
    }
    m_settled();
}

void UdpSocket::send(const link::DatagramBatch& batch) {
    Buffers& b = *m_buffers;
    std::size_t next = 0;
    while (next < batch.entries().size()) {
        const std::size_t messages = prepare(batch, next);
        const int sent = sendmmsg(m_socket, b.headers.data(), static_cast<unsigned>(messages), MSG_DONTWAIT);
        if (sent > 0) {
            // If it stopped on the way, the next call begins with the one that failed and says why.
            next = b.firstOf[static_cast<std::size_t>(sent)];
            continue;
        }
        if (errno == EAGAIN || errno == ENOBUFS) return;
        // One that can't be sent (no route, a refused port) is lost; what is behind it goes on.
        if (b.firstOf[1] - next > 1) sendOneByOne(batch, next, b.firstOf[1]);
        next = b.firstOf[1];
    }
}

std::size_t UdpSocket::prepare(const link::DatagramBatch& batch, std::size_t next) {
    Buffers& b = *m_buffers;
    const auto entries = batch.entries();
    std::size_t messages = 0;
    for (; messages < kBatch && next < entries.size(); ++messages) {
        const std::size_t run = m_canSegment ? runLength(entries, next) : 1;
        b.firstOf[messages] = next;
        Outgoing& out = b.out[messages];
        out.address = SocketAddress::from(entries[next].remote, m_isV6);
        const auto& last = entries[next + run - 1];
        // The bytes of a batch lie one behind the other.
        const ByteView data = batch.bytesOf(entries[next]);
        out.data = {const_cast<std::byte*>(data.data()), last.offset + last.size - entries[next].offset};
        msghdr& header = b.headers[messages].msg_hdr;
        header = {};
        header.msg_name = &out.address.storage;
        header.msg_namelen = out.address.size;
        header.msg_iov = &out.data;
        header.msg_iovlen = 1;
        if (run > 1) askForSegments(header, out, entries[next].size);
        next += run;
    }
    b.firstOf[messages] = next;
    return messages;
}

void UdpSocket::sendOneByOne(const link::DatagramBatch& batch, std::size_t first, std::size_t end) {
    bool allSent = true;
    for (std::size_t i = first; i < end; ++i) {
        const auto& entry = batch.entries()[i];
        const SocketAddress to = SocketAddress::from(entry.remote, m_isV6);
        const ByteView data = batch.bytesOf(entry);
        if (sendto(m_socket, data.data(), data.size(), MSG_DONTWAIT, to.get(), to.size) < 0) allSent = false;
    }
    // It was the segmentation that the kernel, or the way there, doesn't have.
    if (allSent) m_canSegment = false;
}

}  // namespace kith::net
