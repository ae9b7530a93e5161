// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <span>

#include "protocol/wire/obfuscation.h"

/// The two obfuscated frames. Inside is one command.
///   payload:  IV (4), CRC-32 of the plaintext (4), covered command
///   resend:   1 (1), the nack's value (4), family (1), destination (4 or 16), CRC-32 (4), covered command
/// A resend has the id of the payload that it repeats and its value in place of an IV; it names the address it was sent
/// to, so that a receiver that doesn't know its own can read it.
namespace kith::wire {

inline constexpr std::size_t kPayloadOverhead = kFrameHeaderSize + 4 + 4;
inline constexpr std::size_t kMaxResendOverhead = kFrameHeaderSize + 1 + 4 + 1 + 16 + 4;
/// The largest command that can be sent, and resent, in one frame.
inline constexpr std::size_t kMaxPlainCommand = kMaxInnerFrame - kMaxResendOverhead;

/// What is in front of every frame that we send.
struct FrameStart {
    FrameId id;
    std::uint8_t randomBits;
};

/// Appends a whole payload frame.
void writePayload(Bytes& out, Obfuscation& obfuscation, FrameStart start, const AddressPair& addresses,
                  std::uint32_t iv, ByteView command);

/// What is needed to nack a payload that could not be read. Truncated: no payload at all, nack nothing.
Result<std::uint32_t> payloadIv(ByteView body);

struct Payload {
    Bytes command;
    IpAddress destination;  ///< the one of `ours` under which it could be read
};
/// Tries each of the receiver's addresses (at most a few). ChecksumMismatch: made for another one, or damaged.
Result<Payload> readPayload(Obfuscation& obfuscation, FrameId id, ByteView body, const IpAddress& source,
                            std::span<const IpAddress> ours);

struct Resend {
    Bytes command;
    IpAddress destination;
    std::uint32_t value = 0;  ///< from the nack; check that it is one of ours
};
/// Appends a whole resend frame. `addresses.destination` must not be unspecified.
void writeResend(Bytes& out, Obfuscation& obfuscation, FrameStart start, const AddressPair& addresses,
                 std::uint32_t value, ByteView command);
/// The value alone, to look at before the work of reading.
Result<std::uint32_t> resendValue(ByteView body);
Result<Resend> readResend(Obfuscation& obfuscation, FrameId id, ByteView body, const IpAddress& source);

}  // namespace kith::wire
