// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <optional>

#include "protocol/base/bytes.h"
#include "protocol/base/result.h"

namespace kith::rtp {

inline constexpr std::size_t kHeaderSize = 12;

/// RFC 6464: how loud the sound in the packet is, for whoever must not open it.
struct AudioLevel {
    bool voice = false;
    std::uint8_t belowFull = 127;  ///< dB below the loudest, 0 to 127
    friend bool operator==(const AudioLevel&, const AudioLevel&) = default;
};

/// One RTP packet (RFC 3550 section 5.1) as a view: the payload lives as long as the bytes it was parsed from.
struct Packet {
    bool marker = false;
    std::uint8_t payloadType = 0;  ///< 7 bits
    std::uint16_t sequence = 0;
    std::uint32_t timestamp = 0;
    std::uint32_t ssrc = 0;
    std::optional<AudioLevel> level{};
    ByteView payload{};
};

/// The extension id (RFC 8285, one-byte form) that carries the audio level.
inline constexpr std::uint8_t kAudioLevelId = 1;

/// Contributing sources and unknown extensions are skipped; padding is cut off.
Result<Packet> parse(ByteView bytes);
/// Returns the size; TooLarge if `out` is too short, InvalidArgument if a field is out of range.
Result<std::size_t> write(const Packet& packet, ByteSpan out);

/// Whether a packet on a flow shared by both is RTCP (RFC 5761 section 4). False for what is too short to tell.
bool isRtcp(ByteView bytes);

}  // namespace kith::rtp
