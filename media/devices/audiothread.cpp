// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/devices/audiothread.h"

#include <atomic>
#include <mutex>
#include <QThread>
#include <utility>

#include "media/devices/audioloop.h"
#include "media/devices/post.h"

namespace kith::devices {

/// Where the two threads meet.
struct AudioThread::Shared {
    explicit Shared(std::function<void()> wake) : wakeUp(std::move(wake)) {}

    void wake() {
        if (!wakePending.exchange(true)) wakeUp();
    }
    void tell(audio::SoundEvent event) {
        {
            const std::lock_guard lock(mutex);
            events.push_back(std::move(event));
        }
        wake();
    }
    /// On the audio thread, with the loop; starts the thread if need be.
    template <class Work>
    void run(Work work) {
        start();
        post(anchor.get(), [this, work = std::move(work)]() mutable { work(*loop); });
    }
    void start();
    void stop();

    // Network thread.
    std::string input;
    std::string output;
    QThread thread;

    // Both.
    std::function<void()> wakeUp;
    std::atomic<bool> wakePending{false};

    std::mutex mutex;  ///< of `events`; never taken between reading and writing a device
    std::vector<audio::SoundEvent> events;

    std::unique_ptr<QObject> anchor;  ///< lives on the audio thread, to post to

    // Audio thread.
    std::unique_ptr<AudioLoop> loop;
};

void AudioThread::Shared::start() {
    if (thread.isRunning()) return;
    thread.setObjectName(QStringLiteral("audio"));
    anchor = std::make_unique<QObject>();
    anchor->moveToThread(&thread);
    thread.start();
    post(anchor.get(), [this, input = input, output = output] {
        loop = std::make_unique<AudioLoop>(
            AudioLoop::Events{[this] { wake(); }, [this](audio::SoundEvent event) { tell(std::move(event)); }});
        loop->choose(input, output);
    });
}

void AudioThread::Shared::stop() {
    if (!thread.isRunning()) return;
    post(anchor.get(), [this] {
        loop.reset();
        thread.quit();
    });
    thread.wait();
    anchor.reset();
}

/// The network thread's side of a line.
class AudioThread::Voice final : public audio::VoicePort {
public:
    Voice(Shared& shared, std::shared_ptr<VoiceLine> line) : m_shared(shared), m_line(std::move(line)) {}
    ~Voice() override {
        m_shared.run([line = std::move(m_line)](AudioLoop& loop) { loop.remove(line); });
    }

    void setMuted(bool muted) override { m_line->muted.store(muted, std::memory_order_relaxed); }
    void setHeld(bool held) override { m_line->held.store(held, std::memory_order_relaxed); }
    void packetIn(Instant arrival, ByteView packet) override {
        if (packet.size() <= audio::kMaxPacket) m_line->in.push(arrival, packet);
    }
    std::size_t takePacket(ByteSpan buffer) override {
        m_shared.wakePending.store(false);
        const auto taken = m_line->out.pop(buffer);
        return taken ? taken->size : 0;
    }
    [[nodiscard]] audio::VoiceStatistics statistics() const override { return m_line->statistics.read(); }

private:
    Shared& m_shared;
    std::shared_ptr<VoiceLine> m_line;
};

AudioThread::AudioThread(std::function<void()> wakeUp) : m_shared(std::make_unique<Shared>(std::move(wakeUp))) {}

AudioThread::~AudioThread() {
    m_shared->stop();
}

std::unique_ptr<audio::VoicePort> AudioThread::openVoice(const audio::VoiceSettings& settings) {
    const Instant now(std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch()));
    auto line = std::make_shared<VoiceLine>(settings, now);
    m_shared->run([line](AudioLoop& loop) { loop.add(line); });
    return std::make_unique<Voice>(*m_shared, std::move(line));
}

void AudioThread::play(audio::Cue cue) {
    if (cue == audio::Cue::None && !m_shared->thread.isRunning()) return;
    m_shared->run([cue](AudioLoop& loop) { loop.play(cue); });
}

void AudioThread::chooseDevices(const std::string& input, const std::string& output) {
    m_shared->input = input;
    m_shared->output = output;
    if (m_shared->thread.isRunning()) m_shared->run([input, output](AudioLoop& loop) { loop.choose(input, output); });
}

void AudioThread::watchDevices() {
    m_shared->run([](AudioLoop& loop) { loop.watch(); });
}

void AudioThread::takeEvents(std::vector<audio::SoundEvent>& out) {
    m_shared->wakePending.store(false);
    const std::lock_guard lock(m_shared->mutex);
    out.insert(out.end(), std::make_move_iterator(m_shared->events.begin()),
               std::make_move_iterator(m_shared->events.end()));
    m_shared->events.clear();
}

}  // namespace kith::devices
