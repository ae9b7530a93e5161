// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <optional>
#include <vector>

#include "protocol/base/random.h"
#include "protocol/link/link.h"

namespace kith::link {

/// An id with the number that its owner gave it; 0 is that of the handshake.
struct NumberedId {
    std::uint32_t sequence;
    LinkId id;
};

/// The ids by which the other end may call us. It holds spare ones, so that it can come by a new way at any time and
/// nobody who watches both ways sees that it is the same link.
class OurIds {
public:
    /// How many the other end holds that it does not use yet.
    static constexpr std::size_t kSpare = 2;

    /// `tellFirst`: there is something to tell about the id of the handshake, too.
    explicit OurIds(const LinkId& first, bool tellFirst = false) : m_ids{{0, true, !tellFirst, first}} {}

    /// A new one, which has to be told; nothing when the other end has enough.
    std::optional<LinkId> issue(RandomSource& random);
    [[nodiscard]] bool hasUntold() const;
    /// One that has to be told; it is told then.
    std::optional<NumberedId> takeUntold();
    [[nodiscard]] bool isUsed(std::uint32_t sequence) const;
    /// Those that the other end has not used yet, as far as we know.
    [[nodiscard]] std::vector<NumberedId> unused() const;
    /// What told it was lost.
    void tellAgain(std::uint32_t sequence);
    /// Nothing: not one of ours.
    [[nodiscard]] std::optional<std::uint32_t> sequenceOf(const LinkId& id) const;
    /// An authentic packet came with it.
    void markUsed(std::uint32_t sequence);
    /// The other end has no more use for it. Nothing: retired before.
    std::optional<LinkId> retire(std::uint32_t sequence);
    [[nodiscard]] bool wasIssued(std::uint64_t sequence) const { return sequence < m_next; }
    [[nodiscard]] std::vector<LinkId> all() const;

private:
    struct OurId {
        std::uint32_t sequence;
        bool isUsed;
        bool isTold;
        LinkId id;
    };

    std::vector<OurId> m_ids;
    std::uint32_t m_next = 1;
};

/// Ids of the other end that no path of ours uses yet.
class TheirIds {
public:
    /// False: more than a fair sender gives. A copy of what came before is taken silently.
    bool add(const NumberedId& id);
    /// The one with the lowest sequence.
    std::optional<NumberedId> takeSpare();
    [[nodiscard]] bool hasSpare() const { return !m_spare.empty(); }
    [[nodiscard]] bool isSpare(std::uint64_t sequence) const;

private:
    std::vector<NumberedId> m_spare;     ///< ascending
    std::uint32_t m_expected = 1;        ///< all below came before …
    std::vector<std::uint32_t> m_ahead;  ///< … and these, ascending
};

}  // namespace kith::link
