// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <QAudioFormat>

#include "media/audio/frame.h"

namespace kith::devices {

/// What we ask of every device; the sound server converts.
inline QAudioFormat soundFormat() {
    QAudioFormat format;
    format.setSampleRate(audio::kSampleRate);
    format.setChannelCount(1);
    format.setSampleFormat(QAudioFormat::Int16);
    return format;
}

}  // namespace kith::devices
