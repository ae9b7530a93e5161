// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>

namespace kith::link {

/// RFC 9000 A.3 for numbers of which the low 32 bits travel: the full number nearest to `expected`, the one after the
/// largest that was received.
constexpr std::uint64_t decodePacketNumber(std::uint64_t expected, std::uint32_t low) {
    constexpr std::uint64_t kWindow = std::uint64_t{1} << 32;
    constexpr std::uint64_t kHalf = kWindow / 2;
    const std::uint64_t candidate = (expected & ~(kWindow - 1)) | low;
    if (candidate + kHalf <= expected && candidate < UINT64_MAX - kWindow) return candidate + kWindow;
    if (candidate > expected + kHalf && candidate >= kWindow) return candidate - kWindow;
    return candidate;
}

}  // namespace kith::link
