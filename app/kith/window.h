// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <QGuiApplication>

#include "app/host/clienthost.h"

namespace kith::app {

struct WindowOptions {
    std::filesystem::path data;
    QString link;    ///< to join by; empty: none
    QString scheme;  ///< "light", "dark"; empty: as the desktop
};

/// Runs the application with its window until it is closed; returns the exit code.
int runWindow(QGuiApplication& application, const WindowOptions& options);

}  // namespace kith::app
