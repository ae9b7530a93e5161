// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <functional>
#include <memory>
#include <string>

namespace kith::devices {

/// Tells when the computer's sound devices or its default ones change. Qt 6.4 doesn't: it keeps its list up to date but
/// never says so, and doesn't see a new default at all. Sleeps unless something happens.
class PulseEvents {
public:
    struct Server {
        bool there = false;
        std::string defaultSource{};
        std::string defaultSink{};
    };
    /// `changed` is called on a thread of PulseAudio's, once at the start, then at every change and when there is
    /// no server (any more); it must only post. Looks again every five seconds then.
    explicit PulseEvents(std::function<void(Server)> changed);
    ~PulseEvents();
    /// Has `changed` called once more, as soon as the server answers. Doesn't wait for it.
    void ask();
    PulseEvents(const PulseEvents&) = delete;
    PulseEvents& operator=(const PulseEvents&) = delete;

private:
    struct Connection;
    std::unique_ptr<Connection> m_connection;
};

}  // namespace kith::devices
