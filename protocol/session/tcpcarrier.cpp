// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/session/tcpcarrier.h"

#include <algorithm>

#include "protocol/session/vectors.h"

namespace kith::session {

namespace {

wire::TcpEnd otherEnd(wire::TcpEnd end) {
    return end == wire::TcpEnd::Opener ? wire::TcpEnd::Acceptor : wire::TcpEnd::Opener;
}

}  // namespace

void TcpCarrier::start(Now now, RandomSource& random) {
    auto start = wire::startTcp(m_obfuscation, m_end, random.u32());
    m_sending = std::move(start.keystream);
    append(m_writes, start.packet);
    m_backlog.wrote(now.at, start.packet.size());
}

Result<Bytes> TcpCarrier::receive(Now now, ByteView bytes, RandomSource& random) {
    if (!m_receiving) {
        const std::size_t taken = std::min(bytes.size(), m_init.size() - m_initSize);
        std::copy_n(bytes.begin(), taken, m_init.begin() + m_initSize);
        m_initSize = static_cast<std::uint8_t>(m_initSize + taken);
        bytes = bytes.subspan(taken);
        if (m_initSize < m_init.size()) return Bytes{};
        auto keystream = wire::readTcpStart(m_obfuscation, otherEnd(m_end), m_init);
        if (!keystream) return tl::make_unexpected(keystream.error());
        m_receiving = std::move(*keystream);
        if (!m_sending) start(now, random);
    }
    Bytes plain = toBytes(bytes);
    m_receiving->apply(plain);
    return plain;
}

void TcpCarrier::send(Now now, ByteView frame, Importance importance) {
    if (!isReady() || frame.size() > wire::kMaxStreamFrame) {
        ++m_dropped;
        return;
    }
    flush(now);
    if (importance == Importance::Timely && (m_backlog.isFull() || !m_queue.empty()))
        queue(now, frame);
    else
        write(now, frame);
}

void TcpCarrier::write(Now now, ByteView frame) {
    const std::size_t before = m_writes.size();
    ByteWriter writer(m_writes);
    wire::writeStreamFrame(writer, frame);
    m_sending->apply(ByteSpan(m_writes).subspan(before));
    m_backlog.wrote(now.at, m_writes.size() - before);
}

void TcpCarrier::queue(Now now, ByteView frame) {
    m_queue.push_back({now.at, toBytes(frame)});
    m_queued += frame.size();
    while (m_queued > kMostQueued) {
        m_queued -= m_queue.front().frame.size();
        m_queue.erase(m_queue.begin());
        ++m_dropped;
    }
}

void TcpCarrier::reported(Now now, std::size_t backlog) {
    m_backlog.reported(now.at, backlog);
    flush(now);
}

void TcpCarrier::wake(Now now) {
    flush(now);
}

void TcpCarrier::flush(Now now) {
    std::size_t done = 0;
    for (const Queued& queued : m_queue) {
        const bool late = now.at - queued.at >= kOldestTimely;
        if (!late && m_backlog.isFull()) break;
        if (late)
            ++m_dropped;
        else
            write(now, queued.frame);
        m_queued -= queued.frame.size();
        ++done;
    }
    m_queue.erase(m_queue.begin(), m_queue.begin() + static_cast<std::ptrdiff_t>(done));
    if (m_queue.empty()) release(m_queue);
}

Instant TcpCarrier::nextWake() const {
    return m_queue.empty() ? kNever : m_queue.front().at + kOldestTimely;
}

}  // namespace kith::session
