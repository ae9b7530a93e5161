// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/base/instant.h"

namespace kith::link {

/// The smallest time that timers tell apart (RFC 9002 kGranularity).
inline constexpr Duration kGranularity = std::chrono::milliseconds(1);
/// How long an end may hold an ack back; the same for all.
inline constexpr Duration kMaxAckDelay = std::chrono::milliseconds(25);

/// The estimate of one path's round trip, RFC 9002 section 5.
class RoundTrip {
public:
    /// `guess` stands in until the first sample; zero: 333 ms.
    explicit RoundTrip(Duration guess = {});

    void addSample(Duration sample, Duration ackDelay);

    [[nodiscard]] bool hasSample() const { return m_hasSample; }
    [[nodiscard]] Duration latest() const { return m_latest; }
    [[nodiscard]] Duration smoothed() const { return m_smoothed; }
    [[nodiscard]] Duration variation() const { return m_variation; }
    [[nodiscard]] Duration smallest() const { return m_smallest; }
    /// The time within which an acknowledgement is to be expected, without back-off.
    [[nodiscard]] Duration probeTimeout() const;

private:
    Duration m_latest{};
    Duration m_smallest{};
    Duration m_smoothed;
    Duration m_variation;
    bool m_hasSample = false;
};

}  // namespace kith::link
