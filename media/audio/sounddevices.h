// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <string>
#include <vector>

namespace kith::audio {

/// Plain values: windows and commands show them as they are.
struct SoundDevice {
    std::string id{};
    std::string description{};
    bool isDefault = false;
    friend bool operator==(const SoundDevice&, const SoundDevice&) = default;
};

struct SoundDevices {
    std::vector<SoundDevice> inputs{};
    std::vector<SoundDevice> outputs{};
    std::string chosenInput{};  ///< as chosen, there or not; empty: the default
    std::string chosenOutput{};
    friend bool operator==(const SoundDevices&, const SoundDevices&) = default;
};

}  // namespace kith::audio
