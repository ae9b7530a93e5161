// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/session/tcpbacklog.h"

#include <algorithm>
#include <utility>

namespace kith::session {

namespace {

constexpr double kWeightOfNewest = 0.25;
/// Between reports that are closer together the clock says more about the socket than about the network.
constexpr Duration kShortestSpan = std::chrono::milliseconds(2);

double seconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

}  // namespace

void TcpBacklog::wrote(Instant at, std::size_t bytes) {
    if (m_held == 0) m_since = at;
    m_held += bytes;
}

void TcpBacklog::reported(Instant at, std::size_t bytes) {
    const std::size_t before = m_held;
    const Duration span = at - m_since;
    m_held = bytes;
    if (bytes > 0 && span < kShortestSpan) {
        // Too early to tell; what it took counts with what it takes next.
        m_taken += before - std::min(before, bytes);
        return;
    }
    const std::size_t taken = std::exchange(m_taken, 0) + before - std::min(before, bytes);
    m_since = at;
    const double rate = static_cast<double>(taken) / seconds(std::max(span, kShortestSpan));
    if (bytes > 0)
        learn(rate);
    else if (taken >= m_limit && rate > m_bytesPerSecond)
        // It was through before we looked: at least as fast as this, if it had enough to do.
        learn(std::min(rate, 2 * static_cast<double>(m_limit) / seconds(kLongestQueue)));
}

void TcpBacklog::learn(double rate) {
    m_bytesPerSecond = m_bytesPerSecond == 0 ? rate : m_bytesPerSecond + kWeightOfNewest * (rate - m_bytesPerSecond);
    m_limit = std::clamp(static_cast<std::size_t>(m_bytesPerSecond * seconds(kLongestQueue)), kLeast, kMost);
}

}  // namespace kith::session
