// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <atomic>

#include "media/audio/latestslot.h"
#include "media/audio/packetring.h"
#include "media/audio/voicecall.h"

namespace kith::devices {

/// One call between the network thread and the audio thread: a packet ring each way, two switches, the newest
/// statistics. `call` is the audio thread's alone once the line is in its loop.
struct VoiceLine final : audio::PacketSink {
    VoiceLine(const audio::VoiceSettings& settings, Instant start) : call(settings, start) {}

    // Network thread.
    static constexpr std::size_t kRing = 64 * 1024;  ///< more than half a second of packets each way
    audio::PacketRing in{kRing};
    audio::PacketRing out{kRing};
    std::atomic<bool> muted{false};
    std::atomic<bool> held{false};
    audio::LatestSlot<audio::VoiceStatistics> statistics;

    // Audio thread.
    audio::VoiceCall call;
    Instant now{};          ///< of the turn that is going on
    bool sentSome = false;  ///< since it was last looked at
    int untilStatistics = 0;

    void send(ByteView packet) override { sentSome = out.push(now, packet) || sentSome; }
    void capture(Instant at, const audio::Frame& frame);
    void playback(Instant at, audio::SampleSpan sound);

private:
    void drain();
    ByteArray<audio::kMaxPacket> m_packet{};
};

}  // namespace kith::devices
