// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/rtp/reception.h"

#include <algorithm>
#include <cmath>

namespace kith::rtp {

namespace {

/// RFC 3550 appendix A.1 (MAX_DROPOUT): a longer gap is taken for a restart.
constexpr std::int64_t kMaxDropout = 3000;

std::int64_t inUnits(Instant at, std::uint32_t clockRate) {
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count();
    return micros / 1'000'000 * clockRate + micros % 1'000'000 * clockRate / 1'000'000;
}

}  // namespace

void Reception::restart(const Packet& packet) {
    const auto rate = m_clockRate;
    *this = Reception(rate);
    m_source = packet.ssrc;
    m_first = m_highest = m_unwrapper.unwrap(packet.sequence);
}

void Reception::received(Instant arrival, const Packet& packet) {
    if (m_source != packet.ssrc) restart(packet);
    const std::int64_t sequence = m_unwrapper.peek(packet.sequence);
    if (std::abs(sequence - m_highest) > kMaxDropout) {
        restart(packet);
    } else if (sequence > m_highest) {
        m_highest = m_unwrapper.unwrap(packet.sequence);
    } else if (sequence < m_first) {
        m_first = sequence;  // the very first packet was overtaken
    }
    ++m_packets;
    countJitter(arrival, packet.timestamp);
}

void Reception::countJitter(Instant arrival, std::uint32_t timestamp) {
    const auto transit = inUnits(arrival, m_clockRate) - std::int64_t{timestamp};
    if (m_lastTransit) {
        // The timestamp may have wrapped in between: the difference is taken in 32 bits.
        const auto step = static_cast<std::int32_t>(static_cast<std::uint32_t>(transit - *m_lastTransit));
        m_jitter += (std::abs(static_cast<double>(step)) - m_jitter) / 16;
    }
    m_lastTransit = transit;
}

void Reception::receivedSenderReport(Instant arrival, const SenderInfo& info) {
    m_lastReport = middleOfNtp(info.ntp);
    m_lastReportArrival = arrival;
}

std::uint64_t Reception::expected() const {
    return m_source ? static_cast<std::uint64_t>(m_highest - m_first + 1) : 0;
}

std::uint64_t Reception::lost() const {
    return expected() > m_packets ? expected() - m_packets : 0;
}

Duration Reception::jitter() const {
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(m_jitter / m_clockRate));
}

ReportBlock Reception::makeBlock(Instant now) {
    ReportBlock block;
    block.ssrc = m_source.value_or(0);
    const auto cumulative = static_cast<std::int64_t>(expected()) - static_cast<std::int64_t>(m_packets);
    block.cumulativeLost = static_cast<std::int32_t>(std::clamp<std::int64_t>(cumulative, -0x800000, 0x7FFFFF));
    block.highestSequence = static_cast<std::uint32_t>(m_highest);
    block.jitter = static_cast<std::uint32_t>(std::min(m_jitter, 4e9));

    const auto expectedNow = static_cast<std::int64_t>(expected() - m_expectedBefore);
    const auto lostNow = expectedNow - static_cast<std::int64_t>(m_packets - m_packetsBefore);
    if (expectedNow > 0 && lostNow > 0)
        block.fractionLost = static_cast<std::uint8_t>(std::min<std::int64_t>(255, lostNow * 256 / expectedNow));
    m_expectedBefore = expected();
    m_packetsBefore = m_packets;

    if (m_lastReport) {
        block.lastReport = *m_lastReport;
        block.delaySinceLastReport = middleOfNtp(ntpSince(m_lastReportArrival, now));
    }
    return block;
}

std::uint64_t ntpSince(Instant origin, Instant now) {
    const auto nanos = static_cast<std::uint64_t>(std::max<Duration::rep>(0, (now - origin).count()));
    constexpr std::uint64_t kSecond = 1'000'000'000;
    return (nanos / kSecond << 32) | ((nanos % kSecond << 32) / kSecond);
}

std::optional<Duration> roundTrip(Instant origin, Instant now, const ReportBlock& block) {
    if (block.lastReport == 0) return std::nullopt;
    const std::uint32_t elapsed = middleOfNtp(ntpSince(origin, now)) - block.lastReport - block.delaySinceLastReport;
    const auto ticks = static_cast<std::int32_t>(elapsed);
    constexpr std::int32_t kMinute = 60 << 16;
    // Clocks tick in 15 us steps at both ends: a loop through one computer can come out just below zero.
    if (ticks < -2 || ticks > kMinute) return std::nullopt;
    return Duration(std::max(ticks, 0) * std::int64_t{1'000'000'000} / 65536);
}

}  // namespace kith::rtp
