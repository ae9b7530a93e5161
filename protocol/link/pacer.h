// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <algorithm>
#include <cstdint>

#include "protocol/base/instant.h"
#include "protocol/link/congestion.h"

namespace kith::link {

/// Spreads a window over the round trip (RFC 9002 7.7): a bucket that fills at 1.25 windows a round trip and holds a
/// burst of ten datagrams, or of 2 ms where that is more, because timers are no finer.
class Pacer {
public:
    [[nodiscard]] bool allows(Instant now, std::size_t bytes, std::size_t window, Duration roundTrip) const {
        return level(now, window, roundTrip) >= static_cast<double>(bytes);
    }
    /// When allows() becomes true if nothing else is sent.
    [[nodiscard]] Instant readyAt(Instant now, std::size_t bytes, std::size_t window, Duration roundTrip) const {
        const double missing = static_cast<double>(bytes) - level(now, window, roundTrip);
        if (missing <= 0) return now;
        return now + Duration(static_cast<Duration::rep>(missing / rate(window, roundTrip)) + 1);
    }
    void onPacketSent(Instant now, std::size_t bytes, std::size_t window, Duration roundTrip) {
        m_level = std::max(level(now, window, roundTrip) - static_cast<double>(bytes), 0.0);
        m_at = now;
        m_isFull = false;
    }

private:
    /// Bytes a nanosecond.
    static double rate(std::size_t window, Duration roundTrip) {
        return 1.25 * static_cast<double>(window) / static_cast<double>(std::max(roundTrip, kShortest).count());
    }
    static double capacity(std::size_t window, Duration roundTrip) {
        return std::max(10.0 * kFullDatagram, rate(window, roundTrip) * 2e6);
    }
    [[nodiscard]] double level(Instant now, std::size_t window, Duration roundTrip) const {
        const double full = capacity(window, roundTrip);
        if (m_isFull) return full;
        return std::min(full, m_level + static_cast<double>((now - m_at).count()) * rate(window, roundTrip));
    }

    static constexpr Duration kShortest = std::chrono::microseconds(10);

    double m_level = 0;
    Instant m_at{};
    bool m_isFull = true;
};

}  // namespace kith::link
