// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <chrono>
#include <compare>

namespace kith {

using Duration = std::chrono::nanoseconds;

/// The steady clock of the network thread, or of a simulated world. Never read by a machine: it is handed in.
struct SteadyClock {
    using duration = Duration;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<SteadyClock>;
    static constexpr bool is_steady = true;
};
using Instant = SteadyClock::time_point;
inline constexpr Instant kNever = Instant::max();

/// Seconds since 1970, UTC: for what is compared between computers (expiry, dates of certificates). May jump.
using UnixTime = std::chrono::sys_seconds;
/// Milliseconds since 1970, for the order and the display of what people wrote.
using UnixMillis = std::chrono::sys_time<std::chrono::milliseconds>;

/// The two clocks, read once for everything that happens in one turn of a thread: all of it happens at one instant.
struct Now {
    Instant at{};
    UnixMillis wall{};

    [[nodiscard]] UnixTime seconds() const { return std::chrono::floor<std::chrono::seconds>(wall); }
};

}  // namespace kith
