// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/engine/voices.h"

#include <algorithm>

#include "app/engine/mediakeys.h"

namespace kith::engine {

namespace {

constexpr std::uint16_t kSequenceMask = 0x7fff;

audio::Cue cueOf(const call::Snapshot& call) {
    if (call.phase == call::Phase::Incoming) return call.softly ? audio::Cue::SoftRing : audio::Cue::Ring;
    if (call.phase == call::Phase::Ringing) return audio::Cue::Ringback;
    return audio::Cue::None;
}

}  // namespace

Result<void> Voices::start(Now, const call::MediaPlan& plan, const session::Transport& transport,
                           const peer::Peers& peers) {
    const auto link = peers.linkOf(plan.remote);
    auto secret = link ? transport.mediaSecret(*link, plan.generation) : std::nullopt;
    if (!secret) return fail(Fault::ConnectionLost, "media secret");
    const auto keys =
        deriveMediaKeys(secret->secret, {plan.callerHalf, plan.calleeHalf, plan.caller, plan.callee, plan.epoch});
    wipe(secret->secret);
    if (!m_ledger) m_ledger = std::make_unique<srtp::KeyLedger>();
    auto session = plan.weCall ? srtp::Session::open(*m_ledger, keys.fromCaller, keys.fromCallee)
                               : srtp::Session::open(*m_ledger, keys.fromCallee, keys.fromCaller);
    if (!session) return tl::make_unexpected(session.error());

    const auto running = m_voices.find(plan.id);
    if (running != m_voices.end() && running->second.ssrc == plan.ownSsrc) {
        running->second.remote = plan.remote;
        running->second.session = std::move(*session);
        return {};
    }
    m_voices.erase(plan.id);
    m_voices.emplace(plan.id, Voice{plan.remote, plan.ownSsrc, std::move(*session), openPort(plan)});
    if (const auto shown = m_shown.find(plan.id); shown != m_shown.end()) apply(shown->second);
    return {};
}

std::unique_ptr<audio::VoicePort> Voices::openPort(const call::MediaPlan& plan) {
    audio::VoiceSettings settings;
    settings.ssrc = plan.ownSsrc;
    settings.firstSequence = static_cast<std::uint16_t>(m_random.u32() & kSequenceMask);
    settings.firstTimestamp = m_random.u32();
    settings.payloadType = plan.codec.payloadType;
    settings.name = toHex(m_random.bytes<8>());
    return m_sound.openVoice(settings);
}

void Voices::show(const call::Snapshot& call) {
    const auto known = m_shown.find(call.id);
    if (call.phase == call::Phase::Ended) {
        const bool talked = known != m_shown.end() && known->second.phase == call::Phase::Active;
        m_shown.erase(call.id);
        m_voices.erase(call.id);
        playCue();
        if (talked && m_cue == audio::Cue::None) m_sound.play(audio::Cue::HungUp);
        return;
    }
    m_shown[call.id] = call;
    apply(call);
    playCue();
}

void Voices::apply(const call::Snapshot& call) {
    const auto voice = m_voices.find(call.id);
    if (voice == m_voices.end()) return;
    voice->second.port->setMuted(call.muted);
    voice->second.port->setHeld(call.heldByUs || call.heldByThem);
}

void Voices::playCue() {
    // A call that comes in is what somebody has to hear; the tone of one's own call gives way.
    auto cue = audio::Cue::None;
    for (const auto& [id, call] : m_shown) {
        const auto wanted = cueOf(call);
        if (wanted == audio::Cue::None) continue;
        if (cue == audio::Cue::None || cue == audio::Cue::Ringback) cue = wanted;
    }
    if (cue == m_cue) return;
    m_cue = cue;
    m_sound.play(cue);
}

void Voices::stopAll() {
    m_voices.clear();
    m_shown.clear();
    playCue();
}

std::optional<CallId> Voices::packetIn(Now now, const peer::Device& from, ByteView packet) {
    if (packet.size() > audio::kMaxPacket) return std::nullopt;
    std::array<std::byte, audio::kMaxPacket> buffer;
    for (auto& [call, voice] : m_voices) {
        if (voice.remote != from) continue;
        std::ranges::copy(packet, buffer.begin());
        const auto size = voice.session.unprotect(ByteSpan(buffer).first(packet.size()));
        if (!size) continue;
        voice.port->packetIn(now.at, ByteView(buffer).first(*size));
        return call;
    }
    return std::nullopt;
}

void Voices::pump(Now now, peer::Peers& peers) {
    std::array<std::byte, audio::kMaxPacket> buffer;
    for (auto& [call, voice] : m_voices) {
        while (const auto size = voice.port->takePacket(buffer)) {
            const auto sealed = voice.session.protect(buffer, size);
            if (sealed) peers.sendMedia(now, voice.remote, ByteView(buffer).first(*sealed));
        }
    }
}

void Voices::wake(Now now) {
    for (auto& [call, voice] : m_voices)
        if (voice.port->nextWake() <= now.at) voice.port->wake(now.at);
}

Instant Voices::nextWake() const {
    auto next = kNever;
    for (const auto& [call, voice] : m_voices) next = std::min(next, voice.port->nextWake());
    return next;
}

std::optional<CallQuality> Voices::quality(const CallId& call) const {
    const auto voice = m_voices.find(call);
    if (voice == m_voices.end()) return std::nullopt;
    const auto statistics = voice->second.port->statistics();
    CallQuality quality;
    quality.roundTrip = statistics.roundTrip.value_or(Duration{});
    quality.loss = statistics.loss;
    quality.jitterBuffer = statistics.targetDelay;
    quality.concealed = statistics.concealed;
    return quality;
}

}  // namespace kith::engine
