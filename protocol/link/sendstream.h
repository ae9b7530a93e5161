// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "protocol/base/bytes.h"
#include "protocol/base/instant.h"
#include "protocol/link/ranges.h"

namespace kith::link {

/// What both ends start with: bytes of one stream, and of all together, that may be sent before more is granted.
inline constexpr std::uint64_t kStreamCredit = 128 * 1024;
inline constexpr std::uint64_t kLinkCredit = 512 * 1024;

/// The sending side of one stream: keeps bytes until they are acknowledged and says which go next. While nothing is
/// kept it costs no more than its few numbers.
class SendStream {
public:
    /// `repeat`: these bytes are offered once more 15 ms after they went out, unless acknowledged by then.
    void append(ByteView bytes, bool repeat);

    struct Piece {
        std::uint64_t offset;
        ByteView bytes;  ///< valid until the next call
        bool isFresh;    ///< was never sent before: counts against the link's credit
    };
    /// What to send next in a frame of at most `room` bytes, lost bytes first; `freshLimit` bounds fresh ones beyond
    /// the stream's own credit.
    [[nodiscard]] std::optional<Piece> peek(std::size_t room, std::uint64_t freshLimit) const;
    /// The piece that peek() gave goes out now.
    void onSent(Instant now, std::uint64_t offset, std::size_t length);
    void onAcked(Range range);
    void onLost(Range range);
    /// The other end grants so much in all; less than before is ignored.
    void grant(std::uint64_t limit);

    /// Offers again what is due for its second copy.
    void repeatDue(Instant now);
    [[nodiscard]] Instant nextRepeat() const;

    [[nodiscard]] bool hasLost() const { return m_kept && !m_kept->lost.empty(); }
    [[nodiscard]] bool hasFresh() const { return m_kept && m_kept->next < end() && m_kept->next < m_limit; }
    /// Bytes kept, all of them not yet acknowledged or behind such.
    [[nodiscard]] std::size_t kept() const { return m_kept ? m_kept->bytes.size() - m_kept->head : 0; }

private:
    struct Repeat {
        Range range;
        Instant due;  ///< kNever until the last byte has gone out
    };
    struct Kept {
        Bytes bytes;  ///< from head: the stream from m_base on
        std::size_t head = 0;
        std::uint64_t next = 0;  ///< the first byte that was never sent
        RangeSet acked;          ///< beyond m_base
        RangeSet lost;
        std::vector<Repeat> repeats;
    };

    [[nodiscard]] std::uint64_t end() const { return m_base + kept(); }
    [[nodiscard]] ByteView view(Range range) const;
    void dropAcked();

    std::unique_ptr<Kept> m_kept;  ///< null: everything was acknowledged
    std::uint64_t m_base = 0;
    std::uint64_t m_limit = kStreamCredit;
};

}  // namespace kith::link
