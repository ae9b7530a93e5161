// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/session/tcpbacklog.h"

#include <algorithm>

namespace kith::session {

namespace {

constexpr double kWeightOfNewest = 0.25;
/// Between reports that are closer together the clock says more about the socket than about the network.
constexpr Duration kShortestSpan = std::chrono::milliseconds(2);

double seconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

}  // namespace

void TcpBacklog::reported(Instant at, std::size_t bytes) {
    const std::size_t before = m_held;
    const Duration span = at - m_since;
    m_held = bytes;
    // Only a socket that had something to do all the time shows how fast it is.
    if (m_wasBusy && bytes > 0 && bytes <= before && span >= kShortestSpan) {
        const double rate = static_cast<double>(before - bytes) / seconds(span);
        m_bytesPerSecond =
            m_bytesPerSecond == 0 ? rate : m_bytesPerSecond + kWeightOfNewest * (rate - m_bytesPerSecond);
        const auto worth = static_cast<std::size_t>(m_bytesPerSecond * seconds(kLongestQueue));
        m_limit = std::clamp(worth, kLeast, kMost);
    } else if (bytes == 0 && before >= m_limit) {
        // It took a full measure before we looked again: it may be given more.
        m_limit = std::min(kMost, m_limit + m_limit / 2);
        m_bytesPerSecond = static_cast<double>(m_limit) / seconds(kLongestQueue);
    }
    if (span >= kShortestSpan || bytes == 0 || !m_wasBusy) m_since = at;
    m_wasBusy = bytes > 0;
}

}  // namespace kith::session
