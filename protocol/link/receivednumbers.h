// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <optional>

#include "protocol/link/ranges.h"
#include "protocol/link/streamframes.h"

namespace kith::link {

/// Which packets of the other end have been taken: keeps copies out, and is what acks are written from. At most
/// kMaxRanges ranges are remembered; what lies below them counts as taken.
class ReceivedNumbers {
public:
    static constexpr std::size_t kMaxRanges = 64;

    [[nodiscard]] bool isNew(std::uint64_t number) const;
    void add(std::uint64_t number);
    /// The number after the largest one; 0 if there is none.
    [[nodiscard]] std::uint64_t expected() const { return m_beyond.empty() ? m_run.end : m_beyond.ranges().back().end; }

    /// The other end has seen an ack up to here: what is missing below needn't be told again.
    void settle(std::uint64_t largestTold);
    /// A quiet time: what is still missing is not coming. Gives the memory back.
    void forgetGaps();

    /// The newest ranges; there must be one.
    [[nodiscard]] AckFrame ack() const;

private:
    void absorb();

    Range m_run;                  ///< taken without a gap; what lies below counts as taken and is not told
    RangeSet m_beyond;            ///< above m_run, with gaps before, between
    std::uint64_t m_settled = 0;  ///< ranges that end at or below are not told any more
};

}  // namespace kith::link
