// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/media/jitter/simulatedcall.h"

#include <algorithm>

namespace kith::test {

namespace {

constexpr Instant kStart{std::chrono::hours(5)};
/// Near the end of the range, so that every run goes through the wrap.
constexpr std::uint32_t kFirstTimestamp = 0xFFFF'0000U;

}  // namespace

Duration SimulatedCall::sentAt(std::int64_t number) const {
    return std::chrono::duration_cast<Duration>(
        std::chrono::duration<double>(static_cast<double>(number * m_options.packet) / 48'000 / (1 + m_options.skew)));
}

void SimulatedCall::sendNext() {
    const Duration sent = sentAt(m_number);
    if (const auto delay = m_line(m_number, sent)) m_inFlight.emplace(sent + *delay, m_number);
    ++m_number;
}

void SimulatedCall::run(Duration until) {
    for (;;) {
        const Duration nextPull = m_options.phase + std::chrono::milliseconds(10) * m_pullNumber;
        if (nextPull > until) return;
        // Half a second of packets is under way before it is looked at, so that any reordering is seen.
        while (sentAt(m_number) < nextPull + std::chrono::milliseconds(500)) sendNext();
        while (!m_inFlight.empty() && m_inFlight.begin()->first <= nextPull) {
            const auto [at, number] = *m_inFlight.begin();
            m_inFlight.erase(m_inFlight.begin());
            Bytes payload(8);
            for (std::size_t i = 0; i < 8; ++i) payload[i] = static_cast<std::byte>(number >> (8 * i));
            rtp::Packet packet;
            packet.sequence = static_cast<std::uint16_t>(number);
            packet.timestamp = kFirstTimestamp + static_cast<std::uint32_t>(number * m_options.packet);
            packet.payload = payload;
            m_buffer.insert(kStart + at, packet, m_options.packet);
        }
        pull();
    }
}

void SimulatedCall::pull() {
    using Kind = jitter::Step::Kind;
    constexpr int kWanted = 480;
    const Duration now = m_options.phase + std::chrono::milliseconds(10) * m_pullNumber++;
    const int wish = m_buffer.beginPull(kStart + now, kWanted, m_held);
    const int needed = kWanted + std::clamp(wish, 0, 600);
    while (m_held < needed) {
        if (m_held >= kWanted && !m_buffer.packetReady()) break;
        const jitter::Step step = m_buffer.next();
        switch (step.kind) {
            case Kind::Decode: {
                std::int64_t number = 0;
                for (std::size_t i = 0; i < 8; ++i) number |= std::to_integer<std::int64_t>(step.payload[i]) << (8 * i);
                m_counts.order.push_back(number);
                ++m_counts.decoded;
                m_lastDelay =
                    now - std::chrono::duration_cast<Duration>(std::chrono::duration<double>(
                              static_cast<double>(number * m_options.packet) / 48'000 / (1 + m_options.skew)));
                m_held += step.duration;
                break;
            }
            case Kind::Recover:
                m_counts.recovered += step.duration;
                m_held += step.duration;
                break;
            case Kind::Conceal:
                m_counts.concealed += step.duration;
                m_held += step.duration;
                break;
            case Kind::Silence:
                m_counts.silent += kWanted - m_held;
                m_held = kWanted;
                break;
        }
    }
    if (wish > 0 && m_held - kWanted >= 120) {
        const int gone = std::min({wish, 600, m_held - kWanted});
        m_held -= gone;
        m_counts.shortened += gone;
        m_buffer.stretched(gone);
    } else if (wish < 0) {
        const int added = std::clamp(-wish, 120, 480);
        m_held += added;
        m_counts.lengthened += added;
        m_buffer.stretched(-added);
    }
    m_held -= kWanted;
    ++m_counts.pulls;
}

}  // namespace kith::test
