// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace kith::link {

/// The numbers first … end - 1.
struct Range {
    std::uint64_t first = 0;
    std::uint64_t end = 0;

    [[nodiscard]] std::uint64_t size() const { return end - first; }
    friend bool operator==(const Range&, const Range&) = default;
};

/// A set of numbers as ascending ranges that neither overlap nor touch. Whoever feeds it from outside bounds it.
class RangeSet {
public:
    /// False: all of it was there before.
    bool insert(Range range);
    void remove(Range range);
    void removeBelow(std::uint64_t number) { remove({0, number}); }
    void clear();
    /// Gives memory back that a busier time has left.
    void shrink() { m_ranges.shrink_to_fit(); }

    [[nodiscard]] bool contains(std::uint64_t number) const;
    [[nodiscard]] bool containsAll(Range range) const;
    [[nodiscard]] bool empty() const { return m_ranges.empty(); }
    [[nodiscard]] std::size_t count() const { return m_ranges.size(); }
    [[nodiscard]] std::span<const Range> ranges() const { return m_ranges; }

private:
    std::vector<Range> m_ranges;
};

}  // namespace kith::link
