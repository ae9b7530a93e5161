// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <optional>

#include "media/rtp/packet.h"
#include "media/rtp/rtcp.h"
#include "media/rtp/unwrapper.h"
#include "protocol/base/instant.h"

namespace kith::rtp {

/// Counts what comes from one source, as RFC 3550 appendix A.1, A.3 and A.8 do: loss, jitter, and what a report block
/// says of it.
class Reception {
public:
    explicit Reception(std::uint32_t clockRate) : m_clockRate(clockRate) {}

    /// Also for duplicates and late ones. A sequence that is far off starts the count anew (the sender restarted).
    void received(Instant arrival, const Packet& packet);
    void receivedSenderReport(Instant arrival, const SenderInfo& info);

    [[nodiscard]] std::uint64_t expected() const;
    [[nodiscard]] std::uint64_t packets() const { return m_packets; }
    /// Never negative, unlike the cumulative loss of a report.
    [[nodiscard]] std::uint64_t lost() const;
    [[nodiscard]] Duration jitter() const;
    [[nodiscard]] std::optional<std::uint32_t> source() const { return m_source; }

    /// The block for a report sent now; its fraction counts from the block before.
    ReportBlock makeBlock(Instant now);

private:
    void restart(const Packet& packet);
    void countJitter(Instant arrival, std::uint32_t timestamp);

    std::uint32_t m_clockRate;
    std::optional<std::uint32_t> m_source;
    Unwrapper<std::uint16_t> m_unwrapper;
    std::int64_t m_first = 0;
    std::int64_t m_highest = -1;
    std::uint64_t m_packets = 0;
    std::uint64_t m_expectedBefore = 0;
    std::uint64_t m_packetsBefore = 0;
    double m_jitter = 0;  ///< in units of the timestamp
    std::optional<std::int64_t> m_lastTransit;
    std::optional<std::uint32_t> m_lastReport;
    Instant m_lastReportArrival{};
};

/// Middle 32 bits of an NTP time: seconds in 16.16.
constexpr std::uint32_t middleOfNtp(std::uint64_t ntp) {
    return static_cast<std::uint32_t>(ntp >> 16);
}

/// 32.32 fixed point seconds since `origin`.
std::uint64_t ntpSince(Instant origin, Instant now);

/// Section 6.4.1: the time between our report and this block, less what the other end kept it. Nothing if the block
/// answers no report of ours or the numbers can't be.
std::optional<Duration> roundTrip(Instant origin, Instant now, const ReportBlock& block);

}  // namespace kith::rtp
