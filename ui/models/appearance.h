// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

class QGuiApplication;
class QQmlEngine;

namespace kith::ui {

/// Fonts (with colour emoji), locale, translation and control style, before the first window.
void prepare(QGuiApplication& application);
/// Import path and icons, before the first page is loaded.
void prepare(QQmlEngine& engine);
/// Whether the desktop's palette is a dark one.
bool desktopIsDark();

}  // namespace kith::ui
