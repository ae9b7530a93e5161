// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/wire/address.h"

namespace kith::wire {

namespace {

constexpr std::uint8_t kV4 = 4;
constexpr std::uint8_t kV6 = 6;

}  // namespace

void writeAddress(ByteWriter& out, const IpAddress& address) {
    if (address.isV4())
        out.u8(kV4).u32(address.toV4());
    else
        out.u8(kV6).bytes(address.bytes);
}

Result<IpAddress> readAddress(ByteReader& in) {
    const auto family = in.u8();
    if (!family) return tl::make_unexpected(family.error());
    if (*family == kV4) return in.u32().map([](std::uint32_t address) { return IpAddress::v4(address); });
    if (*family != kV6) return fail(Fault::Malformed, "family of an address");
    const auto bytes = in.array<16>();
    if (!bytes) return tl::make_unexpected(bytes.error());
    const IpAddress out{*bytes};
    if (out.isV4()) return fail(Fault::Malformed, "IPv4 in the form of IPv6");
    return out;
}

}  // namespace kith::wire
