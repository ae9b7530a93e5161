// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "app/server/commandline.h"

/// The commands of kith-server. Each parses the rest of its line, does its work, says what came of it and gives the
/// exit code.
namespace kith::app {

using Arguments = std::vector<std::string>;

int initCommand(const Arguments& arguments);
int runCommand(const Arguments& arguments);
int inviteCommand(const Arguments& arguments);
int accountsCommand(const Arguments& arguments);
int renewCommand(const Arguments& arguments);

}  // namespace kith::app
