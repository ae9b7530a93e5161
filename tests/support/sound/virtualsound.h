// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <list>
#include <memory>

#include "media/audio/mixer.h"
#include "media/audio/soundsystem.h"
#include "media/audio/voicecall.h"

namespace kith::test {

/// A computer's sound in virtual time: the microphone hears a tone, and what the speaker plays is listened to for
/// another's. The real engine of a call is in between; it runs by the ports' wake().
class VirtualSound final : public audio::SoundSystem {
public:
    /// `tone` in Hz, between 300 and 3,000; 0: a quiet room.
    explicit VirtualSound(double tone) : m_tone(tone) {}

    std::unique_ptr<audio::VoicePort> openVoice(const audio::VoiceSettings& settings) override;
    void play(audio::Cue cue) override { m_cue = cue; }
    void chooseDevices(const std::string& input, const std::string& output) override;
    void watchDevices() override;
    void takeEvents(std::vector<audio::SoundEvent>& out) override;

    [[nodiscard]] audio::Cue cue() const { return m_cue; }
    /// What came out of the speaker in the last fifth of a second that a call ran, of all calls together: its loudness
    /// (root mean square, full scale 1), and which share of its energy lies at this frequency.
    [[nodiscard]] double loudness() const;
    [[nodiscard]] double share(double frequency) const;
    [[nodiscard]] std::size_t openPorts() const { return m_open; }

private:
    class Port;
    static constexpr std::size_t kKept = 9600;

    void played(audio::SampleView sound);

    double m_tone;
    audio::Cue m_cue = audio::Cue::None;
    std::vector<audio::SoundEvent> m_events;
    audio::SoundDevices m_devices;
    std::vector<audio::Sample> m_played;
    std::size_t m_open = 0;
};

}  // namespace kith::test
