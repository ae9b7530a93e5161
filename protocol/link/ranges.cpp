// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/link/ranges.h"

#include <algorithm>

namespace kith::link {

namespace {

/// The first range that ends at or after the number: what the number may touch.
auto touching(auto& ranges, std::uint64_t number) {
    return std::lower_bound(ranges.begin(), ranges.end(), number,
                            [](const Range& range, std::uint64_t n) { return range.end < n; });
}

}  // namespace

bool RangeSet::insert(Range range) {
    if (range.first >= range.end) return false;
    const auto from = touching(m_ranges, range.first);
    auto to = from;
    if (from != m_ranges.end() && from->first <= range.first && from->end >= range.end) return false;
    while (to != m_ranges.end() && to->first <= range.end) {
        range.first = std::min(range.first, to->first);
        range.end = std::max(range.end, to->end);
        ++to;
    }
    if (from == to) {
        m_ranges.insert(from, range);
    } else {
        *from = range;
        m_ranges.erase(from + 1, to);
    }
    return true;
}

void RangeSet::remove(Range range) {
    if (range.first >= range.end) return;
    auto at = touching(m_ranges, range.first);
    while (at != m_ranges.end() && at->first < range.end) {
        const Range left{at->first, std::min(at->end, range.first)};
        const Range right{std::max(at->first, range.end), at->end};
        const bool keepLeft = left.first < left.end;
        const bool keepRight = right.first < right.end;
        if (keepLeft && keepRight) {
            *at = left;
            m_ranges.insert(at + 1, right);
            return;
        }
        if (keepLeft || keepRight) {
            *at = keepLeft ? left : right;
            ++at;
        } else {
            at = m_ranges.erase(at);
        }
    }
}

void RangeSet::clear() {
    m_ranges.clear();
    m_ranges.shrink_to_fit();
}

bool RangeSet::contains(std::uint64_t number) const {
    return containsAll({number, number + 1});
}

bool RangeSet::containsAll(Range range) const {
    const auto at = std::upper_bound(m_ranges.begin(), m_ranges.end(), range.first,
                                     [](std::uint64_t n, const Range& r) { return n < r.end; });
    return at != m_ranges.end() && at->first <= range.first && at->end >= range.end;
}

}  // namespace kith::link
