// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/wire/payload.h"

#include "protocol/base/bytereader.h"
#include "protocol/wire/address.h"

namespace kith::wire {

namespace {

constexpr std::uint8_t kResendCount = 1;

/// Appends checksum and covered command.
void writeCovered(Bytes& out, Obfuscation& obfuscation, std::uint32_t seed, ByteView command) {
    ByteWriter writer(out);
    const std::size_t checksumAt = out.size();
    writer.u32(0).bytes(command);
    const std::uint32_t checksum = obfuscation.cover(seed, ByteSpan(out).subspan(checksumAt + 4));
    for (std::size_t i = 0; i < 4; ++i) out[checksumAt + i] = static_cast<std::byte>(checksum >> (24 - 8 * i));
}

}  // namespace

void writePayload(Bytes& out, Obfuscation& obfuscation, FrameStart start, const AddressPair& addresses,
                  std::uint32_t iv, ByteView command) {
    ByteWriter writer(out);
    writeFrameHeader(writer, start.id, FrameType::Payload, start.randomBits);
    writer.u32(iv);
    writeCovered(out, obfuscation, obfuscationSeed(addresses, start.id, iv), command);
}

Result<std::uint32_t> payloadIv(ByteView body) {
    if (body.size() < kPayloadOverhead - kFrameHeaderSize) return fail(Fault::Truncated, "payload");
    return ByteReader(body).u32();
}

Result<Payload> readPayload(Obfuscation& obfuscation, FrameId id, ByteView body, const IpAddress& source,
                            std::span<const IpAddress> ours) {
    const auto iv = payloadIv(body);
    if (!iv) return tl::make_unexpected(iv.error());
    ByteReader reader(body.subspan(4));
    const std::uint32_t checksum = *reader.u32();
    const ByteView covered = reader.rest();
    Payload out;
    for (const IpAddress& address : ours) {
        out.command.assign(covered.begin(), covered.end());
        if (!obfuscation.uncover(obfuscationSeed({source, address}, id, *iv), out.command, checksum)) continue;
        out.destination = address;
        return out;
    }
    return fail(Fault::ChecksumMismatch, "payload");
}

void writeResend(Bytes& out, Obfuscation& obfuscation, FrameStart start, const AddressPair& addresses,
                 std::uint32_t value, ByteView command) {
    ByteWriter writer(out);
    writeFrameHeader(writer, start.id, FrameType::Resend, start.randomBits);
    writer.u8(kResendCount).u32(value);
    writeAddress(writer, addresses.destination);
    writeCovered(out, obfuscation, obfuscationSeed(addresses, start.id, value), command);
}

Result<std::uint32_t> resendValue(ByteView body) {
    ByteReader reader(body);
    const auto count = reader.u8();
    if (!count) return tl::make_unexpected(count.error());
    if (*count != kResendCount) return fail(Fault::Malformed, "count of a resend");
    return reader.u32();
}

Result<Resend> readResend(Obfuscation& obfuscation, FrameId id, ByteView body, const IpAddress& source) {
    const auto value = resendValue(body);
    if (!value) return tl::make_unexpected(value.error());
    ByteReader reader(body.subspan(5));
    const auto destination = readAddress(reader);
    if (!destination) return tl::make_unexpected(destination.error());
    const auto checksum = reader.u32();
    if (!checksum) return tl::make_unexpected(checksum.error());
    Resend out{toBytes(reader.rest()), *destination, *value};
    if (!obfuscation.uncover(obfuscationSeed({source, *destination}, id, *value), out.command, *checksum))
        return fail(Fault::ChecksumMismatch, "resend");
    return out;
}

}  // namespace kith::wire
