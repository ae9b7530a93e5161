// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <functional>
#include <memory>
#include <QAudioDevice>
#include <QObject>
#include <QTimer>

#include "media/audio/soundsystem.h"
#include "media/devices/pulseevents.h"

namespace kith::devices {

/// Which microphones and speakers there are, by Qt, and which are the default, by PulseAudio. Making one loads Qt
/// Multimedia. On the audio thread.
class DeviceList {
public:
    /// `changed` is called on this thread after every change.
    explicit DeviceList(std::function<void()> changed);

    /// What there is now, without the choice.
    [[nodiscard]] const audio::SoundDevices& devices() const { return m_devices; }
    /// The device of this id; if it isn't there (or the id is empty) the default; null if there is none at all.
    [[nodiscard]] QAudioDevice input(const std::string& id) const;
    [[nodiscard]] QAudioDevice output(const std::string& id) const;

private:
    [[nodiscard]] QList<QAudioDevice> inputs() const;
    [[nodiscard]] QList<QAudioDevice> outputs() const;
    [[nodiscard]] audio::SoundDevices current() const;
    void look();

    std::function<void()> m_changed;
    QObject m_context;
    QTimer m_settle;
    int m_looksLeft = 0;
    bool m_gone = false;  ///< the server; Qt goes on listing what it had
    PulseEvents::Server m_server;
    audio::SoundDevices m_devices;
    std::unique_ptr<PulseEvents> m_events;  ///< last: its thread posts to the above
};

}  // namespace kith::devices
