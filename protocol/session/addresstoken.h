// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/base/endpoint.h"
#include "protocol/base/instant.h"
#include "protocol/base/random.h"
#include "protocol/crypto/secret.h"

namespace kith::session {

/// What a probe's answer carries and the first handshake datagrams show: that their sender can read what is sent to its
/// address.
using AddressToken = ByteArray<16>;

/// Makes and checks tokens without keeping anything a client: HMAC-SHA256, cut, over address, port and minute under a
/// key that lives as long as the process. Valid in the minute it was made in and in the next.
class AddressTokens {
public:
    /// A token is good for at least this long.
    static constexpr Duration kShortestLife = std::chrono::minutes(1);

    explicit AddressTokens(RandomSource& random) : m_key(random.bytes<32>()) {}

    [[nodiscard]] AddressToken make(Now now, const Endpoint& remote) const;
    [[nodiscard]] bool isValid(Now now, const Endpoint& remote, ByteView token) const;

    /// The value of a nack: proves the same in 32 bits, good only for having a datagram read.
    [[nodiscard]] std::uint32_t makeValue(Now now, const Endpoint& remote) const;
    [[nodiscard]] bool isValidValue(Now now, const Endpoint& remote, std::uint32_t value) const;

private:
    enum class Purpose : std::uint8_t { Token, Value };
    [[nodiscard]] ByteArray<32> mac(Purpose purpose, const Endpoint& remote, std::int64_t minute) const;
    [[nodiscard]] std::uint32_t valueOf(const Endpoint& remote, std::int64_t minute) const;

    crypto::Secret<32> m_key;
};

}  // namespace kith::session
