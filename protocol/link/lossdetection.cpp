// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/link/lossdetection.h"

#include <algorithm>

namespace kith::link {

struct LossDetection::Newly {
    std::uint32_t count = 0;
    std::uint64_t number = 0;
    std::uint32_t order = 0;
    Instant sentAt{};
};

/// Packets lost in one go without an acknowledged one between them.
struct LossDetection::LostRun {
    Instant first{};
    Instant last{};
    std::uint32_t lastOrder = 0;
    bool isOpen = false;
    Duration longest{};

    void add(const SentPacket& packet, Instant firstSample) {
        // What was sent before there was a sample of the round trip doesn't count (RFC 9002 7.6.2).
        if (packet.sentAt <= firstSample) return;
        if (!isOpen || packet.order != lastOrder + 1) first = packet.sentAt;
        isOpen = true;
        last = packet.sentAt;
        lastOrder = packet.order;
        longest = std::max(longest, last - first);
    }
};

void LossDetection::onPacketSent(SentPacket packet) {
    packet.order = m_nextOrder++;
    m_lastSent = packet.sentAt;
    m_congestion.onPacketSent(packet.size);
    ++m_outstanding;
    m_sent.push_back(packet);
}

LossDetection::AckResult LossDetection::onAckReceived(Instant now, std::span<const Range> ranges,
                                                      std::optional<Duration> delay, FrameOwner& owner) {
    Newly newly;
    takeAcked(ranges, owner, newly);
    if (newly.count == 0) return {};

    if (!m_largestAcked || newly.order > *m_largestAcked) {
        m_largestAcked = newly.order;
        // The newest number of this path that the other end has seen, told by the ack that it caused.
        if (delay) {
            if (!m_roundTrip.hasSample()) m_firstSample = now;
            m_roundTrip.addSample(now - newly.sentAt, *delay);
        }
    }
    const std::uint32_t lost = detectLost(now, owner);
    m_probes = 0;
    removeDone();
    return {newly.count, lost, newly.number};
}

void LossDetection::takeAcked(std::span<const Range> ranges, FrameOwner& owner, Newly& newly) {
    const bool windowWasUsed = m_congestion.isWindowUsed();
    const auto packets = sent();
    for (const Range& range : ranges) {
        auto at = std::lower_bound(packets.begin(), packets.end(), range.first,
                                   [](const SentPacket& packet, std::uint64_t n) { return packet.number < n; });
        for (; at != packets.end() && at->number < range.end; ++at) {
            if (at->isDone) continue;
            at->isDone = true;
            --m_outstanding;
            m_congestion.onPacketAcked(at->size, at->sentAt, windowWasUsed);
            if (newly.count++ == 0 || at->number > newly.number) {
                newly.number = at->number;
                newly.order = at->order;
                newly.sentAt = at->sentAt;
            }
            for (const SentFrame& frame : at->frames()) owner.onAcked(frame);
        }
    }
}

std::uint32_t LossDetection::detectLost(Instant now, FrameOwner& owner) {
    m_lossTime = kNever;
    if (m_isReliable || !m_largestAcked) return 0;
    const Duration longest = std::max(m_roundTrip.latest(), m_roundTrip.smoothed());
    const Duration delay = std::max(longest * 9 / 8, kGranularity);

    std::uint32_t lost = 0;
    Instant newest{};
    LostRun run;
    for (SentPacket& packet : sent()) {
        if (packet.order > *m_largestAcked) break;
        if (packet.isDone) continue;
        if (packet.sentAt + delay <= now || *m_largestAcked >= packet.order + kPacketThreshold) {
            ++lost;
            newest = std::max(newest, packet.sentAt);
            run.add(packet, m_firstSample);
            declareLost(packet, owner);
        } else {
            m_lossTime = std::min(m_lossTime, packet.sentAt + delay);
        }
    }
    if (lost > 0) afterLoss(now, newest, run);
    return lost;
}

void LossDetection::declareLost(SentPacket& packet, FrameOwner& owner) {
    packet.isDone = true;
    --m_outstanding;
    m_congestion.removeFromFlight(packet.size);
    if (packet.isRepeated) return;
    for (const SentFrame& frame : packet.frames()) owner.onLost(frame);
}

void LossDetection::afterLoss(Instant now, Instant newest, const LostRun& run) {
    m_congestion.onCongestion(newest, now);
    const Duration persistent = m_roundTrip.probeTimeout() * kPersistentThreshold;
    if (run.longest > persistent) m_congestion.onPersistentCongestion();
}

Duration LossDetection::probeTimeout() const {
    const Duration once = m_roundTrip.probeTimeout();
    return std::clamp(once * (1 << std::min<int>(m_probes, 12)), once, std::max(once, kLongestBackOff));
}

Instant LossDetection::probeTime() const {
    return m_outstanding == 0 || m_isReliable ? kNever : m_lastSent + probeTimeout();
}

Instant LossDetection::timer() const {
    return m_lossTime != kNever ? m_lossTime : probeTime();
}

LossDetection::TimeoutResult LossDetection::onTimeout(Instant now, FrameOwner& owner) {
    if (now < timer()) return {};
    if (m_lossTime != kNever) {
        const std::uint32_t lost = detectLost(now, owner);
        removeDone();
        return {lost, false};
    }
    if (m_probes < UINT8_MAX) ++m_probes;
    return {0, true};
}

bool LossDetection::repeatOldest(FrameOwner& owner) {
    const auto packets = sent();
    const auto at = std::find_if(packets.begin(), packets.end(),
                                 [](const SentPacket& packet) { return !packet.isDone && !packet.isRepeated; });
    if (at == packets.end()) return false;
    at->isRepeated = true;
    for (const SentFrame& frame : at->frames()) owner.onLost(frame);
    return true;
}

void LossDetection::evacuate(FrameOwner& owner) {
    for (SentPacket& packet : sent())
        if (!packet.isDone) declareLost(packet, owner);
    m_lossTime = kNever;
    removeDone();
}

void LossDetection::removeDone() {
    while (m_first < m_sent.size() && m_sent[m_first].isDone) ++m_first;
    if (m_first == m_sent.size()) {
        // An idle link shall cost little: there are more links than busy ones.
        std::vector<SentPacket>().swap(m_sent);
        m_first = 0;
    } else if (m_first > 64 && m_first > m_sent.size() / 2) {
        m_sent.erase(m_sent.begin(), m_sent.begin() + m_first);
        m_first = 0;
    }
}

}  // namespace kith::link
