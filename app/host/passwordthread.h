// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "app/engine/shared.h"

namespace kith::app {

/// Runs the slow hash of passwords, in NFC however they were typed, beside the network thread. Made, used and destroyed
/// on one thread, which it joins; `derived` is called on its own and must only post.
class PasswordThread {
public:
    explicit PasswordThread(std::function<void(engine::PasswordDerived)> derived);
    ~PasswordThread();
    PasswordThread(const PasswordThread&) = delete;
    PasswordThread& operator=(const PasswordThread&) = delete;

    /// The thread starts with the first order: most runs of a program never need it.
    void order(engine::DerivePassword order);

private:
    void run();

    std::function<void(engine::PasswordDerived)> m_derived;
    std::mutex m_mutex;
    std::condition_variable m_ordered;
    std::deque<engine::DerivePassword> m_orders;
    bool m_ending = false;
    std::thread m_thread;
};

}  // namespace kith::app
