// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <algorithm>
#include <cstdint>

#include "protocol/base/instant.h"

namespace kith::overlay {

/// How much of something may happen: `burst` at once, `perSecond` in the long run. Starts full.
class TokenBucket {
public:
    struct Rate {
        std::uint64_t perSecond;
        std::uint64_t burst;
    };

    TokenBucket(Rate rate, Instant now) : m_rate(rate), m_tokens(rate.burst), m_filled(now) {}

    /// Whether that much may happen now; if so it is taken.
    bool take(Instant now, std::uint64_t amount) {
        fill(now);
        if (amount > m_tokens) return false;
        m_tokens -= amount;
        return true;
    }

private:
    void fill(Instant now) {
        using namespace std::chrono;
        if (now <= m_filled) return;
        // A minute's worth is more than any burst of ours; it also keeps the product small.
        const auto passed = duration_cast<microseconds>(std::min<Duration>(now - m_filled, minutes(1)));
        const auto gained = static_cast<std::uint64_t>(passed.count()) * m_rate.perSecond / 1'000'000;
        if (gained == 0) return;
        m_tokens = std::min(m_rate.burst, m_tokens + gained);
        m_filled = now;
    }

    Rate m_rate;
    std::uint64_t m_tokens;
    Instant m_filled;
};

}  // namespace kith::overlay
