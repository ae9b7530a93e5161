// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/base/log.h"

namespace kith::test {

class NullLog : public LogSink {
public:
    void write(LogLevel, std::string_view, std::string_view) override {}
};

}  // namespace kith::test
