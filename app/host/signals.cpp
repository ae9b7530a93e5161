// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/host/signals.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace kith::app {

namespace {

constexpr int kHandled[] = {SIGINT, SIGTERM, SIGHUP};

/// A signal handler may do little more than write to a pipe.
int pipeEnds[2] = {-1, -1};

void passOn(int signal) {
    const int saved = errno;
    const auto byte = static_cast<char>(signal);
    [[maybe_unused]] const auto written = ::write(pipeEnds[1], &byte, 1);
    errno = saved;
}

}  // namespace

Signals::Signals(std::function<void()> stop, std::function<void()> reload)
    : m_stop(std::move(stop)), m_reload(std::move(reload)) {
    if (::pipe2(pipeEnds, O_CLOEXEC | O_NONBLOCK) != 0) qFatal("no pipe for signals");
    m_notifier = std::make_unique<QSocketNotifier>(pipeEnds[0], QSocketNotifier::Read);
    QObject::connect(m_notifier.get(), &QSocketNotifier::activated, m_notifier.get(), [this] { read(); });
    for (const int signal : kHandled) std::signal(signal, passOn);
}

Signals::~Signals() {
    for (const int signal : kHandled) std::signal(signal, SIG_DFL);
    m_notifier.reset();
    for (const int end : pipeEnds) ::close(end);
}

void Signals::read() {
    char signals[16];
    const auto count = ::read(pipeEnds[0], signals, sizeof signals);
    for (ssize_t i = 0; i < count; ++i) {
        if (signals[i] == SIGHUP)
            m_reload();
        else
            m_stop();
    }
}

}  // namespace kith::app
