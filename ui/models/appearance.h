// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <QString>

class QGuiApplication;
class QQmlEngine;

namespace kith::ui {

/// Whether something could draw faster than the processor; `devices` is where Linux shows it.
bool hasGraphicsCard(const QString& devices = QStringLiteral("/dev"));
/// Fonts (with colour emoji), locale, translation and control style, before the first window. Who draws: Qt Quick by
/// itself where OpenGL would only be emulated, unless the environment says otherwise.
void prepare(QGuiApplication& application);
/// Import path and icons, before the first page is loaded.
void prepare(QQmlEngine& engine);
/// Whether the desktop's palette is a dark one.
bool desktopIsDark();

}  // namespace kith::ui
