// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <functional>
#include <memory>
#include <QAudioDevice>
#include <QAudioSource>
#include <QIODevice>
#include <QObject>
#include <QPointer>

#include "media/audio/frame.h"

namespace kith::devices {

/// A microphone in push mode, cut into frames. On the audio thread.
class CaptureDevice {
public:
    struct Events {
        std::function<void(const audio::Frame&)> frame;
        std::function<void()> read;    ///< after the frames of one read
        std::function<void()> failed;  ///< it ended by itself; close() it
    };
    explicit CaptureDevice(Events events) : m_events(std::move(events)) {}

    /// False if it can't be started.
    bool open(const QAudioDevice& device);
    void close();
    [[nodiscard]] bool isOpen() const { return m_source != nullptr; }
    /// Frames since open(); one that stands still is dead.
    [[nodiscard]] std::uint64_t frames() const { return m_frames; }

private:
    void read();
    void discardBacklog();
    void cut();

    Events m_events;
    QObject m_context;
    std::unique_ptr<QAudioSource> m_source;
    QPointer<QIODevice> m_stream;               ///< Qt deletes it when the stream fails
    std::array<audio::Sample, 9600> m_sound{};  ///< 200 ms; more than that is a backlog nobody wants to hear
    std::size_t m_bytes = 0;
    std::uint64_t m_frames = 0;
};

}  // namespace kith::devices
