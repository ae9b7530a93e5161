// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <QObject>
#include <QTimer>
#include <vector>

#include "media/audio/mixer.h"
#include "media/audio/soundsystem.h"
#include "media/devices/capturedevice.h"
#include "media/devices/cueplayer.h"
#include "media/devices/custody.h"
#include "media/devices/devicelist.h"
#include "media/devices/playbackdevice.h"
#include "media/devices/voiceline.h"

namespace kith::devices {

/// What goes on in the audio thread: serves the microphone whenever it has a frame and the speaker just before it runs
/// dry, and lets both be replaced under way. The microphone is open while there is a call, the speaker while there is
/// a call or a cue. A direction without a device goes on by the clock, so that a call without any is still a call.
class AudioLoop {
public:
    struct Events {
        std::function<void()> packets;  ///< some line has something to send
        std::function<void(audio::SoundEvent)> changed;
    };
    /// Calls are touched only while `custody` permits. Once it is revoked the loop closes its devices and ends the
    /// thread, at the first chance.
    AudioLoop(Events events, Custody& custody);
    ~AudioLoop();
    AudioLoop(const AudioLoop&) = delete;
    AudioLoop& operator=(const AudioLoop&) = delete;

    void add(std::shared_ptr<VoiceLine> line);
    void remove(const std::shared_ptr<VoiceLine>& line);
    void play(audio::Cue cue);
    void choose(std::string input, std::string output);
    void watch();

private:
    /// One direction's device: which one is used, and how it does.
    struct Use {
        std::string chosen{};
        std::string inUse{};
        std::optional<audio::DeviceState> told{};  ///< since the direction was last needed
        std::uint64_t seen = 0;                    ///< progress at the last check
    };

    bool dismissed();
    void listChanged();
    void update();
    bool mustWait(bool toOpen);
    void updateInput(bool needed);
    void updateOutput(bool needed);
    template <class Changed>
    void tell(Use& use, audio::DeviceState state, const std::string& device);
    void failed();
    void check();

    void captured(const audio::Frame& frame);
    void tick();
    void serveInput(Instant now);
    void serveOutput(Instant now);
    void mix(Instant now, audio::SampleSpan out);
    void afterTurn();
    void schedule();

    Events m_events;
    Custody& m_custody;
    QObject m_context;
    QTimer m_timer;
    QTimer m_watchdog;
    QTimer m_retry;
    std::unique_ptr<DeviceList> m_list;
    CaptureDevice m_input;
    PlaybackDevice m_output;
    std::optional<Instant> m_waitingSince{};  ///< for the sound server to answer, with a device to open
    Use m_inputUse;
    Use m_outputUse;

    std::vector<std::shared_ptr<VoiceLine>> m_lines;
    CuePlayer m_cue;
    audio::Mixer m_mixer;
    audio::Frame m_sound{};
    /// By the clock, where there is no device.
    Instant m_nextCapture{};
    Instant m_nextPlayback{};
};

}  // namespace kith::devices
