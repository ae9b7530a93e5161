// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/base/instant.h"

namespace kith::net {

/// Both clocks of this computer, now. The steady one goes on while the computer sleeps (CLOCK_BOOTTIME), so that links
/// that did not survive the sleep are noticed when it wakes. Any thread.
Now readClocks();

}  // namespace kith::net
