// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstddef>

namespace kith::call {

/// How a device deals with several calls.
struct Policy {
    std::size_t most = 8;  ///< whatever their state; more are told that it is busy
    /// A person hears one at a time: the others are held. Not so a program that answers everybody.
    bool oneVoice = true;
};

}  // namespace kith::call
