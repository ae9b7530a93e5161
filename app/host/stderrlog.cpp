// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/host/stderrlog.h"

#include <unistd.h>

#include <ctime>
#include <string>

#include "protocol/net/clock.h"

namespace kith::app {

namespace {

std::string_view word(LogLevel level) {
    switch (level) {
        case LogLevel::Debug: return "debug";
        case LogLevel::Info: return "info";
        case LogLevel::Warning: return "warning";
        case LogLevel::Error: return "error";
    }
    return "";
}

std::string timeOf(UnixTime now) {
    const std::time_t seconds = now.time_since_epoch().count();
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[32];
    return {text, std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S ", &parts)};
}

}  // namespace

void StderrLog::write(LogLevel level, std::string_view area, std::string_view line) {
    if (level == LogLevel::Debug) return;
    const std::string text = timeOf(net::readClocks().seconds()) + std::string(word(level)) + " " + std::string(area) +
                             ": " + std::string(line) + "\n";
    // One call: lines of different threads don't mix.
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace kith::app
