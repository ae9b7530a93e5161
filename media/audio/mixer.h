// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <array>

#include "media/audio/frame.h"

namespace kith::audio {

/// Adds up talkers and cues. Sums beyond three quarters of full scale are bent instead of clipped.
class Mixer {
public:
    void clear() { m_sum.fill(0); }
    void add(SampleView sound);
    void result(SampleSpan out) const;

private:
    std::array<std::int32_t, kFrameSize> m_sum{};
};

}  // namespace kith::audio
