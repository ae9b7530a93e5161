// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/devices/capturedevice.h"

#include <algorithm>
#include <cstring>

#include "media/devices/soundformat.h"

namespace kith::devices {

namespace {

constexpr std::size_t kFrameBytes = sizeof(audio::Frame);
/// While a stream starts, more than this in one read was recorded before anybody listened.
constexpr std::size_t kFreshBytes = 2 * kFrameBytes;
constexpr std::uint64_t kStartFrames = 50;

}  // namespace

bool CaptureDevice::open(const QAudioDevice& device) {
    close();
    m_source = std::make_unique<QAudioSource>(device, soundFormat());
    m_source->setBufferSize(static_cast<qsizetype>(kFrameBytes));
    m_stream = m_source->start();
    if (!m_stream || m_source->error() != QAudio::NoError) {
        close();
        return false;
    }
    QObject::connect(m_stream, &QIODevice::readyRead, &m_context, [this] { read(); });
    QObject::connect(m_source.get(), &QAudioSource::stateChanged, &m_context, [this](QAudio::State state) {
        if (state == QAudio::StoppedState) m_events.failed();
    });
    return true;
}

void CaptureDevice::close() {
    if (m_source) {
        m_source->disconnect(&m_context);
        if (m_stream) m_stream->disconnect(&m_context);
        m_source->stop();
        // Often called from a signal of the source itself.
        m_source.release()->deleteLater();
    }
    m_stream.clear();
    m_bytes = 0;
    m_frames = 0;
}

void CaptureDevice::read() {
    auto* bytes = reinterpret_cast<char*>(m_sound.data());
    while (m_stream) {
        const auto room = static_cast<qint64>(sizeof m_sound - m_bytes);
        const qint64 got = room > 0 ? m_stream->read(bytes + m_bytes, room) : 0;
        if (got <= 0) break;
        m_bytes += static_cast<std::size_t>(got);
        if (m_frames < kStartFrames) discardBacklog();
        if (m_bytes == sizeof m_sound) cut();
    }
    cut();
    m_events.read();
}

void CaptureDevice::discardBacklog() {
    if (m_bytes <= kFreshBytes) return;
    auto* bytes = reinterpret_cast<char*>(m_sound.data());
    const std::size_t keep = kFrameBytes + m_bytes % sizeof(audio::Sample);
    std::memmove(bytes, bytes + m_bytes - keep, keep);
    m_bytes = keep;
}

void CaptureDevice::cut() {
    auto* bytes = reinterpret_cast<char*>(m_sound.data());
    std::size_t done = 0;
    for (; m_bytes - done >= kFrameBytes; done += kFrameBytes) {
        audio::Frame frame;
        std::memcpy(frame.data(), bytes + done, kFrameBytes);
        ++m_frames;
        m_events.frame(frame);
        if (!m_stream) return;  // closed by what heard it
    }
    std::memmove(bytes, bytes + done, m_bytes - done);
    m_bytes -= done;
}

}  // namespace kith::devices
