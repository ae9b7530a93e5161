// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace kith::jitter {

using Samples = std::span<const std::int16_t>;

/// Makes speech shorter or longer by a pitch period or a few, without a change of pitch: overlap and add where the
/// waveform resembles itself best (WSOLA). Mono, 48 kHz. Pure functions, nothing is allocated.
struct TimeStretch {
    static constexpr int kShortest = 120;  ///< 2.5 ms: a pitch of 400 Hz
    static constexpr int kLongest = 600;   ///< 12.5 ms: 80 Hz, or several periods of a higher voice

    /// Fills `out` from `in` with `longest` samples or fewer left out, at least kShortest. `in` must hold
    /// out.size() + longest. Returns how many were left out, so that out.size() + that many of `in` are used up;
    /// nothing (and `out` is not touched) if no cut would pass unheard. `daring` from 0 to 1 lowers the bar.
    static std::optional<int> shorten(Samples in, std::span<std::int16_t> out, int longest, double daring);

    /// Fills `out` with in[0 … out.size() - added) and `added` samples repeated in between; `past` is the sound played
    /// before, at least kLongest samples. `in` must hold out.size() - kShortest; out is at most 480 long and `added` at
    /// most as long.
    static std::optional<int> lengthen(Samples past, Samples in, std::span<std::int16_t> out, int longest,
                                       double daring);
};

}  // namespace kith::jitter
