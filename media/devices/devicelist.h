// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <QAudioDevice>
#include <QObject>
#include <QTimer>

#include "media/audio/soundsystem.h"
#include "media/devices/pulseevents.h"
#include "protocol/base/instant.h"
#include "protocol/threads/inbox.h"

namespace kith::devices {

/// Which microphones and speakers there are, by Qt, and which are the default, by PulseAudio. On the audio thread.
///
/// Qt waits without an end for a server that hangs. So it is asked, and Qt Multimedia loaded, only when the server has
/// shown that it is alive; until then there are no devices.
class DeviceList {
public:
    /// Called on this thread.
    struct Events {
        std::function<void()> changed;   ///< other devices than before; the first list, too
        std::function<void()> answered;  ///< the server did; isAlive() now
    };
    explicit DeviceList(Events events);

    /// Whether the server answered a moment ago, so that a device may be opened. If not it is asked, and `answered`
    /// follows if it does.
    bool isAlive();
    /// Whether it has answered at all: before that nothing is known of any device.
    [[nodiscard]] bool isKnown() const { return m_server.has_value(); }

    /// What there is now, without the choice.
    [[nodiscard]] const audio::SoundDevices& devices() const { return m_devices; }
    /// The device of this id; if it isn't there (or the id is empty) the default; null if there is none at all.
    [[nodiscard]] QAudioDevice input(const std::string& id) const;
    [[nodiscard]] QAudioDevice output(const std::string& id) const;

private:
    [[nodiscard]] QList<QAudioDevice> inputs() const;
    [[nodiscard]] QList<QAudioDevice> outputs() const;
    [[nodiscard]] audio::SoundDevices current() const;
    void answered(const PulseEvents::Server& server);
    void look();

    Events m_tell;
    threads::Inbox m_inbox;
    QTimer m_settle;
    int m_looksLeft = 0;
    Instant m_answered{};
    std::optional<PulseEvents::Server> m_server;  ///< as it told last; not there: Qt goes on listing what it had
    audio::SoundDevices m_devices;
    std::unique_ptr<PulseEvents> m_events;  ///< last: its thread posts to the above
};

}  // namespace kith::devices
