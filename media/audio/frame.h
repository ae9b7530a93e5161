// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace kith::audio {

inline constexpr int kSampleRate = 48'000;
/// 10 ms: what a microphone gives and a packet holds.
inline constexpr int kFrameSize = kSampleRate / 100;

/// Mono, 16 bits.
using Sample = std::int16_t;
using Frame = std::array<Sample, kFrameSize>;
using SampleView = std::span<const Sample>;
using SampleSpan = std::span<Sample>;

}  // namespace kith::audio
