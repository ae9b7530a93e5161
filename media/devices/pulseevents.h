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
    struct Defaults {
        std::string source;
        std::string sink;
    };
    /// `changed` is called on a thread of PulseAudio's, once at the start and then at every change; it must only post.
    /// Where there is no PulseAudio it is never called.
    explicit PulseEvents(std::function<void(Defaults)> changed);
    ~PulseEvents();
    PulseEvents(const PulseEvents&) = delete;
    PulseEvents& operator=(const PulseEvents&) = delete;

private:
    struct Connection;
    std::unique_ptr<Connection> m_connection;
};

}  // namespace kith::devices
