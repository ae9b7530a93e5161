// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/base/log.h"

namespace kith::app {

/// A line on standard error for each entry from `Info` up, with date and time (UTC). Any thread.
class StderrLog final : public LogSink {
public:
    void write(LogLevel level, std::string_view area, std::string_view line) override;
};

}  // namespace kith::app
