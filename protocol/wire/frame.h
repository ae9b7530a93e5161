// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <string_view>

#include "protocol/base/bytewriter.h"
#include "protocol/base/ids.h"

/// Frames, what every carrier carries: id (2), type (1), body.
namespace kith::wire {

/// Serves obfuscation and the exchange of nack and resend, nothing else.
using FrameId = std::uint16_t;

/// The value of the type byte without its bits 4 to 6, which are random.
enum class FrameType : std::uint8_t {
    Ack = 0x1,  ///< reserved: acks travel sealed, inside link packets
    Payload = 0x2,
    Resend = 0x3,
    Forward = 0x4,
    NatInfo = 0x5,
    Link = 0x6,
    Nack = 0x7,
    Media = 0xd,
    Fragment = 0xf,
};

std::string_view name(FrameType type);

inline constexpr std::size_t kFrameHeaderSize = 3;
/// The largest frame on a path whose limits are not known: with the header of a forward frame, UDP and IPv6 it stays
/// below 1,280 bytes.
inline constexpr std::size_t kMaxInnerFrame = 1160;
inline constexpr std::size_t kForwardOverhead = kFrameHeaderSize + ChannelId::kSize;
inline constexpr std::size_t kMaxFrame = kMaxInnerFrame + kForwardOverhead;

struct FrameView {
    FrameId id = 0;
    FrameType type{};
    ByteView body;
};

Result<FrameView> parseFrame(ByteView frame);
/// Only bits 4 to 6 of `randomBits` are used.
void writeFrameHeader(ByteWriter& out, FrameId id, FrameType type, std::uint8_t randomBits);

/// The body of a forward frame.
struct ForwardView {
    ChannelId channel;
    ByteView innerFrame;
};
Result<ForwardView> parseForward(ByteView body);
/// A whole frame.
void writeForward(ByteWriter& out, FrameId id, std::uint8_t randomBits, const ChannelId& channel, ByteView innerFrame);

}  // namespace kith::wire
