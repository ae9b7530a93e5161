// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/session/addresstoken.h"

#include <algorithm>

#include "protocol/base/bytewriter.h"
#include "protocol/crypto/hash.h"

namespace kith::session {

namespace {

// The steady clock: a wall clock that is set must not make all tokens void.
std::int64_t minuteOf(Now now) {
    return std::chrono::floor<std::chrono::minutes>(now.at.time_since_epoch()).count();
}

AddressToken cut(const ByteArray<32>& mac) {
    AddressToken out;
    std::copy_n(mac.begin(), out.size(), out.begin());
    return out;
}

}  // namespace

AddressToken AddressTokens::make(Now now, const Endpoint& remote) const {
    return cut(mac(Purpose::Token, remote, minuteOf(now)));
}

bool AddressTokens::isValid(Now now, const Endpoint& remote, ByteView token) const {
    const std::int64_t minute = minuteOf(now);
    const bool current = equalInConstantTime(cut(mac(Purpose::Token, remote, minute)), token);
    const bool previous = equalInConstantTime(cut(mac(Purpose::Token, remote, minute - 1)), token);
    return current || previous;
}

std::uint32_t AddressTokens::makeValue(Now now, const Endpoint& remote) const {
    return valueOf(remote, minuteOf(now));
}

bool AddressTokens::isValidValue(Now now, const Endpoint& remote, std::uint32_t value) const {
    const std::int64_t minute = minuteOf(now);
    return value == valueOf(remote, minute) || value == valueOf(remote, minute - 1);
}

ByteArray<32> AddressTokens::mac(Purpose purpose, const Endpoint& remote, std::int64_t minute) const {
    Bytes text;
    ByteWriter(text)
        .u8(static_cast<std::uint8_t>(purpose))
        .bytes(remote.address.bytes)
        .u16(remote.port)
        .u64(static_cast<std::uint64_t>(minute));
    return crypto::hmacSha256(m_key.bytes, text);
}

std::uint32_t AddressTokens::valueOf(const Endpoint& remote, std::int64_t minute) const {
    std::uint32_t value = 0;
    const ByteArray<32> all = mac(Purpose::Value, remote, minute);
    for (std::size_t i = 0; i < sizeof value; ++i) value = value << 8 | std::to_integer<std::uint32_t>(all[i]);
    return value;
}

}  // namespace kith::session
