// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/session/frameout.h"

#include "protocol/session/vectors.h"

namespace kith::session {

Bytes& FrameOut::begin(Now now, const Path& path, wire::FrameType type, TcpCarrier::Importance importance) {
    const auto* channel = std::get_if<ChannelPath>(&path);
    if (channel == nullptr) {
        Bytes& out = beginOuter(now, path, importance);
        writeHeader(out, type);
        return out;
    }
    const auto carrier = m_channels.carrierOf(channel->via);
    Bytes& out = carrier ? beginOuter(now, *carrier, TcpCarrier::Importance::Timely) : m_scratch;
    if (!carrier) m_target = Target::Nowhere;
    writeHeader(out, wire::FrameType::Forward);
    append(out, channel->channel.bytes);
    writeHeader(out, type);
    return out;
}

Bytes& FrameOut::beginOuter(Now now, const Path& path, TcpCarrier::Importance importance) {
    if (const auto* udp = std::get_if<UdpPath>(&path)) {
        m_target = Target::Datagram;
        return m_datagrams.begin(udp->remote);
    }
    m_target = Target::Nowhere;
    m_scratch.clear();
    if (const auto* tcp = std::get_if<TcpPath>(&path)) {
        m_target = Target::Stream;
        m_connection = tcp->connection;
        m_importance = importance;
        m_now = now;
    }
    return m_scratch;
}

void FrameOut::end() {
    if (m_target == Target::Datagram) {
        m_datagrams.end();
        return;
    }
    if (m_target == Target::Stream) m_tcp.send(m_now, m_connection, m_scratch, m_importance);
    // Freed: most of ten thousand idle ends would keep it for nothing.
    release(m_scratch);
}

void FrameOut::send(Now now, const Path& path, wire::FrameType type, TcpCarrier::Importance importance, ByteView body) {
    append(begin(now, path, type, importance), body);
    end();
}

void FrameOut::forward(Now now, LinkNumber via, const ChannelId& channel, ByteView innerFrame) {
    const auto carrier = m_channels.carrierOf(via);
    if (!carrier) return;
    Bytes& out = begin(now, *carrier, wire::FrameType::Forward, TcpCarrier::Importance::Timely);
    append(out, channel.bytes);
    append(out, innerFrame);
    end();
}

void FrameOut::writeHeader(Bytes& out, wire::FrameType type) {
    ByteWriter writer(out);
    wire::writeFrameHeader(writer, nextId(), type, randomBits());
}

wire::FrameId FrameOut::nextId() {
    return static_cast<wire::FrameId>(m_mix++);
}

// For looks only: not worth a call of the real source for every packet. (The finalizer of SplitMix64.)
std::uint8_t FrameOut::randomBits() {
    std::uint64_t mixed = m_mix * 0x9e3779b97f4a7c15U;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9U;
    return static_cast<std::uint8_t>(mixed >> 56);
}

}  // namespace kith::session
