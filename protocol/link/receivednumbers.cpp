// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/link/receivednumbers.h"

#include <algorithm>

namespace kith::link {

bool ReceivedNumbers::isNew(std::uint64_t number) const {
    return number >= m_run.end && !m_beyond.contains(number);
}

void ReceivedNumbers::add(std::uint64_t number) {
    if (number == m_run.end) {
        ++m_run.end;
        if (m_beyond.empty()) return;
    } else if (number > m_run.end) {
        m_beyond.insert({number, number + 1});
    }
    absorb();
    if (m_beyond.count() < kMaxRanges) return;
    m_run = m_beyond.ranges().front();
    m_beyond.removeBelow(m_run.end);
}

void ReceivedNumbers::absorb() {
    if (m_beyond.empty() || m_beyond.ranges().front().first != m_run.end) return;
    m_run.end = m_beyond.ranges().front().end;
    m_beyond.removeBelow(m_run.end);
    if (m_beyond.empty()) m_beyond.shrink();
}

void ReceivedNumbers::settle(std::uint64_t largestTold) {
    m_settled = std::max(m_settled, largestTold);
}

void ReceivedNumbers::forgetGaps() {
    if (m_beyond.empty()) return;
    m_run = m_beyond.ranges().back();
    m_beyond.clear();
}

AckFrame ReceivedNumbers::ack() const {
    AckFrame frame;
    const auto tell = [&](const Range& range) {
        const bool isNews = frame.count == 0 || range.end > m_settled;
        if (isNews && range.size() > 0 && frame.count < kMaxAckRanges) frame.list[frame.count++] = range;
    };
    const auto ranges = m_beyond.ranges();
    for (auto range = ranges.rbegin(); range != ranges.rend(); ++range) tell(*range);
    tell(m_run);
    return frame;
}

}  // namespace kith::link
