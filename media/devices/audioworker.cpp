// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/devices/audioworker.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <QDeadlineTimer>
#include <vector>

#include "media/devices/audioloop.h"

namespace kith::devices {

namespace {

/// Threads that hang can't be destroyed. Never destroyed itself, so that they stay reachable to the end.
struct LeftBehind {
    std::mutex mutex;
    std::vector<std::unique_ptr<AudioWorker>> workers;
};

LeftBehind& whatIsLeft() {
    static auto* const left = new LeftBehind;
    return *left;
}

}  // namespace

AudioWorker::AudioWorker(std::shared_ptr<Outlet> outlet) : m_outlet(std::move(outlet)) {
    setObjectName(QStringLiteral("audio"));
    m_inbox.moveToThread(this);
    start();
}

AudioWorker::~AudioWorker() = default;

void AudioWorker::run() {
    AudioLoop loop({[this] { m_outlet->wake(); },
                    [this](audio::SoundEvent event) {
                        if (!m_custody.revoked()) m_outlet->tell(std::move(event));
                    }},
                   m_custody);
    m_loop = &loop;
    exec();
}

void AudioWorker::order(Instant now, Work work) {
    if (isIdle()) m_since = now;
    ++m_given;
    m_inbox.post([this, work = std::move(work)] {
        if (!m_custody.revoked()) work(*m_loop);
        m_done.fetch_add(1, std::memory_order_acq_rel);
    });
}

Duration AudioWorker::stuckFor(Instant now) {
    const std::uint64_t done = m_done.load(std::memory_order_acquire);
    if (done != m_seen) m_since = now;
    m_seen = done;
    return done == m_given ? Duration{} : now - m_since;
}

void AudioWorker::letGo(std::unique_ptr<AudioWorker> worker, Duration patience) {
    worker->m_inbox.post([thread = worker.get()] { thread->quit(); });
    const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(patience).count();
    if (worker->wait(QDeadlineTimer(millis))) return;
    worker->revoke();
    qWarning("The computer's sound does not answer: a thread is left behind.");
    LeftBehind& left = whatIsLeft();
    const std::lock_guard lock(left.mutex);
    left.workers.push_back(std::move(worker));
}

std::size_t AudioWorker::leftBehind() {
    LeftBehind& left = whatIsLeft();
    const std::lock_guard lock(left.mutex);
    std::erase_if(left.workers, [](const auto& worker) { return worker->isFinished() && worker->wait(0); });
    return left.workers.size();
}

}  // namespace kith::devices
