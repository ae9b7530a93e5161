// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/base/bytes.h"
#include "protocol/base/result.h"

namespace kith {

/// An IP address. IPv4 lives in the IPv4-mapped range of IPv6 (RFC 4291 2.5.5.2), so there is one form to compare.
struct IpAddress {
    ByteArray<16> bytes{};

    static IpAddress v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d);
    static IpAddress v4(std::uint32_t hostOrder);
    /// Dotted quad, or RFC 4291 text (with or without brackets); no names.
    static Result<IpAddress> parse(std::string_view text);

    [[nodiscard]] bool isV4() const;
    /// Host order; only of an IPv4 address.
    [[nodiscard]] std::uint32_t toV4() const;
    [[nodiscard]] bool isUnspecified() const { return *this == IpAddress{}; }
    [[nodiscard]] std::string text() const;

    friend auto operator<=>(const IpAddress&, const IpAddress&) = default;
};

struct Endpoint {
    IpAddress address;
    std::uint16_t port = 0;

    /// `1.2.3.4:5` or `[2001:db8::1]:5`.
    static Result<Endpoint> parse(std::string_view text);
    [[nodiscard]] std::string text() const;

    friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

struct EndpointHash {
    std::size_t operator()(const Endpoint& e) const noexcept;
};

}  // namespace kith
