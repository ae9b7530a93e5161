// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "media/audio/frame.h"

namespace kith::audio {

/// A needle for the eye: rises at once, falls slowly; 0 is 60 dB below full scale, 1 is full scale.
class LevelMeter {
public:
    void add(SampleView sound);
    [[nodiscard]] double level() const { return m_level; }

private:
    double m_level = 0;
};

}  // namespace kith::audio
