// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/link/congestion.h"

#include <algorithm>

namespace kith::link {

bool Congestion::isWindowUsed() const {
    if (isInSlowStart() && m_inFlight >= m_window / 2) return true;
    // Pacing keeps the last few packets of a window back.
    return m_inFlight + 3 * kFullDatagram >= m_window;
}

void Congestion::onPacketAcked(std::uint32_t bytes, Instant sentAt, bool windowWasUsed) {
    m_inFlight -= bytes;
    if (!windowWasUsed || isInRecovery(sentAt)) return;
    if (isInSlowStart()) {
        m_window += bytes;
    } else {
        // One full datagram a window of acknowledged bytes (RFC 9002 7.3.3), counted so that small packets count too.
        m_ackedInAvoidance += bytes;
        if (m_ackedInAvoidance >= m_window) {
            m_ackedInAvoidance -= m_window;
            m_window += kFullDatagram;
        }
    }
    m_window = std::min(m_window, kMaximumWindow);
}

void Congestion::onCongestion(Instant sentAt, Instant now) {
    if (isInRecovery(sentAt)) return;
    m_hasRecovered = true;
    m_recoveryStart = now;
    m_threshold = std::max(m_window / 2, kMinimumWindow);
    m_window = m_threshold;
    m_ackedInAvoidance = 0;
}

void Congestion::onPersistentCongestion() {
    m_window = kMinimumWindow;
    m_ackedInAvoidance = 0;
    m_hasRecovered = false;
}

}  // namespace kith::link
