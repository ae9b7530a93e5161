// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <string>

#include "tests/support/sound/wavefile.h"

namespace kith::test {

enum class SpeechFault {
    None,
    NoReference,  ///< nothing to compare with: too short or silent
    Silence,      ///< the recording is, or nearly
    Unlike,       ///< something else is said
    Gap,          ///< a piece is missing: silent, or cut out so that what follows comes too early
};

struct SpeechVerdict {
    SpeechFault fault = SpeechFault::None;
    double likeness = 0;    ///< mean over the blocks, 1: the same
    double worstBlock = 1;  ///< likeness of the least alike
    double worstRun = 0;    ///< seconds in a row that don't look like the reference
    double silentRun = 0;   ///< longest time of speech in a row that is silent in the recording, seconds
    double begins = 0;      ///< where the reference begins in the recording, seconds
    [[nodiscard]] bool matches() const { return fault == SpeechFault::None; }
    [[nodiscard]] std::string text() const;
};

/// Whether a recording holds the speech of the reference, whole. What a call does to sound is forgiven: another level
/// and tone, coding, a few frames made up, time stretched a little here and there. Another sentence, silence and a
/// third of a second cut out are not.
///
/// Both are turned into energies of 20 bands every 10 ms, in decibels; blocks of 0.3 s of the reference are laid along
/// the recording so that neighbours move against each other by at most 40 ms in 100, the whole as alike as can be.
SpeechVerdict matchSpeech(const Sound& reference, const Sound& recording);

}  // namespace kith::test
