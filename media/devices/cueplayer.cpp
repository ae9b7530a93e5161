// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/devices/cueplayer.h"

#include <algorithm>
#include <cstring>
#include <QFile>

#include "protocol/base/bytes.h"

namespace kith::devices {

namespace {

struct CueSound {
    const char* file;  ///< null: silence
    double period;     ///< seconds from one to the next; 0: once
};

CueSound soundOf(audio::Cue cue) {
    switch (cue) {
        case audio::Cue::Ring: return {"ring", 3.0};
        case audio::Cue::SoftRing: return {"softring", 4.0};
        case audio::Cue::Ringback: return {"ringback", 4.0};
        case audio::Cue::HungUp: return {"hungup", 0};
        case audio::Cue::None: break;
    }
    return {nullptr, 0};
}

std::uint32_t littleEndian(ByteView bytes, std::size_t at, std::size_t size) {
    std::uint32_t value = 0;
    for (std::size_t i = size; i-- > 0;) value = value << 8 | std::to_integer<std::uint32_t>(bytes[at + i]);
    return value;
}

}  // namespace

std::vector<audio::Sample> readWave(const std::vector<std::byte>& file) {
    const ByteView bytes(file);
    if (bytes.size() < 12 || asText(bytes.first(4)) != "RIFF" || asText(bytes.subspan(8, 4)) != "WAVE") return {};
    bool right = false;
    for (std::size_t at = 12; bytes.size() - at >= 8;) {
        const std::string_view name = asText(bytes.subspan(at, 4));
        const std::size_t size = littleEndian(bytes, at + 4, 4);
        at += 8;
        if (size > bytes.size() - at) return {};
        if (name == "fmt " && size >= 16)
            right = littleEndian(bytes, at, 2) == 1 && littleEndian(bytes, at + 2, 2) == 1 &&
                    littleEndian(bytes, at + 4, 4) == audio::kSampleRate && littleEndian(bytes, at + 14, 2) == 16;
        if (name == "data") {
            if (!right) return {};
            std::vector<audio::Sample> sound(size / 2);
            for (std::size_t i = 0; i < sound.size(); ++i)
                sound[i] = static_cast<audio::Sample>(littleEndian(bytes, at + 2 * i, 2));
            return sound;
        }
        at += std::min(size + size % 2, bytes.size() - at);
    }
    return {};
}

void CuePlayer::play(audio::Cue cue) {
    const CueSound sound = soundOf(cue);
    m_sound.clear();
    m_at = 0;
    if (sound.file == nullptr) return;
    QFile file(QStringLiteral(":/kith/sounds/%1.wav").arg(QLatin1String(sound.file)));
    if (!file.open(QIODevice::ReadOnly)) return;
    const QByteArray bytes = file.readAll();
    const auto* begin = reinterpret_cast<const std::byte*>(bytes.constData());
    m_sound = readWave({begin, begin + bytes.size()});
    m_period =
        std::max(static_cast<std::size_t>(sound.period * audio::kSampleRate), sound.period > 0 ? m_sound.size() : 0);
}

void CuePlayer::pull(audio::SampleSpan out) {
    for (audio::Sample& sample : out) {
        sample = m_at < m_sound.size() ? m_sound[m_at] : audio::Sample{0};
        if (!m_sound.empty()) ++m_at;
        if (m_period > 0 && m_at == m_period) m_at = 0;
    }
    if (m_period == 0 && m_at >= m_sound.size()) m_sound.clear();
}

}  // namespace kith::devices
