// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <string>
#include <vector>

namespace kith::lab {

/// `kith-lab sim [--clients N] [--minutes M] [--seed S]`: a server and N signed-in, idle clients; prints what a client
/// costs in memory, in events and on the wire. Returns the exit code.
int sim(const std::vector<std::string>& arguments);

}  // namespace kith::lab
