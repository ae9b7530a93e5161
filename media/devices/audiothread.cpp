// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/devices/audiothread.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "media/devices/audioloop.h"
#include "media/devices/audioworker.h"
#include "media/devices/clock.h"

namespace kith::devices {

namespace {

using namespace std::chrono_literals;

/// A thread that has carried out nothing for so long hangs. Loading Qt Multimedia on a busy computer takes one second.
constexpr Duration kPatience = 5s;
constexpr Duration kPatienceAtEnd = 2s;
/// Between two looks while a call goes on.
constexpr Duration kLook = 1s;

}  // namespace

/// The network thread's end: what was ordered, so that another audio thread can be told all of it.
struct AudioThread::Shared {
    explicit Shared(std::function<void()> wakeUp) : outlet(std::make_shared<Outlet>(std::move(wakeUp))) {}
    ~Shared() {
        outlet->close();
        if (worker) AudioWorker::letGo(std::move(worker), kPatienceAtEnd);
    }

    void order(AudioWorker::Work work) {
        if (!worker) begin();
        worker->order(steadyNow(), std::move(work));
        look();
    }
    void add(const std::shared_ptr<VoiceLine>& line) {
        lines.push_back(line);
        order([line](AudioLoop& loop) { loop.add(line); });
    }
    void remove(const std::shared_ptr<VoiceLine>& line) {
        std::erase(lines, line);
        order([line](AudioLoop& loop) { loop.remove(line); });
    }
    void begin();
    void look();
    void ask();

    std::shared_ptr<Outlet> outlet;
    std::unique_ptr<AudioWorker> worker;
    std::string input;
    std::string output;
    bool watching = false;
    audio::Cue cue = audio::Cue::None;
    std::vector<std::shared_ptr<VoiceLine>> lines;
};

void AudioThread::Shared::begin() {
    worker = std::make_unique<AudioWorker>(outlet);
    worker->order(steadyNow(), [input = input, output = output](AudioLoop& loop) { loop.choose(input, output); });
}

/// Leaves a thread behind that hangs, and gives its work to a new one. The more there are of them, the less hope that
/// one more would do better.
void AudioThread::Shared::look() {
    if (!worker || worker->stuckFor(steadyNow()) < kPatience) return;
    const auto tries = std::min<std::size_t>(AudioWorker::leftBehind(), 6);
    if (worker->stuckFor(steadyNow()) < kPatience * (1 << tries) || !worker->revoke()) return;
    AudioWorker::letGo(std::move(worker), 0s);
    begin();
    const auto tell = [this](AudioWorker::Work work) { worker->order(steadyNow(), std::move(work)); };
    if (watching) tell([](AudioLoop& loop) { loop.watch(); });
    for (const auto& line : lines) tell([line](AudioLoop& loop) { loop.add(line); });
    if (cue != audio::Cue::None && cue != audio::Cue::HungUp) tell([cue = cue](AudioLoop& loop) { loop.play(cue); });
}

void AudioThread::Shared::ask() {
    if (worker && worker->isIdle()) worker->order(steadyNow(), [](AudioLoop&) {});
    look();
}

/// The network thread's side of a line.
class AudioThread::Voice final : public audio::VoicePort {
public:
    Voice(Shared& shared, std::shared_ptr<VoiceLine> line) : m_shared(shared), m_line(std::move(line)) {
        m_shared.add(m_line);
    }
    ~Voice() override { m_shared.remove(m_line); }

    void setMuted(bool muted) override { m_line->muted.store(muted, std::memory_order_relaxed); }
    void setHeld(bool held) override { m_line->held.store(held, std::memory_order_relaxed); }
    void packetIn(Instant arrival, ByteView packet) override {
        if (packet.size() <= audio::kMaxPacket) m_line->in.push(arrival, packet);
    }
    std::size_t takePacket(ByteSpan buffer) override {
        m_shared.outlet->looked();
        const auto taken = m_line->out.pop(buffer);
        return taken ? taken->size : 0;
    }
    [[nodiscard]] audio::VoiceStatistics statistics() const override { return m_line->statistics.read(); }

    void wake(Instant now) override {
        if (now < m_nextLook) return;
        m_nextLook = now + kLook;
        m_shared.ask();
    }
    [[nodiscard]] Instant nextWake() const override { return m_nextLook; }

private:
    Shared& m_shared;
    std::shared_ptr<VoiceLine> m_line;
    Instant m_nextLook = steadyNow() + kLook;
};

AudioThread::AudioThread(std::function<void()> wakeUp) : m_shared(std::make_unique<Shared>(std::move(wakeUp))) {}
AudioThread::~AudioThread() = default;

std::unique_ptr<audio::VoicePort> AudioThread::openVoice(const audio::VoiceSettings& settings) {
    return std::make_unique<Voice>(*m_shared, std::make_shared<VoiceLine>(settings, steadyNow()));
}

void AudioThread::play(audio::Cue cue) {
    m_shared->cue = cue;
    if (cue == audio::Cue::None && !m_shared->worker) return;
    m_shared->order([cue](AudioLoop& loop) { loop.play(cue); });
}

void AudioThread::chooseDevices(const std::string& input, const std::string& output) {
    m_shared->input = input;
    m_shared->output = output;
    if (m_shared->worker) m_shared->order([input, output](AudioLoop& loop) { loop.choose(input, output); });
}

void AudioThread::watchDevices() {
    m_shared->watching = true;
    m_shared->order([](AudioLoop& loop) { loop.watch(); });
}

void AudioThread::takeEvents(std::vector<audio::SoundEvent>& out) {
    m_shared->outlet->take(out);
}

bool AudioThread::someHang() {
    return AudioWorker::leftBehind() > 0;
}

}  // namespace kith::devices
