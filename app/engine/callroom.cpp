// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/engine/callroom.h"

#include "app/engine/convert.h"

namespace kith::engine {

namespace {

Failure troubleOf(audio::DeviceState state, Reason absent) {
    switch (state) {
        case audio::DeviceState::Fine: return {};
        case audio::DeviceState::Absent: return {absent, {}};
        case audio::DeviceState::Failed: return {Reason::DeviceFailed, {}};
    }
    return {};
}

}  // namespace

call::Calls* CallRoom::calls(RequestNumber number) {
    auto* people = m_shared.people();
    if (!people) m_shared.done(number, {Reason::NotSignedIn});
    return people ? &people->calls() : nullptr;
}

void CallRoom::execute(Now now, RequestNumber number, const PlaceCall& request) {
    auto* machine = calls(number);
    if (!machine || m_shared.refusesBlocked(number, request.user)) return;
    if (m_shared.people()->contacts().isKeyInDoubt(request.user))
        return m_shared.done(number, {Reason::KeyChanged, request.user.text()});
    const auto call = machine->place(m_shared.corrected(now), request.user);
    m_shared.done(number, call ? Failure{} : failureOf(call.error().fault));
}

void CallRoom::execute(Now now, RequestNumber number, const AnswerCall& request) {
    if (auto* machine = calls(number)) m_shared.done(number, machine->answer(m_shared.corrected(now), request.call));
}

void CallRoom::execute(Now now, RequestNumber number, const DeclineCall& request) {
    if (auto* machine = calls(number)) m_shared.done(number, machine->decline(m_shared.corrected(now), request.call));
}

void CallRoom::execute(Now now, RequestNumber number, const HangUp& request) {
    if (auto* machine = calls(number)) m_shared.done(number, machine->hangUp(m_shared.corrected(now), request.call));
}

void CallRoom::execute(Now, RequestNumber number, const SetMuted& request) {
    if (auto* machine = calls(number)) m_shared.done(number, machine->setMuted(request.call, request.muted));
}

void CallRoom::execute(Now now, RequestNumber number, const SetHeld& request) {
    if (auto* machine = calls(number))
        m_shared.done(number, machine->setHeld(m_shared.corrected(now), request.call, request.held));
}

void CallRoom::execute(Now, RequestNumber number, const ChooseDevices& request) {
    m_shared.environment.sound.chooseDevices(request.input, request.output);
    m_shared.done(number);
}

void CallRoom::execute(Now, RequestNumber number, const WatchDevices&) {
    m_shared.environment.sound.watchDevices();
    m_shared.done(number);
}

void CallRoom::tellAll() {
    for (const auto& [id, call] : m_calls) m_shared.tell(CallChanged{call});
    if (m_devices) m_shared.tell(DevicesChanged{*m_devices});
}

void CallRoom::end() {
    m_voices.stopAll();
    m_calls.clear();
    m_nextQuality = kNever;
}

void CallRoom::heed(Now, const call::CallChanged& change) {
    m_voices.show(change.call);
    auto call = callFrom(change.call);
    if (const auto known = m_calls.find(call.id); known != m_calls.end()) call.quality = known->second.quality;
    m_calls[call.id] = call;
    tell(call.id);
    if (call.phase == CallPhase::Ended) m_calls.erase(call.id);
}

void CallRoom::heed(Now now, const call::MediaStarted& started) {
    auto* people = m_shared.people();
    if (!people) return;
    const auto done = m_voices.start(now, started.plan, *m_shared.carriers.transport(), people->peers());
    // A link that is gone by now is looked for by the call itself. Keys that can't be used end it.
    if (!done && done.error().fault != Fault::ConnectionLost)
        static_cast<void>(
            people->calls().abort(m_shared.corrected(now), started.plan.id, call::EndReason::ConnectionLost));
    if (m_nextQuality == kNever) m_nextQuality = now.at + Voices::kQualityEvery;
}

void CallRoom::heed(Now now, const client::MediaIn& media) {
    auto* people = m_shared.people();
    const auto call = m_voices.packetIn(now, media.from, media.packet);
    if (people && call) people->calls().mediaHeard(m_shared.corrected(now), *call);
}

void CallRoom::pump(Now now) {
    if (auto* people = m_shared.people()) m_voices.pump(m_shared.corrected(now), people->peers());
    std::vector<audio::SoundEvent> events;
    m_shared.environment.sound.takeEvents(events);
    for (const auto& event : events) take(event);
}

void CallRoom::take(const audio::SoundEvent& event) {
    if (const auto* devices = std::get_if<audio::DevicesChanged>(&event)) {
        m_devices = std::make_unique<SoundDevices>(devices->devices);
        return m_shared.tell(DevicesChanged{*m_devices});
    }
    if (const auto* input = std::get_if<audio::InputChanged>(&event))
        m_inputTrouble = troubleOf(input->state, Reason::NoMicrophone);
    if (const auto* output = std::get_if<audio::OutputChanged>(&event))
        m_outputTrouble = troubleOf(output->state, Reason::NoSpeaker);
    for (const auto& [id, call] : m_calls) tell(id);
}

void CallRoom::tell(const CallId& id) {
    const auto found = m_calls.find(id);
    auto& call = found->second;
    if (call.phase == CallPhase::Active)
        call.soundTrouble = m_inputTrouble.reason != Reason::None ? m_inputTrouble : m_outputTrouble;
    m_shared.tell(CallChanged{call});
}

void CallRoom::lookAtQuality(Now now) {
    m_nextQuality = m_voices.any() ? now.at + Voices::kQualityEvery : kNever;
    auto* online = m_shared.client ? m_shared.client->online() : nullptr;
    const auto* path = online && online->hasUdp() ? "relayed over UDP" : "relayed over TCP";
    for (auto& [id, call] : m_calls) {
        auto quality = m_voices.quality(id);
        if (quality) quality->path = path;
        if (!quality || *quality == call.quality) continue;
        call.quality = *quality;
        m_shared.tell(CallChanged{call});
    }
}

void CallRoom::wake(Now now) {
    m_voices.wake(now);
    if (m_nextQuality <= now.at) lookAtQuality(now);
}

Instant CallRoom::nextWake() const {
    return std::min(m_nextQuality, m_voices.nextWake());
}

}  // namespace kith::engine
