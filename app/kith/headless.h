// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <filesystem>

namespace kith::app {

/// Runs the client without a window until it is told to stop (SIGINT, SIGTERM); everything is done through the local
/// API. Needs a QCoreApplication. Returns the exit code.
int runHeadless(const std::filesystem::path& data);

}  // namespace kith::app
