// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <string_view>

namespace kith {

enum class LogLevel { Debug, Info, Warning, Error };

/// Where a machine says what an operator or a developer may want to know. Never a key, password, token, message text or
/// certificate. `area` is a folder's word: "link", "login", "overlay" …
class LogSink {
public:
    virtual ~LogSink() = default;
    virtual void write(LogLevel level, std::string_view area, std::string_view line) = 0;
};

}  // namespace kith
