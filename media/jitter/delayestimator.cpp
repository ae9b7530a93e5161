// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/jitter/delayestimator.h"

#include <algorithm>

namespace kith::jitter {

const DelayEstimator::Interval& DelayEstimator::kept(std::size_t fromOldest) const {
    return m_ring[(m_oldest + fromOldest) % kKept];
}

Duration DelayEstimator::floorBetween(std::int64_t first, std::int64_t last) const {
    Duration lowest = Duration::max();
    for (std::size_t i = 0; i < m_count; ++i)
        if (kept(i).number >= first && kept(i).number <= last) lowest = std::min(lowest, kept(i).fastest);
    return lowest;
}

void DelayEstimator::update(Instant arrival, Duration sent) {
    const Duration transit = arrival.time_since_epoch() - sent;
    const std::int64_t number = arrival.time_since_epoch() / kInterval;
    if (m_count == 0 || number > kept(m_count - 1).number) {
        open(number, transit);
    } else {
        Interval& current = m_ring[(m_oldest + m_count - 1) % kKept];
        if (transit >= current.fastest && transit <= current.slowest) return;
        current.fastest = std::min(current.fastest, transit);
        current.slowest = std::max(current.slowest, transit);
    }
    recompute();
}

void DelayEstimator::open(std::int64_t number, Duration transit) {
    while (m_count == kKept || (m_count > 0 && kept(0).number + static_cast<std::int64_t>(2 * kWindow) < number)) {
        m_oldest = (m_oldest + 1) % kKept;
        --m_count;
    }
    m_ring[(m_oldest + m_count) % kKept] = {number, transit, transit};
    ++m_count;
    // The one whose two seconds of future are now over. Pauses leave out some: they had nothing to tell.
    for (std::size_t i = 0; i + 1 < m_count; ++i) {
        const std::int64_t due = kept(i).number + static_cast<std::int64_t>(kWindow);
        if (due < number && due >= kept(m_count - 2).number) commit(kept(i));
    }
}

Duration DelayEstimator::lateness(const Interval& interval) const {
    const auto reach = static_cast<std::int64_t>(kWindow);
    const Duration before = floorBetween(interval.number - reach, interval.number);
    const Duration after = floorBetween(interval.number, interval.number + reach);
    return interval.slowest - std::max(before, after);
}

void DelayEstimator::commit(const Interval& interval) {
    add(m_histogram, m_committed++, lateness(interval));
}

void DelayEstimator::add(Histogram& histogram, std::uint64_t before, Duration delay) {
    // At first the mean of what there is, with twice the weight on the newest; later a fixed rate of forgetting.
    const double forget = std::clamp(1.0 - 2.0 / static_cast<double>(before + 2), 0.0, kForget);
    for (double& share : histogram) share *= forget;
    const auto bucket = std::clamp<std::int64_t>(delay / kBucket, 0, static_cast<std::int64_t>(kBuckets) - 1);
    histogram[static_cast<std::size_t>(bucket)] += 1.0 - forget;
}

void DelayEstimator::recompute() {
    const auto reach = static_cast<std::int64_t>(kWindow);
    const std::int64_t now = kept(m_count - 1).number;
    m_floor = floorBetween(now - reach, now);

    Histogram histogram = m_histogram;
    std::uint64_t entries = m_committed;
    Duration held{};
    for (std::size_t i = 0; i < m_count; ++i) {
        const Interval& interval = kept(i);
        if (interval.number + reach < now) continue;  // committed
        add(histogram, entries++, lateness(interval));
        if (interval.number + kHold >= now) held = std::max(held, interval.slowest - m_floor);
    }
    double below = 0;
    std::size_t bucket = 0;
    while (bucket + 1 < kBuckets && (below += histogram[bucket]) < kQuantile) ++bucket;
    m_target = std::min(kMaxTarget, std::max(held, kBucket * static_cast<int>(bucket + 1)));
}

}  // namespace kith::jitter
