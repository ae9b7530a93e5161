// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "protocol/base/bytes.h"
#include "protocol/base/instant.h"

namespace kith::audio {

/// Room for the largest packet of a voice call, SRTP's addition included.
inline constexpr std::size_t kMaxPacket = 1280;

/// What one voice call needs to know from the start. The random values come from the caller: media has no source of
/// its own (RFC 3550 section 5.1 wants them unpredictable).
struct VoiceSettings {
    std::uint32_t ssrc = 1;            ///< ours; different from the other end's
    std::uint16_t firstSequence = 0;   ///< random, below 2^15 (RFC 3711 section 3.3.1)
    std::uint32_t firstTimestamp = 0;  ///< random
    std::uint8_t payloadType = 111;    ///< Opus, 96 to 127, the same in both directions
    int bitRate = 64'000;              ///< bits per second of Opus
    int expectedLoss = 10;             ///< percent that the coding is made ready for
    bool inBandFec = false;            ///< each packet with a coarse copy of the one before
    std::string name{};                ///< RTCP CNAME: random, says nothing of who it is; at most 32 characters
};

struct VoiceStatistics {
    std::uint64_t packetsSent = 0;
    std::uint64_t packetsReceived = 0;
    std::uint64_t packetsLost = 0;        ///< never came, or too late to be heard
    double loss = 0;                      ///< fraction of packets missing, last 5 s
    double lossOverThere = 0;             ///< fraction of ours missing, as the other end last reported
    std::optional<Duration> roundTrip{};  ///< by RTCP
    Duration arrivalJitter{};             ///< RFC 3550 section 6.4.1
    Duration targetDelay{};               ///< what the jitter buffer aims at
    Duration bufferedDelay{};             ///< sound waiting in it
    Duration playoutDelay{};              ///< what the jitter buffer adds to the path for a packet that nothing held up
    double concealed = 0;                 ///< fraction of time that was made up, last 5 s
    double inputLevel = 0;                ///< 0 to 1, what the microphone hears, muted or not
    double outputLevel = 0;               ///< 0 to 1, this talker
    bool heard = false;                   ///< at least one packet of sound came
};

/// The sound of one call: packets of plain RTP and RTCP (RFC 5761 on one flow) in and out. What talks and listens is
/// behind it: microphone and speaker, an echo, a tone in a test. Destroying it ends the sound.
///
/// Used on the network thread only.
class VoicePort {
public:
    VoicePort() = default;
    VoicePort(const VoicePort&) = delete;
    VoicePort& operator=(const VoicePort&) = delete;
    virtual ~VoicePort() = default;

    /// The other end hears silence; packets go on, so that the path stays open.
    virtual void setMuted(bool muted) = 0;
    /// Neither side hears anything; a packet now and then shows that we are still there.
    virtual void setHeld(bool held) = 0;
    /// One packet, authenticated and in the clear. Anything else inside is hostile input: bounded, counted, dropped.
    virtual void packetIn(Instant arrival, ByteView packet) = 0;
    /// Copies the next packet to send to the front of `buffer` and returns its size; 0 when there is none. The buffer
    /// is kMaxPacket long, so that the caller can seal it in place.
    virtual std::size_t takePacket(ByteSpan buffer) = 0;
    [[nodiscard]] virtual VoiceStatistics statistics() const = 0;

    /// For ports without a thread of their own, which live by the caller's clock.
    virtual void wake(Instant) {}
    [[nodiscard]] virtual Instant nextWake() const { return kNever; }
};

}  // namespace kith::audio
