// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <string>
#include <variant>
#include <vector>

#include "media/audio/sounddevices.h"
#include "media/audio/voiceport.h"

namespace kith::audio {

/// How one direction of the computer's sound is doing while something uses it.
enum class DeviceState {
    Fine,
    Absent,  ///< there is no such device at all: the call goes on without
    Failed,  ///< there is one, and it doesn't work
};

struct DevicesChanged {
    SoundDevices devices;
};
struct InputChanged {
    DeviceState state;
    std::string device;  ///< id of the one in use; empty when none is
};
struct OutputChanged {
    DeviceState state;
    std::string device;
};
using SoundEvent = std::variant<DevicesChanged, InputChanged, OutputChanged>;

/// Sounds that the program itself makes.
enum class Cue {
    None,
    Ring,      ///< somebody calls; goes on until changed
    SoftRing,  ///< somebody calls during a call; goes on until changed
    Ringback,  ///< it rings over there; goes on until changed
    HungUp,    ///< once
};

/// What a client needs of the computer's sound. Used on the network thread only.
///
/// When takePacket() of a port or takeEvents() may have something new, the wake-up given to the implementation is
/// called; the thread it is called on is the implementation's business, so it must do no more than post.
class SoundSystem {
public:
    SoundSystem() = default;
    SoundSystem(const SoundSystem&) = delete;
    SoundSystem& operator=(const SoundSystem&) = delete;
    virtual ~SoundSystem() = default;

    /// A voice call from now on; several at a time are mixed. Never fails: without devices it is silent, and an event
    /// says so. Ports must be gone before the sound system.
    virtual std::unique_ptr<VoicePort> openVoice(const VoiceSettings& settings) = 0;
    virtual void play(Cue cue) = 0;
    /// Ids as in SoundDevices; empty follows the system's default. One that is not there: the default until it comes.
    virtual void chooseDevices(const std::string& input, const std::string& output) = 0;
    /// From now on DevicesChanged tells what there is and every change; openVoice() does the same. Looking costs
    /// memory and wake-ups, so it starts only when asked for.
    virtual void watchDevices() = 0;
    virtual void takeEvents(std::vector<SoundEvent>& out) = 0;
};

}  // namespace kith::audio
