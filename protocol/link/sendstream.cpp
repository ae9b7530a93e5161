// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/link/sendstream.h"

#include <algorithm>

#include "protocol/link/streamframes.h"

namespace kith::link {

namespace {

constexpr Duration kRepeatAfter = std::chrono::milliseconds(15);
constexpr std::size_t kMaxRepeats = 32;

}  // namespace

void SendStream::append(ByteView bytes, bool repeat) {
    if (bytes.empty()) return;
    if (!m_kept) {
        m_kept = std::make_unique<Kept>();
        m_kept->next = m_base;
    }
    const std::uint64_t first = end();
    kith::append(m_kept->bytes, bytes);
    if (repeat && m_kept->repeats.size() < kMaxRepeats) m_kept->repeats.push_back({{first, end()}, kNever});
}

ByteView SendStream::view(Range range) const {
    return ByteView(m_kept->bytes)
        .subspan(m_kept->head + static_cast<std::size_t>(range.first - m_base), static_cast<std::size_t>(range.size()));
}

std::optional<SendStream::Piece> SendStream::peek(std::size_t room, std::uint64_t freshLimit) const {
    const bool isFresh = !hasLost();
    if (isFresh && !hasFresh()) return std::nullopt;
    const Range whole = isFresh ? Range{m_kept->next, std::min(end(), m_limit)} : m_kept->lost.ranges().front();
    std::uint64_t size = std::min<std::uint64_t>(whole.size(), streamBytesThatFit(room, whole.first));
    if (isFresh) size = std::min(size, freshLimit);
    if (size == 0) return std::nullopt;
    return Piece{whole.first, view({whole.first, whole.first + size}), isFresh};
}

void SendStream::onSent(Instant now, std::uint64_t offset, std::size_t length) {
    const Range range{offset, offset + length};
    m_kept->lost.remove(range);
    if (range.end <= m_kept->next) return;
    for (Repeat& repeat : m_kept->repeats)
        if (repeat.due == kNever && repeat.range.end <= range.end) repeat.due = now + kRepeatAfter;
    m_kept->next = range.end;
}

void SendStream::onAcked(Range range) {
    range.first = std::max(range.first, m_base);
    if (!m_kept || range.first >= range.end) return;
    m_kept->lost.remove(range);
    m_kept->acked.insert(range);
    dropAcked();
}

void SendStream::dropAcked() {
    Kept& kept = *m_kept;
    if (kept.acked.ranges().front().first != m_base) return;
    const std::uint64_t base = kept.acked.ranges().front().end;
    kept.head += static_cast<std::size_t>(base - m_base);
    m_base = base;
    if (kept.head == kept.bytes.size()) {
        m_kept.reset();
        return;
    }
    kept.acked.removeBelow(m_base);
    std::erase_if(kept.repeats, [&](const Repeat& repeat) { return repeat.range.end <= m_base; });
    if (kept.head > kept.bytes.size() / 2) {
        kept.bytes.erase(kept.bytes.begin(), kept.bytes.begin() + static_cast<std::ptrdiff_t>(kept.head));
        kept.head = 0;
    }
}

void SendStream::onLost(Range range) {
    range.first = std::max(range.first, m_base);
    if (!m_kept || range.first >= range.end) return;
    m_kept->lost.insert(range);
    for (const Range& acked : m_kept->acked.ranges()) m_kept->lost.remove(acked);
}

void SendStream::grant(std::uint64_t limit) {
    m_limit = std::max(m_limit, limit);
}

void SendStream::repeatDue(Instant now) {
    if (nextRepeat() > now) return;
    for (const Repeat& repeat : m_kept->repeats)
        if (repeat.due <= now) onLost(repeat.range);
    std::erase_if(m_kept->repeats, [&](const Repeat& repeat) { return repeat.due <= now; });
}

Instant SendStream::nextRepeat() const {
    Instant next = kNever;
    if (!m_kept) return next;
    for (const Repeat& repeat : m_kept->repeats) next = std::min(next, repeat.due);
    return next;
}

}  // namespace kith::link
