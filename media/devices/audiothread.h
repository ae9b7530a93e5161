// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <functional>
#include <memory>

#include "media/audio/soundsystem.h"

namespace kith::devices {

/// The computer's microphones and speakers: one thread that reads and writes devices, runs Opus and the jitter buffers,
/// and meets the network thread only through rings and posts. It starts with the first call, cue or watchDevices(), so
/// that a program that is merely signed in pays nothing, and is joined by the destructor.
///
/// A thread that hangs in Qt's sound is noticed with the next order, or within seconds while a call goes on, and left
/// behind: calls and cues go on in another one. The destructor waits two seconds for a thread, no longer.
///
/// Made, used and destroyed on the network thread. `wakeUp` is called on the audio thread, at most once until the next
/// takePacket() or takeEvents(), and must only post.
class AudioThread final : public audio::SoundSystem {
public:
    explicit AudioThread(std::function<void()> wakeUp);
    ~AudioThread() override;

    std::unique_ptr<audio::VoicePort> openVoice(const audio::VoiceSettings& settings) override;
    void play(audio::Cue cue) override;
    void chooseDevices(const std::string& input, const std::string& output) override;
    void watchDevices() override;
    void takeEvents(std::vector<audio::SoundEvent>& out) override;

    /// Whether threads were left behind in this process and still hang. Then it has to end by _Exit() when all is done:
    /// what exit() destroys is what they hang in, and it would wait for them for ever. Any thread.
    static bool someHang();

private:
    class Voice;
    struct Shared;
    std::unique_ptr<Shared> m_shared;
};

}  // namespace kith::devices
