// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <functional>
#include <memory>
#include <QSocketNotifier>

namespace kith::app {

/// Brings INT, TERM and HUP into the main thread's event loop. One at a time in a program.
class Signals {
public:
    Signals(std::function<void()> stop, std::function<void()> reload);
    ~Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

private:
    void read();

    std::function<void()> m_stop;
    std::function<void()> m_reload;
    std::unique_ptr<QSocketNotifier> m_notifier;
};

}  // namespace kith::app
