// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <vector>

#include "media/audio/frame.h"
#include "media/audio/soundsystem.h"

namespace kith::devices {

/// Plays the program's own sounds (resources/sounds) into the mix. On the audio thread.
class CuePlayer {
public:
    /// Reads the sound, so not between reading and writing a device.
    void play(audio::Cue cue);
    [[nodiscard]] bool playing() const { return !m_sound.empty(); }
    void pull(audio::SampleSpan out);

private:
    std::vector<audio::Sample> m_sound;
    std::size_t m_at = 0;
    std::size_t m_period = 0;  ///< with the pause behind it; 0: once
};

/// Samples of a RIFF file of PCM, mono, 16 bits, 48 kHz; empty if it is anything else.
std::vector<audio::Sample> readWave(const std::vector<std::byte>& file);

}  // namespace kith::devices
