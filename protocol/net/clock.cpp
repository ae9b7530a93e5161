// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/net/clock.h"

#include <ctime>

namespace kith::net {

Now readClocks() {
    timespec steady{};
    clock_gettime(CLOCK_BOOTTIME, &steady);
    return {Instant(std::chrono::seconds(steady.tv_sec) + std::chrono::nanoseconds(steady.tv_nsec)),
            std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now())};
}

}  // namespace kith::net
