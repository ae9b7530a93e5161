// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <chrono>

#include "app/engine/state.h"
#include "protocol/overlay/rung.h"

/// The one place where what went wrong inside becomes what a person is told.
namespace kith::engine {

Reason reasonOf(Fault fault);
inline Failure failureOf(Fault fault) {
    return {reasonOf(fault), {}};
}

/// The network could not be reached: which rungs were tried, "udp tcp 80 443".
Failure cantReach(const overlay::RungFaults& rungs);
/// `ahead`: our clock minus the server's.
Failure clockOff(std::chrono::seconds ahead);

}  // namespace kith::engine
