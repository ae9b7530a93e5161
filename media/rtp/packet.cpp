// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/rtp/packet.h"

#include "media/rtp/spanwriter.h"
#include "protocol/base/bytereader.h"

namespace kith::rtp {

namespace {

constexpr std::uint16_t kOneByteExtensions = 0xBEDE;

/// RFC 8285 section 4.2: elements of a four-bit id and length; id 0 is padding, 15 ends the list.
std::optional<AudioLevel> findAudioLevel(ByteView extensions) {
    while (!extensions.empty()) {
        const auto head = std::to_integer<std::uint8_t>(extensions[0]);
        extensions = extensions.subspan(1);
        const std::uint8_t id = head >> 4;
        if (id == 0) continue;
        if (id == 15) break;
        const std::size_t length = (head & 0x0Fu) + 1u;
        if (extensions.size() < length) break;
        if (id == kAudioLevelId && length == 1) {
            const auto value = std::to_integer<std::uint8_t>(extensions[0]);
            return AudioLevel{(value & 0x80) != 0, static_cast<std::uint8_t>(value & 0x7F)};
        }
        extensions = extensions.subspan(length);
    }
    return std::nullopt;
}

Result<void> readExtension(ByteReader& reader, Packet& packet) {
    const auto profile = reader.u16();
    const auto words = reader.u16();
    if (!profile || !words) return fail(Fault::Truncated, "RTP extension");
    const auto data = reader.bytes(std::size_t{*words} * 4);
    if (!data) return fail(Fault::Truncated, "RTP extension");
    if (*profile == kOneByteExtensions) packet.level = findAudioLevel(*data);
    return {};
}

Result<ByteView> withoutPadding(ByteView payload) {
    if (payload.empty()) return fail(Fault::Malformed, "RTP padding");
    const auto count = std::to_integer<std::size_t>(payload.back());
    if (count == 0 || count > payload.size()) return fail(Fault::Malformed, "RTP padding");
    return payload.first(payload.size() - count);
}

}  // namespace

Result<Packet> parse(ByteView bytes) {
    if (bytes.size() < kHeaderSize) return fail(Fault::Truncated, "RTP header");
    ByteReader reader(bytes);
    const std::uint8_t first = *reader.u8();
    const std::uint8_t second = *reader.u8();
    if (first >> 6 != 2) return fail(Fault::UnknownVersion, "RTP version");

    Packet packet;
    packet.marker = (second & 0x80) != 0;
    packet.payloadType = second & 0x7F;
    packet.sequence = *reader.u16();
    packet.timestamp = *reader.u32();
    packet.ssrc = *reader.u32();
    if (!reader.bytes((first & 0x0Fu) * 4u)) return fail(Fault::Truncated, "RTP contributing sources");
    if ((first & 0x10) != 0)
        if (const auto read = readExtension(reader, packet); !read) return tl::make_unexpected(read.error());
    packet.payload = reader.rest();
    if ((first & 0x20) != 0) {
        const auto payload = withoutPadding(packet.payload);
        if (!payload) return tl::make_unexpected(payload.error());
        packet.payload = *payload;
    }
    return packet;
}

Result<std::size_t> write(const Packet& packet, ByteSpan out) {
    if (packet.payloadType > 127 || (packet.level && packet.level->belowFull > 127))
        return fail(Fault::InvalidArgument, "RTP field");
    const std::size_t size = kHeaderSize + (packet.level ? 8 : 0) + packet.payload.size();
    if (size > out.size()) return fail(Fault::TooLarge, "RTP packet");

    SpanWriter writer(out);
    writer.number(static_cast<std::uint8_t>(packet.level ? 0x90 : 0x80));
    writer.number(static_cast<std::uint8_t>((packet.marker ? 0x80 : 0) | packet.payloadType));
    writer.number(packet.sequence);
    writer.number(packet.timestamp);
    writer.number(packet.ssrc);
    if (packet.level) {
        writer.number(kOneByteExtensions);
        writer.number(std::uint16_t{1});
        writer.number(static_cast<std::uint8_t>(kAudioLevelId << 4));
        writer.number(static_cast<std::uint8_t>((packet.level->voice ? 0x80 : 0) | packet.level->belowFull));
        writer.number(std::uint16_t{0});
    }
    writer.bytes(packet.payload);
    return writer.size();
}

bool isRtcp(ByteView bytes) {
    if (bytes.size() < 2) return false;
    const auto type = std::to_integer<unsigned>(bytes[1]);
    return type >= 192 && type <= 223;
}

}  // namespace kith::rtp
