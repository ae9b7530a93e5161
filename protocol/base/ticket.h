// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <optional>

#include "protocol/base/error.h"

namespace kith {

/// Numbers what a machine asks to have stored; unique within the machine, never 0. The composition hands the output to
/// the store in the order it was made and brings the completion back through the machine's receive().
using StoreTicket = std::uint64_t;

/// The write is on disk (it survives a power cut), or it failed and left nothing behind.
struct Stored {
    StoreTicket ticket = 0;
    bool alreadyThere = false;  ///< of an insert: the key existed, nothing was changed; counts as stored
    std::optional<Error> error{};
};

}  // namespace kith
