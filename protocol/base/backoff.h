// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <algorithm>

#include "protocol/base/random.h"

namespace kith {

/// Waiting times between tries: even over [0, limit of this try), where the limit doubles from `first` to `most`.
/// Full jitter, so that those whom one outage threw out don't come back together.
class Backoff {
public:
    constexpr Backoff(Duration first, Duration most) : m_first(first), m_most(most) {}

    Duration next(RandomSource& random) {
        const auto limit = std::min(m_most, m_first * (std::int64_t{1} << m_tries));
        if (limit < m_most) ++m_tries;
        return random.within(limit);
    }
    void reset() { m_tries = 0; }

private:
    Duration m_first;
    Duration m_most;
    std::uint8_t m_tries = 0;
};

}  // namespace kith
