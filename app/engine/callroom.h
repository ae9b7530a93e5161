// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>

#include "app/engine/shared.h"
#include "app/engine/voices.h"

namespace kith::engine {

/// Calls as a person sees and hears them.
class CallRoom {
public:
    explicit CallRoom(Shared& shared)
        : m_shared(shared), m_voices(shared.environment.sound, shared.environment.random) {}

    void execute(Now now, RequestNumber number, const PlaceCall& request);
    void execute(Now now, RequestNumber number, const AnswerCall& request);
    void execute(Now now, RequestNumber number, const DeclineCall& request);
    void execute(Now now, RequestNumber number, const HangUp& request);
    void execute(Now now, RequestNumber number, const SetMuted& request);
    void execute(Now now, RequestNumber number, const SetHeld& request);
    void execute(Now now, RequestNumber number, const ChooseDevices& request);
    void execute(Now now, RequestNumber number, const WatchDevices& request);
    void tellAll();
    void end();

    void heed(Now now, const call::CallChanged& change);
    void heed(Now now, const call::MediaStarted& started);
    void heed(Now, const call::MediaStopped& stopped) { m_voices.stop(stopped.id); }
    void heed(Now now, const client::MediaIn& media);

    /// Sound that ports have for others, and what the sound system tells.
    void pump(Now now);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;

private:
    [[nodiscard]] call::Calls* calls(RequestNumber number);
    void take(const audio::SoundEvent& event);
    void tell(const CallId& call);
    void lookAtQuality(Now now);

    Shared& m_shared;
    Voices m_voices;
    std::map<CallId, Call> m_calls;  ///< as told last
    Failure m_inputTrouble;
    Failure m_outputTrouble;
    std::unique_ptr<SoundDevices> m_devices;  ///< null: nobody has told yet
    Instant m_nextQuality = kNever;
};

}  // namespace kith::engine
