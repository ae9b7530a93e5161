// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <chrono>

#include "protocol/base/instant.h"

namespace kith::devices {

/// The computer's steady clock, which no correction of the time moves. Any thread.
inline Instant steadyNow() {
    return Instant(std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch()));
}

}  // namespace kith::devices
