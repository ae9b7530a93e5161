// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <vector>

#include "tests/support/sound/wavefile.h"

namespace kith::test {

/// Sweeps of 120 ms between 400 and 3,200 Hz in four kinds, at uneven distances of 0.7 to 0.9 s: what a delay is
/// measured with.
struct Chirps {
    Sound sound;
    std::vector<int> kinds;  ///< in order
};
Chirps makeChirps(int count);

struct FoundChirp {
    int kind;
    double at;        ///< seconds from the start of the recording
    double likeness;  ///< 1: as it was made
};
/// Every piece of sound in a recording that is nearest to one of the four.
std::vector<FoundChirp> findChirps(const Sound& recording);

struct DelayReport {
    std::vector<double> delays;  ///< milliseconds, of the clean ones, in order
    int clean = 0;               ///< likeness of 0.7 and more
    int garbled = 0;             ///< 0.35 to 0.7
    int lost = 0;
    std::vector<double> spoilt;  ///< when those that are not clean were said, seconds into the recording
    [[nodiscard]] double quantile(double share) const;
};
/// Pairs what was heard at one place with what was heard at the other; the beginnings are those of the recordings.
DelayReport compareChirps(const Sound& mouth, double mouthBeginning, const Sound& ear, double earBeginning);

}  // namespace kith::test
