// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/session/nacklimit.h"

#include <algorithm>

namespace kith::session {

namespace {

double secondsBetween(Instant from, Instant to) {
    return std::max(0.0, std::chrono::duration<double>(to - from).count());
}

}  // namespace

bool NackLimit::allow(Instant at, const IpAddress& to) {
    if (m_buckets.empty()) m_buckets.resize(kBuckets);
    Bucket& own = m_buckets[bucketOf(to)];
    const double gained = secondsBetween(own.filled, at) * kPerSecond;
    own.tokens = static_cast<float>(std::min(kBurst, static_cast<double>(own.tokens) + gained));
    own.filled = at;
    m_tokensInAll = std::min(kBurstInAll, m_tokensInAll + secondsBetween(m_filledInAll, at) * kPerSecondInAll);
    m_filledInAll = at;
    if (own.tokens < 1 || m_tokensInAll < 1) return false;
    own.tokens -= 1;
    m_tokensInAll -= 1;
    return true;
}

std::size_t NackLimit::bucketOf(const IpAddress& address) const {
    // An IPv6 customer has a /64: its lower half is free to choose.
    const std::size_t size = address.isV4() ? 16 : 8;
    std::uint64_t hash = m_salt;
    for (std::size_t i = 0; i < size; ++i) {
        hash ^= std::to_integer<std::uint64_t>(address.bytes[i]);
        hash *= 0x9e3779b97f4a7c15U;
        hash ^= hash >> 32;
    }
    return static_cast<std::size_t>(hash % kBuckets);
}

}  // namespace kith::session
