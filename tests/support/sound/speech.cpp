// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/sound/speech.h"

#include <QProcess>
#include <QTemporaryDir>

namespace kith::test {

std::optional<Sound> speak(const QString& sentence, const QString& voice) {
    const QTemporaryDir directory;
    const QString file = directory.filePath(QStringLiteral("speech.wav"));
    QProcess espeak;
    espeak.start(QStringLiteral("espeak-ng"), {QStringLiteral("-v"), voice, QStringLiteral("-w"), file, sentence});
    if (!espeak.waitForFinished(30'000) || espeak.exitCode() != 0) return std::nullopt;
    return readWaveFile(file.toStdString());
}

}  // namespace kith::test
