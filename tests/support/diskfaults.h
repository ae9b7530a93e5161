// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstddef>
#include <optional>

#include "protocol/base/error.h"

namespace kith::test {

/// What is wrong with a disk in memory: a write that it refuses leaves nothing behind.
struct DiskFaults {
    std::size_t everyNth = 0;       ///< of all writes fails once; 0: none
    std::optional<Fault> always{};  ///< every write fails with this
    std::size_t writes = 0;         ///< that were tried
    std::size_t refused = 0;

    /// For one write: why it fails, if it does.
    std::optional<Fault> next() {
        ++writes;
        if (!always && (everyNth == 0 || writes % everyNth != 0)) return std::nullopt;
        ++refused;
        return always.value_or(Fault::StorageBroken);
    }
};

}  // namespace kith::test
