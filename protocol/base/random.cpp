// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/base/random.h"

#include <bit>
#include <cassert>

namespace kith {

std::uint32_t RandomSource::u32() {
    return std::bit_cast<std::uint32_t>(bytes<4>());
}

std::uint64_t RandomSource::u64() {
    return std::bit_cast<std::uint64_t>(bytes<8>());
}

std::uint64_t RandomSource::below(std::uint64_t bound) {
    assert(bound > 0);
    // Values under the threshold would make the small results likelier.
    const std::uint64_t threshold = (0 - bound) % bound;
    std::uint64_t value = u64();
    while (value < threshold) value = u64();
    return value % bound;
}

Duration RandomSource::within(Duration span) {
    if (span <= Duration::zero()) return Duration::zero();
    return Duration(static_cast<Duration::rep>(below(static_cast<std::uint64_t>(span.count()))));
}

}  // namespace kith
