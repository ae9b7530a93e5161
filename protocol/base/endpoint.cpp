// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/base/endpoint.h"

#include <arpa/inet.h>

#include <charconv>
#include <cstring>
#include <functional>

namespace kith {

namespace {

constexpr std::size_t kV4Offset = 12;

}  // namespace

IpAddress IpAddress::v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
    IpAddress out;
    out.bytes[10] = out.bytes[11] = std::byte{0xff};
    out.bytes[12] = std::byte{a};
    out.bytes[13] = std::byte{b};
    out.bytes[14] = std::byte{c};
    out.bytes[15] = std::byte{d};
    return out;
}

IpAddress IpAddress::v4(std::uint32_t hostOrder) {
    return v4(static_cast<std::uint8_t>(hostOrder >> 24), static_cast<std::uint8_t>(hostOrder >> 16),
              static_cast<std::uint8_t>(hostOrder >> 8), static_cast<std::uint8_t>(hostOrder));
}

Result<IpAddress> IpAddress::parse(std::string_view text) {
    if (text.size() >= 2 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
    if (text.size() >= INET6_ADDRSTRLEN) return fail(Fault::TooLarge, "address");
    const std::string terminated(text);
    IpAddress out;
    ByteArray<4> quad;
    if (inet_pton(AF_INET, terminated.c_str(), quad.data()) == 1) {
        out.bytes[10] = out.bytes[11] = std::byte{0xff};
        std::copy(quad.begin(), quad.end(), out.bytes.begin() + kV4Offset);
        return out;
    }
    if (inet_pton(AF_INET6, terminated.c_str(), out.bytes.data()) == 1) return out;
    return fail(Fault::Malformed, "address");
}

bool IpAddress::isV4() const {
    static constexpr ByteArray<12> kMapped{{std::byte{0}, std::byte{0}, std::byte{0}, std::byte{0}, std::byte{0},
                                            std::byte{0}, std::byte{0}, std::byte{0}, std::byte{0}, std::byte{0},
                                            std::byte{0xff}, std::byte{0xff}}};
    return std::equal(kMapped.begin(), kMapped.end(), bytes.begin());
}

std::uint32_t IpAddress::toV4() const {
    std::uint32_t out = 0;
    for (std::size_t i = kV4Offset; i < bytes.size(); ++i) out = out << 8 | std::to_integer<std::uint32_t>(bytes[i]);
    return out;
}

std::string IpAddress::text() const {
    char out[INET6_ADDRSTRLEN];
    if (isV4())
        inet_ntop(AF_INET, bytes.data() + kV4Offset, out, sizeof out);
    else
        inet_ntop(AF_INET6, bytes.data(), out, sizeof out);
    return out;
}

Result<Endpoint> Endpoint::parse(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return fail(Fault::Malformed, "endpoint without port");
    const std::string_view host = text.substr(0, colon);
    // An IPv6 address needs its brackets here: the last group would be taken for the port.
    if (host.find(':') != std::string_view::npos && host.front() != '[')
        return fail(Fault::Malformed, "address without brackets");
    const auto address = IpAddress::parse(host);
    if (!address) return tl::make_unexpected(address.error());
    Endpoint out{*address, 0};
    const std::string_view digits = text.substr(colon + 1);
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
    if (failure != std::errc{} || end != digits.data() + digits.size() || out.port == 0)
        return fail(Fault::Malformed, "port");
    return out;
}

std::string Endpoint::text() const {
    const std::string host = address.text();
    return (address.isV4() ? host : "[" + host + "]") + ":" + std::to_string(port);
}

std::size_t EndpointHash::operator()(const Endpoint& e) const noexcept {
    return std::hash<std::string_view>{}(asText(e.address.bytes)) * 31 + e.port;
}

}  // namespace kith
