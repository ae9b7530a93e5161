// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/base/random.h"

namespace kith::test {

/// The same bytes for the same seed (SplitMix64, S. Vigna's public-domain mixing constants).
class SeededRandom : public RandomSource {
public:
    explicit SeededRandom(std::uint64_t seed = 1) : m_state(seed) {}

    void fill(ByteSpan out) override {
        for (std::size_t i = 0; i < out.size(); i += 8) {
            const std::uint64_t word = next();
            for (std::size_t k = 0; k < 8 && i + k < out.size(); ++k)
                out[i + k] = static_cast<std::byte>(word >> (8 * k));
        }
    }

private:
    std::uint64_t next() {
        std::uint64_t z = m_state += 0x9e3779b97f4a7c15U;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
        z = (z ^ z >> 27) * 0x94d049bb133111ebU;
        return z ^ z >> 31;
    }

    std::uint64_t m_state;
};

}  // namespace kith::test
