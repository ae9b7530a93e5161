// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/session/tlsstream.h"

#include <algorithm>
#include <cassert>

namespace kith::session {

bool RangeSet::add(ByteRange range) {
    if (range.begin >= range.end) return true;
    // All that touch the new one melt into it.
    const auto first =
        std::find_if(m_ranges.begin(), m_ranges.end(), [&](const ByteRange& r) { return r.end >= range.begin; });
    const auto last = std::find_if(first, m_ranges.end(), [&](const ByteRange& r) { return r.begin > range.end; });
    if (first == last) {
        if (m_ranges.size() == kMost) return false;
        m_ranges.insert(first, range);
        return true;
    }
    first->begin = std::min(first->begin, range.begin);
    first->end = std::max((last - 1)->end, range.end);
    m_ranges.erase(first + 1, last);
    return true;
}

bool RangeSet::covers(ByteRange range) const {
    return range.begin >= range.end || std::any_of(m_ranges.begin(), m_ranges.end(), [&](const ByteRange& r) {
               return r.begin <= range.begin && range.end <= r.end;
           });
}

void TlsOutgoing::append(ByteView bytes) {
    kith::append(m_bytes, bytes);
}

void TlsOutgoing::acknowledge(ByteRange range) {
    // Of what was never sent nothing can have come.
    range.end = std::min(range.end, size());
    m_acknowledged.add(range);
}

ByteRange TlsOutgoing::unacknowledged(std::uint32_t from, std::size_t most) const {
    std::uint32_t begin = from;
    std::uint32_t end = size();
    for (const ByteRange& done : m_acknowledged.ranges()) {
        if (done.end <= begin) continue;
        if (done.begin > begin) {
            end = done.begin;
            break;
        }
        begin = done.end;
    }
    begin = std::min(begin, size());
    return {begin, std::min(std::max(begin, end), begin + static_cast<std::uint32_t>(most))};
}

ByteView TlsOutgoing::bytes(ByteRange range) const {
    assert(range.begin <= range.end && range.end <= size());
    return ByteView(m_bytes).subspan(range.begin, range.end - range.begin);
}

bool TlsOutgoing::isAcknowledged() const {
    return m_acknowledged.covers({0, size()});
}

bool TlsIncoming::add(std::uint32_t offset, ByteView bytes) {
    if (offset > kMostBytes || bytes.size() > kMostBytes - offset) return false;
    const ByteRange range{offset, offset + static_cast<std::uint32_t>(bytes.size())};
    if (m_received.covers(range) || !m_received.add(range)) return false;
    if (m_bytes.size() < range.end) m_bytes.resize(range.end);
    // What came first stays: TLS has perhaps read it already.
    const std::uint32_t from = std::max(offset, m_taken);
    std::copy(bytes.begin() + (from - offset), bytes.end(), m_bytes.begin() + from);
    return true;
}

ByteView TlsIncoming::takeInOrder() {
    const auto& ranges = m_received.ranges();
    const std::uint32_t end = ranges.empty() || ranges.front().begin > 0 ? 0 : ranges.front().end;
    const ByteView out = ByteView(m_bytes).subspan(m_taken, end - m_taken);
    m_taken = end;
    return out;
}

}  // namespace kith::session
