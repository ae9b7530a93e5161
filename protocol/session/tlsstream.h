// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <vector>

#include "protocol/wire/handshake.h"

namespace kith::session {

/// A part of a byte stream: [begin, end).
struct ByteRange {
    std::uint32_t begin;
    std::uint32_t end;
    friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

/// Disjoint ranges in ascending order, at most kMost of them.
class RangeSet {
public:
    static constexpr std::size_t kMost = wire::kMaxHandshakeRanges;

    /// False, and nothing added: it would need one range too many.
    bool add(ByteRange range);
    [[nodiscard]] bool covers(ByteRange range) const;
    [[nodiscard]] const std::vector<ByteRange>& ranges() const { return m_ranges; }

private:
    std::vector<ByteRange> m_ranges;
};

/// The TLS bytes that one end sends in its handshake: kept until the other end has said that it has them.
class TlsOutgoing {
public:
    void append(ByteView bytes);
    void acknowledge(ByteRange range);

    /// The next part that is not acknowledged at or after `from`, at most `most` bytes; empty range: none.
    [[nodiscard]] ByteRange unacknowledged(std::uint32_t from, std::size_t most) const;
    [[nodiscard]] ByteView bytes(ByteRange range) const;
    [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(m_bytes.size()); }
    [[nodiscard]] bool isAcknowledged() const;

private:
    Bytes m_bytes;
    RangeSet m_acknowledged;
};

/// The TLS bytes of the other end, put in order whatever the network did to them. Bounded by kMostBytes.
class TlsIncoming {
public:
    static constexpr std::size_t kMostBytes = wire::kMaxHandshakeStream;

    /// False: nothing new, or beyond the bounds.
    bool add(std::uint32_t offset, ByteView bytes);
    /// What came in order since the last call; valid until the next add().
    [[nodiscard]] ByteView takeInOrder();
    [[nodiscard]] const std::vector<ByteRange>& received() const { return m_received.ranges(); }

private:
    Bytes m_bytes;
    RangeSet m_received;
    std::uint32_t m_taken = 0;
};

}  // namespace kith::session
