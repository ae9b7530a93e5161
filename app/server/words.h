// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <string>
#include <string_view>

#include "protocol/base/error.h"
#include "protocol/base/instant.h"

/// What kith-server says to people. The answer goes to standard output, what went wrong to standard error.
namespace kith::app {

// Exit codes.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kUsage = 2;

void say(std::string_view text);
/// Also gives kFailed, so that a command can end with it.
int complain(std::string_view text);
/// Usage: says where the help is, and gives kUsage.
int complainAboutUse(std::string_view text, std::string_view command);

/// Why something about `file` in the data folder did not work and what to do about it, in whole sentences.
std::string why(const Error& error, const std::string& file);

/// 2026-11-23.
std::string dateOf(UnixTime time);

/// Help for a command; empty: of the whole program. Empty text: no such command.
std::string_view helpFor(std::string_view command);

}  // namespace kith::app
