// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/link/receivestream.h"

#include <algorithm>

namespace kith::link {

ReceiveStream::Verdict ReceiveStream::receive(std::uint64_t offset, ByteView bytes, Bytes& out) {
    const std::uint64_t end = offset + bytes.size();
    if (end > m_limit) return Verdict::BeyondCredit;
    if (end <= m_base) return Verdict::Taken;
    if (offset < m_base) {
        bytes = bytes.subspan(static_cast<std::size_t>(m_base - offset));
        offset = m_base;
    }
    if (offset > m_base && m_waiting && m_waiting->pieces.count() >= kMaxPieces) return Verdict::TooManyPieces;
    if (offset == m_base && !m_waiting) {
        append(out, bytes);
        m_base = end;
        return Verdict::Taken;
    }
    store(offset, bytes);
    deliver(out);
    return Verdict::Taken;
}

void ReceiveStream::store(std::uint64_t offset, ByteView bytes) {
    if (!m_waiting) m_waiting = std::make_unique<Waiting>();
    const auto at = static_cast<std::size_t>(offset - m_base);
    Bytes& all = m_waiting->bytes;
    if (all.size() < at + bytes.size()) all.resize(at + bytes.size());
    std::copy(bytes.begin(), bytes.end(), all.begin() + static_cast<std::ptrdiff_t>(at));
    m_waiting->pieces.insert({offset, offset + bytes.size()});
}

void ReceiveStream::deliver(Bytes& out) {
    const Range first = m_waiting->pieces.ranges().front();
    if (first.first != m_base) return;
    const auto count = static_cast<std::size_t>(first.size());
    Bytes& all = m_waiting->bytes;
    append(out, ByteView(all).first(count));
    m_base = first.end;
    m_waiting->pieces.removeBelow(m_base);
    if (m_waiting->pieces.empty())
        m_waiting.reset();
    else
        all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count));
}

std::uint64_t ReceiveStream::grant() {
    m_limit = m_base + kStreamCredit;
    return m_limit;
}

}  // namespace kith::link
