// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <optional>

#include "protocol/session/tcpcarriers.h"
#include "protocol/wire/frame.h"

namespace kith::session {

/// Over which carrier the frames of a link's channels travel; nothing: it has none at the moment.
class ChannelCarriers {
public:
    virtual ~ChannelCarriers() = default;
    /// A UDP or TCP path, never a channel.
    [[nodiscard]] virtual std::optional<Path> carrierOf(LinkNumber via) const = 0;
};

/// Puts frames on paths of any kind: a datagram, a record of a TCP stream, or the inside of a forward frame on one of
/// these. What has no carrier is dropped.
class FrameOut {
public:
    FrameOut(RandomSource& random, link::DatagramBatch& datagrams, TcpCarriers& tcp, const ChannelCarriers& channels)
        : m_datagrams(datagrams), m_tcp(tcp), m_channels(channels), m_mix(random.u64()) {}

    /// Starts a frame; append its body to what is returned, then call end(). One at a time.
    Bytes& begin(Now now, const Path& path, wire::FrameType type, TcpCarrier::Importance importance);
    void end();
    void send(Now now, const Path& path, wire::FrameType type, TcpCarrier::Importance importance, ByteView body);
    /// `innerFrame` inside a forward frame over a carrier of `via`.
    void forward(Now now, LinkNumber via, const ChannelId& channel, ByteView innerFrame);

    wire::FrameId nextId();
    std::uint8_t randomBits();

private:
    enum class Target : std::uint8_t { Nowhere, Datagram, Stream };

    Bytes& beginOuter(Now now, const Path& path, TcpCarrier::Importance importance);
    void writeHeader(Bytes& out, wire::FrameType type);

    link::DatagramBatch& m_datagrams;
    TcpCarriers& m_tcp;
    const ChannelCarriers& m_channels;
    std::uint64_t m_mix;
    Target m_target = Target::Nowhere;
    TcpCarrier::Importance m_importance{};
    Now m_now;
    link::TcpNumber m_connection = 0;
    Bytes m_scratch;
};

}  // namespace kith::session
