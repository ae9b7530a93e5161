// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/audio/mixer.h"

#include <algorithm>
#include <cstdlib>

namespace kith::audio {

namespace {

constexpr std::int32_t kStraight = 24'576;
constexpr std::int32_t kRoom = 32'767 - kStraight;

/// Straight up to kStraight, from there towards full scale and never over it; the slope is continuous.
Sample bend(std::int32_t sum) {
    const std::int32_t size = std::abs(sum);
    if (size <= kStraight) return static_cast<Sample>(sum);
    const std::int64_t beyond = size - kStraight;
    const auto bent = static_cast<std::int32_t>(kStraight + beyond * kRoom / (beyond + kRoom));
    return static_cast<Sample>(sum < 0 ? -bent : bent);
}

}  // namespace

void Mixer::add(SampleView sound) {
    const std::size_t count = std::min(sound.size(), m_sum.size());
    for (std::size_t i = 0; i < count; ++i) m_sum[i] += sound[i];
}

void Mixer::result(SampleSpan out) const {
    const std::size_t count = std::min(out.size(), m_sum.size());
    for (std::size_t i = 0; i < count; ++i) out[i] = bend(m_sum[i]);
}

}  // namespace kith::audio
