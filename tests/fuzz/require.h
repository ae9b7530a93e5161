// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdlib>

namespace kith::fuzz {

/// What must hold for every input, with assertions or without.
inline void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace kith::fuzz
