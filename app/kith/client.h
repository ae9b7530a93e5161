// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <filesystem>

#include "app/api/server.h"
#include "app/host/stderrlog.h"
#include "app/kith/hostport.h"

namespace kith::app {

/// The client of this program with its sound and its local API: what window and headless mode have in common. Lives on
/// the GUI thread.
class Client {
public:
    explicit Client(std::filesystem::path data);

    /// What people are told if it doesn't: why not.
    std::optional<QString> start();
    [[nodiscard]] HostPort& port() { return m_port; }

private:
    std::filesystem::path m_data;
    StderrLog m_log;
    HostPort m_port;
    api::Server m_api;
};

/// $XDG_DATA_HOME/kith.
std::filesystem::path usualDataFolder();

}  // namespace kith::app
