// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/jitter/jitterbuffer.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace kith::jitter {

namespace {

using namespace std::chrono_literals;

/// A clock that jumps by more is another clock.
constexpr Duration kJump = 2s;
/// Delay beyond the target that stretching would take too long to remove.
constexpr Duration kHopeless = 300ms;
/// From here on speech may go half faster, not only a quarter.
constexpr Duration kUrgent = 150ms;
/// The margin may be this much off on either side before something is done: clocks drift to and fro.
constexpr Duration kTolerance = 1500us;
/// Less than the shortest pitch period isn't worth a cut.
constexpr int kLeastStretch = kSampleRate / 400;
/// Pulls that stayed away for longer have a new beginning.
constexpr Duration kStall = 60ms;
constexpr int kSilentAfter = kSampleRate;
/// In-band FEC covers one frame, and Opus has none longer.
constexpr int kLongestFrame = kSampleRate * 60 / 1000;
constexpr int kConcealed = kSampleRate / 100;

std::int64_t toSamples(Duration time) {
    return time.count() * (kSampleRate / 1000) / 1'000'000;
}

}  // namespace

JitterBuffer::JitterBuffer() = default;

void JitterBuffer::reset() {
    m_store.clear();
    m_estimator.reset();
    m_timestamps = {};
    m_lastTransit.reset();
    m_end.reset();
    m_madeUp = 0;
}

void JitterBuffer::insert(Instant arrival, const rtp::Packet& packet, int duration) {
    ++m_statistics.received;
    if (duration <= 0 || packet.payload.empty() || packet.payload.size() > PacketStore::kMaxPayload) {
        ++m_statistics.discarded;
        return;
    }
    std::int64_t timestamp = m_timestamps.peek(packet.timestamp);
    const Duration transit = arrival.time_since_epoch() - toDuration(timestamp);
    if (m_lastTransit && std::chrono::abs(transit - *m_lastTransit) > kJump) {
        reset();
        ++m_statistics.resets;
    }
    timestamp = m_timestamps.unwrap(packet.timestamp);
    m_lastTransit = arrival.time_since_epoch() - toDuration(timestamp);
    m_estimator.update(arrival, toDuration(timestamp));

    if (m_end && timestamp < *m_end) {
        ++m_statistics.late;
        return;
    }
    if (m_store.full()) makeRoom();
    if (!m_store.insert(timestamp, duration, packet.payload)) ++m_statistics.duplicates;
}

void JitterBuffer::makeRoom() {
    m_store.dropFront();
    ++m_statistics.discarded;
    if (m_end) m_end = std::max(*m_end, m_store.front().timestamp);
}

void JitterBuffer::trackPulls(Instant now, int wanted) {
    if (now.time_since_epoch() - m_lastPull > kStall) m_pullCount = 0;
    m_lastPull = now.time_since_epoch();
    m_pulls[m_pullCount++ % m_pulls.size()] = now.time_since_epoch() - toDuration(m_pulled);
    const auto used = static_cast<std::ptrdiff_t>(std::min(m_pullCount, m_pulls.size()));
    m_pullTime = *std::min_element(m_pulls.begin(), m_pulls.begin() + used) + toDuration(m_pulled);
    m_pulled += wanted;
    m_wanted = wanted;
}

Duration JitterBuffer::marginOf(std::int64_t timestamp) const {
    return m_pullTime - m_estimator.floor() - toDuration(timestamp);
}

int JitterBuffer::beginPull(Instant now, int wanted, int held) {
    trackPulls(now, wanted);
    if (!m_end || m_madeUp > 0) return 0;
    const int residue = held % wanted;
    const Duration margin = marginOf(*m_end) + toDuration(held - residue);
    m_delay = margin + toDuration(residue);
    catchUp(margin);
    m_pause = std::max(0, m_pause - wanted);
    return m_pause > 0 ? 0 : wish(margin, residue);
}

int JitterBuffer::wish(Duration margin, int residue) const {
    const Duration aim = target();
    const Duration pull = toDuration(m_wanted);
    std::int64_t steps = 0;
    if (margin < aim - kTolerance) steps = -((aim - margin + pull - Duration(1)) / pull);
    if (margin >= aim + pull + kTolerance) steps = (margin - aim) / pull;
    const std::int64_t excess = steps * m_wanted + residue;
    if (steps >= 0 && excess < kLeastStretch) return 0;
    return static_cast<int>(std::clamp<std::int64_t>(excess, -kSampleRate, kSampleRate));
}

void JitterBuffer::catchUp(Duration margin) {
    if (margin - target() < kHopeless) return;
    std::int64_t tooMuch = toSamples(margin - target());
    while (m_store.size() > 1) {
        const std::int64_t step = m_store.front().end() - *m_end;
        if (step > tooMuch) break;
        tooMuch -= step;
        m_end = m_store.front().end();
        m_store.dropFront();
        ++m_statistics.discarded;
    }
}

void JitterBuffer::stretched(int samples) {
    m_pause = std::abs(samples) * (m_delay - target() > kUrgent ? 2 : 4);
}

void JitterBuffer::dropPast() {
    while (m_end && !m_store.empty() && m_store.front().timestamp < *m_end) {
        m_store.dropFront();
        ++m_statistics.late;
    }
}

Step JitterBuffer::next() {
    dropPast();
    if (!m_end) {
        if (m_store.empty() || marginOf(m_store.front().timestamp) < target() - kTolerance) return {};
        m_end = m_store.front().timestamp;
        return take();
    }
    if (m_store.empty()) return fill();
    const std::int64_t missing = m_store.front().timestamp - *m_end;
    if (missing <= m_madeUp) return take();
    if (m_madeUp == 0 && missing == m_store.front().duration && missing <= kLongestFrame) {
        m_end = m_store.front().timestamp;
        return {Step::Kind::Recover, m_store.front().payload(), static_cast<int>(missing)};
    }
    return fill();
}

Step JitterBuffer::take() {
    const PacketStore::Packet& packet = m_store.front();
    m_end = packet.end();
    m_madeUp = 0;
    m_store.dropFront();
    return {Step::Kind::Decode, packet.payload(), packet.duration};
}

Step JitterBuffer::fill() {
    if (m_madeUp >= kSilentAfter) {
        m_end.reset();
        m_madeUp = 0;
        return {};
    }
    m_madeUp += kConcealed;
    return {Step::Kind::Conceal, {}, kConcealed};
}

bool JitterBuffer::packetReady() const {
    return m_end && !m_store.empty() && m_store.front().timestamp - *m_end <= m_madeUp &&
           m_store.front().timestamp >= *m_end;
}

Duration JitterBuffer::buffered(int held) const {
    if (!m_end) return {};
    const std::int64_t last = m_store.empty() ? *m_end : std::max(*m_end, m_store.back().end());
    return toDuration(last - *m_end + held);
}

}  // namespace kith::jitter
