// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <string>
#include <vector>

namespace kith::lab {

/// `kith-lab spec [--check] FILE`: writes the tables of protocol/SPEC.md from the messages' field lists, or tells
/// whether they are as they would be written. Returns the exit code: 0 done or the same, 1 different or no such file.
int spec(const std::vector<std::string>& arguments);

}  // namespace kith::lab
