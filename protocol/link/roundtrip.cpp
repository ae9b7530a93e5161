// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/link/roundtrip.h"

#include <algorithm>

namespace kith::link {

namespace {

constexpr Duration kInitialRoundTrip = std::chrono::milliseconds(333);

}  // namespace

RoundTrip::RoundTrip(Duration guess)
    : m_smoothed(guess > Duration::zero() ? guess : kInitialRoundTrip), m_variation(m_smoothed / 2) {}

void RoundTrip::addSample(Duration sample, Duration ackDelay) {
    m_latest = std::max(sample, Duration::zero());
    if (!m_hasSample) {
        m_hasSample = true;
        m_smallest = m_latest;
        m_smoothed = m_latest;
        m_variation = m_latest / 2;
        return;
    }
    m_smallest = std::min(m_smallest, m_latest);
    ackDelay = std::min(ackDelay, kMaxAckDelay);
    const Duration adjusted = m_latest >= m_smallest + ackDelay ? m_latest - ackDelay : m_latest;
    const Duration off = m_smoothed > adjusted ? m_smoothed - adjusted : adjusted - m_smoothed;
    m_variation = (3 * m_variation + off) / 4;
    m_smoothed = (7 * m_smoothed + adjusted) / 8;
}

Duration RoundTrip::probeTimeout() const {
    return m_smoothed + std::max(4 * m_variation, kGranularity) + kMaxAckDelay;
}

}  // namespace kith::link
