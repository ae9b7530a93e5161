// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/devices/audioloop.h"
#include "media/devices/clock.h"

#include <sched.h>

#include <algorithm>
#include <chrono>
#include <QThread>

namespace kith::devices {

namespace {

using namespace std::chrono_literals;
using audio::DeviceState;

constexpr Duration kFrameTime = 10ms;
/// The speaker gets its next frame when it has this much left: a late turn of this thread and the server's own blocks
/// have to fit in.
constexpr int kLowWater = audio::kSampleRate * 6 / 1000;
/// A clocked direction that fell behind by more starts anew: the computer slept.
constexpr Duration kFarBehind = 500ms;
constexpr int kWatchdog = 2000;  ///< ms
constexpr int kRetry = 300;
/// A sound server that is asked takes a millisecond.
constexpr Duration kNoAnswer = 1s;

/// Late turns are heard. Where it isn't allowed the thread stays an ordinary one. The threads that Qt makes from here
/// on carry the sound to the server and back, and have to be as punctual: they inherit it.
void preferThisThread() {
    sched_param parameter{};
    parameter.sched_priority = 5;
    sched_setscheduler(0, SCHED_RR, &parameter);
}

}  // namespace

AudioLoop::AudioLoop(Events events, Custody& custody)
    : m_events(std::move(events)),
      m_custody(custody),
      m_input({[this](const audio::Frame& frame) { captured(frame); }, [this] { tick(); },
               [this] {
                   m_input.close();
                   failed();
               }}),
      m_output({[this] {
          m_output.close();
          failed();
      }}) {
    preferThisThread();
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    QObject::connect(&m_timer, &QTimer::timeout, &m_context, [this] { tick(); });
    m_retry.setSingleShot(true);
    QObject::connect(&m_retry, &QTimer::timeout, &m_context, [this] { update(); });
    QObject::connect(&m_watchdog, &QTimer::timeout, &m_context, [this] { check(); });
}

AudioLoop::~AudioLoop() {
    m_input.close();
    m_output.close();
}

void AudioLoop::add(std::shared_ptr<VoiceLine> line) {
    m_lines.push_back(std::move(line));
    watch();
    update();
}

void AudioLoop::remove(const std::shared_ptr<VoiceLine>& line) {
    m_lines.erase(std::remove(m_lines.begin(), m_lines.end(), line), m_lines.end());
    update();
}

void AudioLoop::play(audio::Cue cue) {
    m_cue.play(cue);
    watch();
    update();
}

void AudioLoop::choose(std::string input, std::string output) {
    m_inputUse.chosen = std::move(input);
    m_outputUse.chosen = std::move(output);
    if (m_list) listChanged();
}

void AudioLoop::watch() {
    if (m_list) return;
    m_list = std::make_unique<DeviceList>(DeviceList::Events{[this] { listChanged(); },
                                                             [this] {
                                                                 if (std::exchange(m_waitingSince, {})) update();
                                                             }});
}

void AudioLoop::listChanged() {
    if (!m_list->isKnown()) return;
    audio::SoundDevices devices = m_list->devices();
    devices.chosenInput = m_inputUse.chosen;
    devices.chosenOutput = m_outputUse.chosen;
    m_events.changed(audio::DevicesChanged{std::move(devices)});
    update();
}

// --- which devices ---------------------------------------------------------------------------------------------------

/// Back from where it hung, and nobody waits for it any more.
bool AudioLoop::dismissed() {
    if (!m_custody.revoked()) return false;
    m_timer.stop();
    m_watchdog.stop();
    m_retry.stop();
    m_input.close();
    m_output.close();
    QThread::currentThread()->quit();
    return true;
}

void AudioLoop::update() {
    if (dismissed()) return;
    const bool calls = !m_lines.empty();
    updateInput(calls);
    updateOutput(calls || m_cue.playing());
    if (calls || m_cue.playing()) {
        if (!m_watchdog.isActive()) m_watchdog.start(kWatchdog);
        schedule();
    } else {
        m_watchdog.stop();
        m_retry.stop();
        m_timer.stop();
    }
}

/// A server that hangs would take this thread with it.
bool AudioLoop::mustWait(bool toOpen) {
    if (m_list->isKnown() && !toOpen) return false;
    if (m_list->isAlive()) return false;
    if (!m_waitingSince) m_waitingSince = steadyNow();
    return true;
}

void AudioLoop::updateInput(bool needed) {
    if (!needed) {
        m_input.close();
        m_inputUse = {m_inputUse.chosen};
        return;
    }
    const QAudioDevice device = m_list->input(m_inputUse.chosen);
    const std::string id = device.id().toStdString();
    if (m_input.isOpen() && id == m_inputUse.inUse) return;
    if (mustWait(!device.isNull())) return;
    m_input.close();
    m_inputUse.seen = 0;
    m_nextCapture = steadyNow();
    const bool open = !device.isNull() && m_input.open(device);
    const DeviceState bad = device.isNull() ? DeviceState::Absent : DeviceState::Failed;
    tell<audio::InputChanged>(m_inputUse, open ? DeviceState::Fine : bad, id);
}

void AudioLoop::updateOutput(bool needed) {
    if (!needed) {
        m_output.close();
        m_outputUse = {m_outputUse.chosen};
        return;
    }
    const QAudioDevice device = m_list->output(m_outputUse.chosen);
    const std::string id = device.id().toStdString();
    if (m_output.isOpen() && id == m_outputUse.inUse) return;
    if (mustWait(!device.isNull())) return;
    m_output.close();
    m_outputUse.seen = 0;
    m_nextPlayback = steadyNow();
    const bool open = !device.isNull() && m_output.open(device);
    const DeviceState bad = device.isNull() ? DeviceState::Absent : DeviceState::Failed;
    tell<audio::OutputChanged>(m_outputUse, open ? DeviceState::Fine : bad, id);
}

template <class Changed>
void AudioLoop::tell(Use& use, DeviceState state, const std::string& device) {
    if (use.told == state && use.inUse == device) return;
    use.told = state;
    use.inUse = device;
    m_events.changed(Changed{state, device});
}

/// The list will change in a moment if the device was pulled; if not, the same one gets another chance.
void AudioLoop::failed() {
    m_retry.start(kRetry);
}

/// A device that is open and doesn't move has died without a word, or went with its server.
void AudioLoop::check() {
    if (m_input.isOpen() && m_input.frames() == m_inputUse.seen) m_input.close();
    if (m_output.isOpen() && m_output.written() == m_outputUse.seen) m_output.close();
    m_inputUse.seen = m_input.frames();
    m_outputUse.seen = m_output.written();
    if (m_waitingSince && steadyNow() - *m_waitingSince > kNoAnswer) {
        if (!m_lines.empty() && !m_input.isOpen()) tell<audio::InputChanged>(m_inputUse, DeviceState::Failed, {});
        if (!m_output.isOpen()) tell<audio::OutputChanged>(m_outputUse, DeviceState::Failed, {});
    }
    update();
}

// --- sound -----------------------------------------------------------------------------------------------------------

void AudioLoop::captured(const audio::Frame& frame) {
    const Instant now = steadyNow();
    if (const Custody::Turn turn(m_custody); turn)
        for (const auto& line : m_lines) line->capture(now, frame);
}

void AudioLoop::tick() {
    if (dismissed()) return;
    const Instant now = steadyNow();
    serveInput(now);
    serveOutput(now);
    afterTurn();
    schedule();
}

void AudioLoop::serveInput(Instant now) {
    if (m_input.isOpen()) return;
    if (now - m_nextCapture > kFarBehind) m_nextCapture = now;
    for (; m_nextCapture <= now; m_nextCapture += kFrameTime) captured(audio::Frame{});
}

void AudioLoop::serveOutput(Instant now) {
    if (m_output.isOpen()) {
        // At most two frames a turn: a server that takes more than it plays must not drain the jitter buffer.
        for (int i = 0; i < 2 && m_output.queued() < kLowWater; ++i) {
            mix(now, m_sound);
            m_output.write(m_sound);
        }
        return;
    }
    if (now - m_nextPlayback > kFarBehind) m_nextPlayback = now;
    for (; m_nextPlayback <= now; m_nextPlayback += kFrameTime) mix(now, m_sound);
}

void AudioLoop::mix(Instant now, audio::SampleSpan out) {
    m_mixer.clear();
    if (const Custody::Turn turn(m_custody); turn) {
        for (const auto& line : m_lines) {
            line->playback(now, out);
            m_mixer.add(out);
        }
    }
    if (m_cue.playing()) {
        m_cue.pull(out);
        m_mixer.add(out);
    }
    m_mixer.result(out);
}

/// Posting may allocate and lock, so it waits until the devices have theirs.
void AudioLoop::afterTurn() {
    bool some = false;
    if (const Custody::Turn turn(m_custody); turn)
        for (const auto& line : m_lines) some = std::exchange(line->sentSome, false) || some;
    if (some) m_events.packets();
    if (m_lines.empty() && !m_cue.playing()) update();
}

void AudioLoop::schedule() {
    const Instant now = steadyNow();
    Duration wait = kFrameTime;
    if (m_output.isOpen()) {
        const int spare = m_output.queued() - kLowWater;
        wait = std::clamp<Duration>(std::chrono::microseconds(spare * 1000 / (audio::kSampleRate / 1000)), 1ms,
                                    kFrameTime);
    } else {
        wait = std::min(wait, m_nextPlayback - now);
    }
    if (!m_input.isOpen()) wait = std::min(wait, m_nextCapture - now);
    const auto millis = std::chrono::ceil<std::chrono::milliseconds>(std::max(wait, Duration{})).count();
    m_timer.start(static_cast<int>(millis));
}

}  // namespace kith::devices
