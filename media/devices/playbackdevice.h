// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <functional>
#include <memory>
#include <QAudioDevice>
#include <QAudioSink>
#include <QIODevice>
#include <QObject>
#include <QPointer>

#include "media/audio/frame.h"

namespace kith::devices {

/// A speaker in push mode that is never given more than it needs: what is written is heard, however late. On the audio
/// thread.
class PlaybackDevice {
public:
    struct Events {
        std::function<void()> failed;  ///< it ended by itself; close() it
    };
    explicit PlaybackDevice(Events events) : m_events(std::move(events)) {}

    bool open(const QAudioDevice& device);
    void close();
    [[nodiscard]] bool isOpen() const { return m_sink != nullptr; }
    /// Samples written and not yet taken by the sound server, as far as it told.
    [[nodiscard]] int queued() const;
    void write(audio::SampleView sound);
    /// Samples since open().
    [[nodiscard]] std::uint64_t written() const { return m_written; }

private:
    Events m_events;
    QObject m_context;
    std::unique_ptr<QAudioSink> m_sink;
    QPointer<QIODevice> m_stream;  ///< Qt deletes it when the stream fails
    std::uint64_t m_written = 0;
};

}  // namespace kith::devices
