// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/peer/safetynumber.h"

#include <algorithm>

#include "protocol/crypto/sha512.h"

namespace kith::peer {

namespace {

// Makes the search for a key with the same digits dearer by this.
constexpr int kRounds = 5200;
constexpr std::size_t kGroups = 6;
constexpr std::size_t kGroupBytes = 5;
constexpr ByteArray<2> kVersion{};

std::string fiveDigits(ByteView bytes) {
    std::uint64_t number = 0;
    for (const std::byte byte : bytes) number = number << 8 | std::to_integer<std::uint64_t>(byte);
    const std::string digits = std::to_string(number % 100'000);
    return std::string(5 - digits.size(), '0') + digits;
}

/// Thirty digits for one of the two.
std::string half(const NetworkId& network, const NamedKey& of) {
    const ByteView key = of.key.bytes;
    auto hash = crypto::sha512({kVersion, key, network.bytes, asBytes(of.user.text()), key});
    for (int round = 1; round < kRounds; ++round) hash = crypto::sha512({hash, key});
    std::string out;
    for (std::size_t i = 0; i < kGroups; ++i) {
        if (i > 0) out += ' ';
        out += fiveDigits(ByteView(hash).subspan(i * kGroupBytes, kGroupBytes));
    }
    return out;
}

}  // namespace

std::string safetyNumber(const NetworkId& network, const NamedKey& a, const NamedKey& b) {
    const std::string one = half(network, a), other = half(network, b);
    return std::min(one, other) + ' ' + std::max(one, other);
}

}  // namespace kith::peer
