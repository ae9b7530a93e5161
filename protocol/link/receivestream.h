// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <memory>

#include "protocol/base/bytes.h"
#include "protocol/link/ranges.h"
#include "protocol/link/sendstream.h"

namespace kith::link {

/// The receiving side of one stream: puts pieces into order. Holds at most the credit it has granted, in one buffer.
class ReceiveStream {
public:
    /// More holes than a sender that follows the rules leaves.
    static constexpr std::size_t kMaxPieces = 512;

    enum class Verdict { Taken, TooManyPieces, BeyondCredit };
    /// Appends to `out` what is in order now. Unless it is Taken nothing has changed; TooManyPieces: may come again.
    Verdict receive(std::uint64_t offset, ByteView bytes, Bytes& out);

    /// The end of the highest byte that came, for the link's credit.
    [[nodiscard]] std::uint64_t highest() const { return m_waiting ? m_waiting->pieces.ranges().back().end : m_base; }
    [[nodiscard]] std::uint64_t delivered() const { return m_base; }
    /// Half of what was granted is used up: a new limit has to be told.
    [[nodiscard]] bool wantsToGrant() const { return m_limit - m_base < kStreamCredit / 2; }
    /// The new limit, which counts from now on.
    std::uint64_t grant();

private:
    struct Waiting {
        Bytes bytes;      ///< the stream from m_base on, with holes
        RangeSet pieces;  ///< beyond m_base, never empty
    };

    void store(std::uint64_t offset, ByteView bytes);
    void deliver(Bytes& out);

    std::unique_ptr<Waiting> m_waiting;  ///< null: nothing came out of order
    std::uint64_t m_base = 0;
    std::uint64_t m_limit = kStreamCredit;
};

}  // namespace kith::link
