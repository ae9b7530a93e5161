// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/link/receivednumbers.h"

#include <algorithm>

namespace kith::link {

bool ReceivedNumbers::isNew(std::uint64_t number) const {
    return number >= m_floor && !m_set.contains(number);
}

void ReceivedNumbers::add(std::uint64_t number) {
    m_set.insert({number, number + 1});
    if (m_set.count() <= kMaxRanges) return;
    m_floor = m_set.ranges().front().end;
    m_set.removeBelow(m_floor);
}

void ReceivedNumbers::settle(std::uint64_t largestTold) {
    m_settled = std::max(m_settled, largestTold);
}

void ReceivedNumbers::forgetGaps() {
    if (m_set.empty()) return;
    m_floor = m_set.ranges().back().first;
    m_set.removeBelow(m_floor);
    m_set.shrink();
}

AckFrame ReceivedNumbers::ack() const {
    AckFrame frame;
    const auto ranges = m_set.ranges();
    for (std::size_t i = ranges.size(); i-- > 0 && frame.count < kMaxAckRanges;) {
        if (frame.count > 0 && ranges[i].end <= m_settled) break;
        frame.list[frame.count++] = ranges[i];
    }
    return frame;
}

}  // namespace kith::link
