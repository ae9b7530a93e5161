// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/wire/nack.h"

#include "protocol/wire/address.h"

namespace kith::wire {

namespace {

void writeEndpoint(ByteWriter& out, const Endpoint& endpoint) {
    writeAddress(out, endpoint.address);
    out.u16(endpoint.port);
}

Result<Endpoint> readEndpoint(ByteReader& in) {
    const auto address = readAddress(in);
    if (!address) return tl::make_unexpected(address.error());
    return in.u16().map([&](std::uint16_t port) { return Endpoint{*address, port}; });
}

}  // namespace

std::size_t nackSize(const Endpoint& seen) {
    return kFrameHeaderSize + 1 + (seen.address.isV4() ? 4 : 16) + 2 + 4 + 4;
}

void writeNack(ByteWriter& out, FrameStart start, const Nack& nack) {
    writeFrameHeader(out, start.id, FrameType::Nack, start.randomBits);
    writeEndpoint(out, nack.seen);
    out.u32(nack.iv).u32(nack.value);
}

Result<Nack> parseNack(ByteView body) {
    ByteReader reader(body);
    const auto seen = readEndpoint(reader);
    if (!seen) return tl::make_unexpected(seen.error());
    const auto iv = reader.u32();
    if (!iv) return tl::make_unexpected(iv.error());
    const auto value = reader.u32();
    if (!value) return tl::make_unexpected(value.error());
    if (!reader.atEnd()) return fail(Fault::TrailingBytes, "nack");
    return Nack{*seen, *iv, *value};
}

void writeNatInfo(ByteWriter& out, FrameStart start, const NatInfo& info) {
    writeFrameHeader(out, start.id, FrameType::NatInfo, start.randomBits);
    writeEndpoint(out, info.seen);
    out.u32(info.value);
}

Result<NatInfo> parseNatInfo(ByteView body) {
    ByteReader reader(body);
    const auto seen = readEndpoint(reader);
    if (!seen) return tl::make_unexpected(seen.error());
    const auto value = reader.u32();
    if (!value) return tl::make_unexpected(value.error());
    if (!reader.atEnd()) return fail(Fault::TrailingBytes, "NAT info");
    return NatInfo{*seen, *value};
}

}  // namespace kith::wire
