// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/base/bytes.h"

#include <algorithm>

namespace kith {

namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64UrlDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::optional<unsigned> digitValue(std::string_view digits, char c) {
    const auto at = digits.find(c);
    if (at == std::string_view::npos) return std::nullopt;
    return static_cast<unsigned>(at);
}

}  // namespace

Bytes toBytes(std::string_view text) {
    return toBytes(asBytes(text));
}

std::string_view asText(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

ByteView asBytes(std::string_view text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

void append(Bytes& to, ByteView what) {
    to.insert(to.end(), what.begin(), what.end());
}

std::string toHex(ByteView bytes) {
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const std::byte b : bytes) {
        out += kHexDigits[std::to_integer<unsigned>(b) >> 4];
        out += kHexDigits[std::to_integer<unsigned>(b) & 15U];
    }
    return out;
}

std::optional<Bytes> fromHex(std::string_view text) {
    if (text.size() % 2 != 0) return std::nullopt;
    Bytes out;
    out.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const auto high = digitValue(kHexDigits, text[i]);
        const auto low = digitValue(kHexDigits, text[i + 1]);
        if (!high || !low) return std::nullopt;
        out.push_back(static_cast<std::byte>(*high << 4 | *low));
    }
    return out;
}

std::string toBase64Url(ByteView bytes) {
    std::string out;
    unsigned bits = 0;
    unsigned pending = 0;
    for (const std::byte b : bytes) {
        bits = bits << 8 | std::to_integer<unsigned>(b);
        pending += 8;
        while (pending >= 6) {
            pending -= 6;
            out += kBase64UrlDigits[bits >> pending & 63U];
        }
        bits &= (1U << pending) - 1;
    }
    if (pending > 0) out += kBase64UrlDigits[bits << (6 - pending) & 63U];
    return out;
}

std::optional<Bytes> fromBase64Url(std::string_view text) {
    if (text.size() % 4 == 1) return std::nullopt;
    Bytes out;
    out.reserve(text.size() * 3 / 4);
    unsigned bits = 0;
    unsigned pending = 0;
    for (const char c : text) {
        const auto value = digitValue(kBase64UrlDigits, c);
        if (!value) return std::nullopt;
        bits = bits << 6 | *value;
        pending += 6;
        if (pending >= 8) {
            pending -= 8;
            out.push_back(static_cast<std::byte>(bits >> pending & 255U));
            bits &= (1U << pending) - 1;
        }
    }
    // One text for one value: what is left over has to be zero.
    if (bits != 0) return std::nullopt;
    return out;
}

bool equalInConstantTime(ByteView a, ByteView b) {
    if (a.size() != b.size()) return false;
    std::byte difference{0};
    for (std::size_t i = 0; i < a.size(); ++i) difference |= a[i] ^ b[i];
    return difference == std::byte{0};
}

void wipe(ByteSpan secret) {
    volatile std::byte* p = secret.data();
    for (std::size_t i = 0; i < secret.size(); ++i) p[i] = std::byte{0};
}

bool isUtf8(std::string_view text) {
    const auto* p = reinterpret_cast<const unsigned char*>(text.data());
    const auto* end = p + text.size();
    while (p < end) {
        const unsigned char lead = *p++;
        if (lead == 0) return false;
        if (lead < 0x80) continue;
        const int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
        if (lead < 0xc2 || lead > 0xf4 || end - p < more) return false;
        unsigned char low = 0x80;
        unsigned char high = 0xbf;
        if (lead == 0xe0) low = 0xa0;   // overlong
        if (lead == 0xed) high = 0x9f;  // surrogates
        if (lead == 0xf0) low = 0x90;
        if (lead == 0xf4) high = 0x8f;  // above U+10FFFF
        if (*p < low || *p > high) return false;
        ++p;
        for (int i = 1; i < more; ++i, ++p)
            if (*p < 0x80 || *p > 0xbf) return false;
    }
    return true;
}

}  // namespace kith
