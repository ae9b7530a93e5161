// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "protocol/base/instant.h"

namespace kith::jitter {

/// How far behind the fastest packets the slow ones are, and how much of that is worth waiting for.
///
/// A packet's transit is arrival minus send time, by two clocks: only differences mean something. The **floor** is the
/// lowest transit of the last two seconds; it follows clock drift and changes of path. Of each quarter of a second the
/// slowest packet counts: its lateness goes into a histogram that forgets with a time constant of 15 s, and the target
/// is what 95 % of those quarters stayed below. Spikes that come back again and again are so waited for, a single one
/// is not.
///
/// A step of the whole path is no lateness: it is measured against the higher one of the floors before and after. Until
/// it is clear which of the two it is, the slowest packet of the last second holds the target up, so that the delay
/// that was just grown for it isn't taken back at once.
class DelayEstimator {
public:
    /// To begin with: most lines need no more, and those that do say so within a few packets.
    static constexpr Duration kStartTarget = std::chrono::milliseconds(5);
    static constexpr Duration kMaxTarget = std::chrono::milliseconds(500);

    /// `sent` is the packet's timestamp as a time, in the sender's clock and from any origin.
    void update(Instant arrival, Duration sent);
    void reset() { *this = DelayEstimator(); }

    [[nodiscard]] Duration target() const { return m_target; }
    /// Lowest recent transit; a packet sent at s comes at floor() + s if nothing holds it up. Zero before any packet.
    [[nodiscard]] Duration floor() const { return m_floor; }
    [[nodiscard]] bool empty() const { return m_count == 0; }

private:
    static constexpr Duration kInterval = std::chrono::milliseconds(250);
    static constexpr Duration kBucket = std::chrono::milliseconds(5);
    static constexpr std::size_t kBuckets = 101;
    static constexpr std::size_t kWindow = 8;  ///< intervals on each side that a floor is taken from
    static constexpr std::size_t kKept = 2 * kWindow + 1;
    static constexpr std::int64_t kHold = 4;  ///< intervals that the slowest packet is not forgotten for
    static constexpr double kForget = 0.983;
    static constexpr double kQuantile = 0.95;

    struct Interval {
        std::int64_t number = 0;
        Duration fastest{};
        Duration slowest{};
    };
    using Histogram = std::array<double, kBuckets>;

    [[nodiscard]] const Interval& kept(std::size_t fromOldest) const;
    [[nodiscard]] Duration floorBetween(std::int64_t first, std::int64_t last) const;
    [[nodiscard]] Duration lateness(const Interval& interval) const;
    void open(std::int64_t number, Duration transit);
    void commit(const Interval& interval);
    void recompute();
    static void add(Histogram& histogram, std::uint64_t before, Duration delay);

    std::array<Interval, kKept> m_ring{};
    std::size_t m_oldest = 0;
    std::size_t m_count = 0;
    Histogram m_histogram{};
    std::uint64_t m_committed = 0;
    Duration m_floor{};
    Duration m_target = kStartTarget;
};

}  // namespace kith::jitter
