// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <vector>

#include "protocol/base/endpoint.h"
#include "protocol/base/instant.h"
#include "protocol/base/random.h"

namespace kith::session {

/// How many nacks a node gives: so many a second to one address, so many to all. Addresses share a few counters, found
/// by a hash that strangers can't foresee; nothing is kept an address.
class NackLimit {
public:
    static constexpr double kPerSecond = 10;
    static constexpr double kBurst = 20;
    static constexpr double kPerSecondInAll = 2000;
    static constexpr double kBurstInAll = 2000;

    explicit NackLimit(RandomSource& random) : m_salt(random.u64()) {}

    /// Whether one more may go there; counts it.
    bool allow(Instant at, const IpAddress& to);

private:
    struct Bucket {
        float tokens = static_cast<float>(kBurst);
        Instant filled{};
    };
    static constexpr std::size_t kBuckets = 128;

    [[nodiscard]] std::size_t bucketOf(const IpAddress& address) const;

    std::uint64_t m_salt;
    std::vector<Bucket> m_buckets;  ///< none before the first nack
    double m_tokensInAll = kBurstInAll;
    Instant m_filledInAll{};
};

}  // namespace kith::session
