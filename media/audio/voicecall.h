// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <array>

#include "media/audio/level.h"
#include "media/audio/voicereceiver.h"
#include "media/audio/voicesender.h"
#include "media/rtp/reception.h"

namespace kith::audio {

/// Where packets go. Called on the thread of whoever calls.
class PacketSink {
public:
    PacketSink() = default;
    PacketSink(const PacketSink&) = delete;
    PacketSink& operator=(const PacketSink&) = delete;
    virtual ~PacketSink() = default;
    virtual void send(ByteView packet) = 0;
};

/// The sound of one call as a machine without device, thread or clock: frames of the microphone in and packets out,
/// packets in and frames for the speaker out. Nothing is allocated after the construction, so all of it may run between
/// reading and writing a device.
///
/// Reports (RTCP) go out every second, more often than a large conference could afford and within the twentieth of the
/// bandwidth that RFC 3550 section 6.2 allows.
class VoiceCall {
public:
    VoiceCall(const VoiceSettings& settings, Instant start);

    void setMuted(bool muted) { m_muted = muted; }
    void setHeld(bool held) { m_held = held; }

    /// 10 ms from the microphone, or of silence if there is none: it is also the clock of what is sent.
    void capture(Instant now, const Frame& frame, PacketSink& out);
    /// RTP or RTCP, authenticated, otherwise as hostile as anything.
    void packetIn(Instant arrival, ByteView packet);
    /// The next sound of the other end, at most a frame long.
    void playback(Instant now, SampleSpan out);

    [[nodiscard]] VoiceStatistics statistics() const;

private:
    /// Counters as they stood once a second, for what is told of the last five.
    struct Tally {
        std::uint64_t expected = 0;
        std::uint64_t received = 0;
        std::uint64_t played = 0;
        std::uint64_t concealed = 0;
    };

    void sendReport(Instant now, PacketSink& out);
    void receiveReports(Instant arrival, ByteView packet);
    void receive(Instant arrival, const rtp::Report& report);
    [[nodiscard]] Tally tally() const;

    std::uint32_t m_ssrc;
    std::uint8_t m_payloadType;
    std::array<char, 32> m_name{};
    std::size_t m_nameSize = 0;
    Instant m_start;
    bool m_muted = false;
    bool m_held = false;

    VoiceSender m_sender;
    VoiceReceiver m_receiver;
    rtp::Reception m_reception;
    LevelMeter m_input;
    LevelMeter m_output;
    double m_gain = 1;  ///< of the microphone, on its way to 0 or 1: a click less

    Instant m_nextReport;
    std::uint64_t m_reportedPackets = 0;
    std::optional<Duration> m_roundTrip;
    double m_lossOverThere = 0;
    std::array<Tally, 6> m_tallies{};
    std::size_t m_tallyCount = 0;
};

}  // namespace kith::audio
