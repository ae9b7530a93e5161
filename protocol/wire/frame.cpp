// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/wire/frame.h"

#include "protocol/base/bytereader.h"

namespace kith::wire {

namespace {

constexpr std::uint8_t kTypeMask = 0x8f;
constexpr std::uint8_t kRandomMask = 0x70;

}  // namespace

std::string_view name(FrameType type) {
    switch (type) {
        case FrameType::Ack: return "ack";
        case FrameType::Payload: return "payload";
        case FrameType::Resend: return "resend";
        case FrameType::Forward: return "forward";
        case FrameType::NatInfo: return "NAT info";
        case FrameType::Link: return "link";
        case FrameType::Nack: return "nack";
        case FrameType::Media: return "media";
        case FrameType::Fragment: return "fragment";
    }
    return {};
}

Result<FrameView> parseFrame(ByteView frame) {
    ByteReader reader(frame);
    const auto id = reader.u16();
    if (!id) return tl::make_unexpected(id.error());
    const auto byte = reader.u8();
    if (!byte) return tl::make_unexpected(byte.error());
    const auto type = static_cast<FrameType>(*byte & kTypeMask);
    if (name(type).empty()) return fail(Fault::Malformed, "type of a frame");
    return FrameView{*id, type, reader.rest()};
}

void writeFrameHeader(ByteWriter& out, FrameId id, FrameType type, std::uint8_t randomBits) {
    out.u16(id).u8(static_cast<std::uint8_t>(static_cast<std::uint8_t>(type) | (randomBits & kRandomMask)));
}

Result<ForwardView> parseForward(ByteView body) {
    ByteReader reader(body);
    const auto channel = reader.array<ChannelId::kSize>();
    if (!channel) return tl::make_unexpected(channel.error());
    if (reader.remaining() < kFrameHeaderSize) return fail(Fault::Truncated, "inner frame");
    return ForwardView{ChannelId{*channel}, reader.rest()};
}

void writeForward(ByteWriter& out, FrameId id, std::uint8_t randomBits, const ChannelId& channel, ByteView innerFrame) {
    writeFrameHeader(out, id, FrameType::Forward, randomBits);
    out.bytes(channel.bytes).bytes(innerFrame);
}

}  // namespace kith::wire
