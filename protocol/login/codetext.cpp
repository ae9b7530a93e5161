// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/login/codetext.h"

namespace kith::login {

namespace {

constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

char folded(char c) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == 'O') return '0';
    if (c == 'I' || c == 'L') return '1';
    return c;
}

}  // namespace

std::string codeText(ByteView bytes) {
    std::string out;
    unsigned bits = 0;
    unsigned pending = 0;
    std::size_t digits = 0;
    const auto put = [&](unsigned value) {
        if (digits > 0 && digits % 4 == 0) out += '-';
        out += kDigits[value & 31U];
        ++digits;
    };
    for (const std::byte b : bytes) {
        bits = (bits << 8 | std::to_integer<unsigned>(b)) & 0xfffU;
        pending += 8;
        while (pending >= 5) {
            pending -= 5;
            put(bits >> pending);
        }
    }
    if (pending > 0) put(bits << (5 - pending));
    return out;
}

Result<Bytes> codeBytes(std::string_view text) {
    Bytes out;
    unsigned bits = 0;
    unsigned pending = 0;
    for (const char c : text) {
        if (c == '-' || c == ' ') continue;
        const auto value = kDigits.find(folded(c));
        if (value == std::string_view::npos) return fail(Fault::Malformed, "character of a code");
        bits = (bits << 5 | static_cast<unsigned>(value)) & 0xfffU;
        pending += 5;
        if (pending >= 8) {
            pending -= 8;
            out.push_back(static_cast<std::byte>(bits >> pending & 255U));
        }
    }
    if (pending >= 5 || (bits & ((1U << pending) - 1)) != 0) return fail(Fault::Malformed, "length of a code");
    return out;
}

}  // namespace kith::login
