// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kith::test {

/// Mono sound, full scale is 1.
struct Sound {
    int rate = 48'000;
    std::vector<float> samples{};

    [[nodiscard]] double seconds() const { return static_cast<double>(samples.size()) / rate; }
};

/// A RIFF file of 16-bit PCM; of several channels the mean. Nothing if it is none.
std::optional<Sound> readWaveFile(const std::string& path);
bool writeWaveFile(const std::string& path, const Sound& sound);
/// Linear between samples, after a mean over what is left out: good enough to measure with.
Sound resampled(const Sound& sound, int rate);

}  // namespace kith::test
