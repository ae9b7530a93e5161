// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <optional>
#include <QString>

#include "tests/support/sound/wavefile.h"

namespace kith::test {

/// Spoken by espeak-ng (`voice` as it names them, e.g. "en", "de+f3"); nothing if that isn't installed.
std::optional<Sound> speak(const QString& sentence, const QString& voice = QStringLiteral("en"));

}  // namespace kith::test
