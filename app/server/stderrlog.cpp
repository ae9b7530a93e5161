// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/server/stderrlog.h"

#include <unistd.h>

#include <cstdio>
#include <string>

#include "app/server/words.h"
#include "protocol/net/clock.h"

namespace kith::app {

namespace {

std::string_view word(LogLevel level) {
    switch (level) {
        case LogLevel::Debug:
            return "debug";
        case LogLevel::Info:
            return "info";
        case LogLevel::Warning:
            return "warning";
        case LogLevel::Error:
            return "error";
    }
    return "";
}

std::string timeOf(UnixTime now) {
    const auto midnight = std::chrono::floor<std::chrono::days>(now);
    const std::chrono::hh_mm_ss time{now - midnight};
    char text[32];
    std::snprintf(text, sizeof text, " %02d:%02d:%02d ", static_cast<int>(time.hours().count()),
                  static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
    return dateOf(now) + text;
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
