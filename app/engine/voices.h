// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <memory>
#include <optional>

#include "app/engine/state.h"
#include "media/audio/soundsystem.h"
#include "media/srtp/session.h"
#include "protocol/base/random.h"
#include "protocol/call/output.h"
#include "protocol/client/people.h"

namespace kith::engine {

/// The sound of calls: joins the machine of calls and the links on one side with the computer's sound on the other.
/// Seals what a voice port gives, opens what comes for it, and plays ring tones. Lives on the network thread.
class Voices {
public:
    /// How often a running call's quality is looked at.
    static constexpr Duration kQualityEvery = std::chrono::seconds(1);

    Voices(audio::SoundSystem& sound, RandomSource& random) : m_sound(sound), m_random(random) {}

    /// BadKey: the keys can't be used, the call has to end. ConnectionLost: the link is gone by now.
    Result<void> start(Now now, const call::MediaPlan& plan, const session::Transport& transport,
                       const peer::Peers& peers);
    void stop(const CallId& call) { m_voices.erase(call); }
    /// A call as it is now: mute, hold, ring tones.
    void show(const call::Snapshot& call);
    void stopAll();

    /// A sealed packet from this device. Gives the call if it was genuine.
    std::optional<CallId> packetIn(Now now, const peer::Device& from, ByteView packet);
    /// Sends what the ports have.
    void pump(Now now, peer::Peers& peers);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;

    /// Of a running call; nothing for others.
    [[nodiscard]] std::optional<CallQuality> quality(const CallId& call) const;
    [[nodiscard]] bool any() const { return !m_voices.empty(); }

private:
    struct Voice {
        peer::Device remote;
        std::uint32_t ssrc;
        srtp::Session session;
        std::unique_ptr<audio::VoicePort> port;
    };

    [[nodiscard]] std::unique_ptr<audio::VoicePort> openPort(const call::MediaPlan& plan);
    void apply(const call::Snapshot& call);
    void playCue();

    audio::SoundSystem& m_sound;
    RandomSource& m_random;
    std::unique_ptr<srtp::KeyLedger> m_ledger;  ///< from the first call on
    std::map<CallId, Voice> m_voices;
    std::map<CallId, call::Snapshot> m_shown;  ///< calls that are not over
    audio::Cue m_cue = audio::Cue::None;
};

}  // namespace kith::engine
