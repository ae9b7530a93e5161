// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/devices/playbackdevice.h"

#include <algorithm>

#include "media/devices/soundformat.h"

namespace kith::devices {

bool PlaybackDevice::open(const QAudioDevice& device) {
    close();
    m_sink = std::make_unique<QAudioSink>(device, soundFormat());
    m_sink->setBufferSize(static_cast<qsizetype>(sizeof(audio::Frame)));
    m_stream = m_sink->start();
    if (!m_stream || m_sink->error() != QAudio::NoError) {
        close();
        return false;
    }
    QObject::connect(m_sink.get(), &QAudioSink::stateChanged, &m_context, [this](QAudio::State state) {
        if (state == QAudio::StoppedState) m_events.failed();
    });
    return true;
}

void PlaybackDevice::close() {
    if (m_sink) {
        m_sink->disconnect(&m_context);
        m_sink->stop();
        m_sink.release()->deleteLater();
    }
    m_stream.clear();
    m_written = 0;
}

int PlaybackDevice::queued() const {
    // The server's answer to a write of more than its buffer is "nothing free", however much more it was.
    const qsizetype queued = m_sink->bufferSize() - m_sink->bytesFree();
    return static_cast<int>(std::max<qsizetype>(queued, 0) / static_cast<qsizetype>(sizeof(audio::Sample)));
}

void PlaybackDevice::write(audio::SampleView sound) {
    if (!m_stream) return;
    m_stream->write(reinterpret_cast<const char*>(sound.data()), static_cast<qint64>(sound.size_bytes()));
    m_written += sound.size();
}

}  // namespace kith::devices
