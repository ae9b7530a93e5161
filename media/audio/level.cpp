// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/audio/level.h"

#include <algorithm>
#include <cmath>

namespace kith::audio {

namespace {
constexpr double kRange = 60;         ///< dB
constexpr double kFallASecond = 1.5;  ///< of the scale
}  // namespace

void LevelMeter::add(SampleView sound) {
    if (sound.empty()) return;
    double energy = 0;
    for (const Sample sample : sound) energy += static_cast<double>(sample) * sample;
    const double loudness = std::sqrt(energy / static_cast<double>(sound.size())) / 32768.0;
    const double now = loudness > 0 ? std::clamp(1 + 20 * std::log10(loudness) / kRange, 0.0, 1.0) : 0.0;
    const double fallen = m_level - kFallASecond * static_cast<double>(sound.size()) / kSampleRate;
    m_level = std::max({now, fallen, 0.0});
}

}  // namespace kith::audio
