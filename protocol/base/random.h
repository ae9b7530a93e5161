// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>

#include "protocol/base/bytes.h"
#include "protocol/base/instant.h"

namespace kith {

/// Where a machine gets its randomness; OpenSSL's in programs (crypto::SystemRandom), a seeded one in tests.
class RandomSource {
public:
    RandomSource() = default;
    RandomSource(const RandomSource&) = delete;
    RandomSource& operator=(const RandomSource&) = delete;
    virtual ~RandomSource() = default;

    virtual void fill(ByteSpan out) = 0;

    template <std::size_t N>
    ByteArray<N> bytes() {
        ByteArray<N> out;
        fill(out);
        return out;
    }
    std::uint32_t u32();
    std::uint64_t u64();
    /// Even over [0, bound); bound > 0.
    std::uint64_t below(std::uint64_t bound);
    /// Even over [0, span): the "full jitter" of a back-off.
    Duration within(Duration span);
};

}  // namespace kith
