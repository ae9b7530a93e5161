// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <atomic>

namespace kith::devices {

/// Whether an audio thread may still touch the calls. One that hangs in a device is left behind and the calls go to
/// another one; should it come back it finds this revoked and leaves them alone. Never blocks.
class Custody {
public:
    /// True while the thread that made it may touch the calls. Not to be nested.
    class Turn {
    public:
        explicit Turn(Custody& custody) : m_custody(custody), m_granted(custody.change(State::Free, State::Busy)) {}
        ~Turn() {
            if (m_granted) m_custody.m_state.store(State::Free, std::memory_order_release);
        }
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;
        explicit operator bool() const { return m_granted; }

    private:
        Custody& m_custody;
        bool m_granted;
    };

    /// By another thread, for good. False while a turn goes on: then it does not hang, and another try may do.
    bool revoke() { return revoked() || change(State::Free, State::Revoked); }
    [[nodiscard]] bool revoked() const { return m_state.load(std::memory_order_acquire) == State::Revoked; }

private:
    enum class State { Free, Busy, Revoked };
    bool change(State from, State to) {
        return m_state.compare_exchange_strong(from, to, std::memory_order_acq_rel, std::memory_order_acquire);
    }

    std::atomic<State> m_state{State::Free};
};

}  // namespace kith::devices
