// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "media/audio/packetring.h"
#include "media/audio/soundsystem.h"
#include "media/rtp/reception.h"

namespace kith::audio {

/// Sends everything back that comes, some time later and as if it were its own: the same payloads, with the losses and
/// gaps they came with. Nothing is decoded, so that one program can echo to many. Lives by the caller's clock.
class EchoPort final : public VoicePort {
public:
    EchoPort(const VoiceSettings& settings, Duration delay);

    void setMuted(bool muted) override { m_muted = muted; }
    void setHeld(bool held) override { m_held = held; }
    void packetIn(Instant arrival, ByteView packet) override;
    std::size_t takePacket(ByteSpan buffer) override;
    [[nodiscard]] VoiceStatistics statistics() const override;
    void wake(Instant now) override;
    [[nodiscard]] Instant nextWake() const override;

private:
    void reflect(Instant arrival, const rtp::Packet& packet);
    void receiveReports(Instant arrival, ByteView packet);
    void report(Instant now);
    void loadWaiting();

    VoiceSettings m_settings;
    Duration m_delay;
    bool m_muted = false;
    bool m_held = false;
    rtp::Reception m_reception;
    std::optional<std::uint32_t> m_source;
    std::uint16_t m_sequenceShift = 0;
    std::uint32_t m_timestampShift = 0;
    std::uint32_t m_lastTimestamp = 0;
    std::uint32_t m_sent = 0;
    std::uint32_t m_octets = 0;
    double m_lossOverThere = 0;
    std::optional<Duration> m_roundTrip;

    /// What waits for its time, the earliest taken out and at hand.
    PacketRing m_line{256 * 1024};
    ByteArray<kMaxPacket> m_waiting{};
    std::size_t m_waitingSize = 0;
    Instant m_due = kNever;
    Instant m_now{};
    std::optional<Instant> m_start;
    Instant m_nextReport = kNever;
    ByteArray<kMaxPacket> m_report{};
    std::size_t m_reportSize = 0;
};

/// The sound system of the echo contact: there is no sound.
class EchoSound final : public SoundSystem {
public:
    explicit EchoSound(Duration delay) : m_delay(delay) {}

    std::unique_ptr<VoicePort> openVoice(const VoiceSettings& settings) override {
        return std::make_unique<EchoPort>(settings, m_delay);
    }
    void play(Cue) override {}
    void chooseDevices(const std::string&, const std::string&) override {}
    void watchDevices() override {}
    void takeEvents(std::vector<SoundEvent>&) override {}

private:
    Duration m_delay;
};

}  // namespace kith::audio
