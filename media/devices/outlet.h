// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <atomic>
#include <functional>
#include <iterator>
#include <mutex>
#include <vector>

#include "media/audio/soundsystem.h"

namespace kith::devices {

/// What audio threads tell the network thread. Outlives both ends: a thread that was left behind may come back when
/// nobody listens any more.
class Outlet {
public:
    explicit Outlet(std::function<void()> wakeUp) : m_wakeUp(std::move(wakeUp)) {}

    // Audio thread; never between reading and writing a device.
    void wake() {
        if (m_pending.exchange(true)) return;
        const std::lock_guard lock(m_mutex);
        if (m_wakeUp) m_wakeUp();
    }
    void tell(audio::SoundEvent event) {
        {
            const std::lock_guard lock(m_mutex);
            m_events.push_back(std::move(event));
        }
        wake();
    }

    // Network thread.
    void looked() { m_pending.store(false); }
    void take(std::vector<audio::SoundEvent>& out) {
        looked();
        const std::lock_guard lock(m_mutex);
        out.insert(out.end(), std::make_move_iterator(m_events.begin()), std::make_move_iterator(m_events.end()));
        m_events.clear();
    }
    /// Nobody is woken up from now on.
    void close() {
        const std::lock_guard lock(m_mutex);
        m_wakeUp = nullptr;
    }

private:
    std::atomic<bool> m_pending{false};
    std::mutex m_mutex;  ///< of what follows
    std::function<void()> m_wakeUp;
    std::vector<audio::SoundEvent> m_events;
};

}  // namespace kith::devices
