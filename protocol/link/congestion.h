// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>

#include "protocol/base/instant.h"

namespace kith::link {

/// The size that congestion control counts with: a full packet with its frame's and UDP's headers.
inline constexpr std::uint32_t kFullDatagram = 1200;

/// NewReno for one path, RFC 9002 section 7 and appendix B: slow start, recovery, avoidance. Bytes.
class Congestion {
public:
    static constexpr std::uint32_t kInitialWindow = 10 * kFullDatagram;
    static constexpr std::uint32_t kMinimumWindow = 2 * kFullDatagram;
    /// Larger than any path needs; keeps what one link has under way bounded.
    static constexpr std::uint32_t kMaximumWindow = 4 * 1024 * 1024;

    void onPacketSent(std::uint32_t bytes) { m_inFlight += bytes; }
    void onPacketAcked(std::uint32_t bytes, Instant sentAt, bool windowWasUsed);
    /// A packet sent then is lost; the window is cut once a round trip.
    void onCongestion(Instant sentAt, Instant now);
    void onPersistentCongestion();
    /// Lost, or given up with its path.
    void removeFromFlight(std::uint32_t bytes) { m_inFlight -= bytes; }

    [[nodiscard]] std::size_t window() const { return m_window; }
    [[nodiscard]] std::size_t inFlight() const { return m_inFlight; }
    [[nodiscard]] bool isInSlowStart() const { return m_window < m_threshold; }
    [[nodiscard]] bool allows(std::size_t bytes) const { return m_inFlight + bytes <= m_window; }
    /// Whether the window held the sender back, or nearly: only then does an ack make it grow.
    [[nodiscard]] bool isWindowUsed() const;

private:
    [[nodiscard]] bool isInRecovery(Instant sentAt) const { return m_hasRecovered && sentAt <= m_recoveryStart; }

    std::uint32_t m_window = kInitialWindow;
    std::uint32_t m_threshold = UINT32_MAX;
    std::uint32_t m_inFlight = 0;
    std::uint32_t m_ackedInAvoidance = 0;
    Instant m_recoveryStart{};
    bool m_hasRecovered = false;
};

}  // namespace kith::link
