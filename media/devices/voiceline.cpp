// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/devices/voiceline.h"

namespace kith::devices {

namespace {
constexpr int kStatisticsEvery = 10;  ///< pulls
}

void VoiceLine::drain() {
    while (const auto taken = in.pop(m_packet)) call.packetIn(taken->when, ByteView(m_packet).first(taken->size));
}

void VoiceLine::capture(Instant at, const audio::Frame& frame) {
    now = at;
    call.setMuted(muted.load(std::memory_order_relaxed));
    call.setHeld(held.load(std::memory_order_relaxed));
    drain();
    call.capture(at, frame, *this);
}

void VoiceLine::playback(Instant at, audio::SampleSpan sound) {
    now = at;
    drain();
    call.playback(at, sound);
    if (--untilStatistics > 0) return;
    untilStatistics = kStatisticsEvery;
    statistics.write(call.statistics());
}

}  // namespace kith::devices
