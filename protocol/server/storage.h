// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <variant>

#include "protocol/directory/localslot.h"
#include "protocol/login/accountstore.h"

namespace kith::server {

/// What a server wants of the disk: the seam between its machines and the rim that stores (protocol/store in programs).
using StoreOrder = std::variant<login::StoreRequest, directory::KeepRequest>;
/// That directory records could not be kept; they will be published again.
struct KeepFailed {
    Error error;
};
using StoreAnswer = std::variant<login::StoreAnswer, KeepFailed>;

}  // namespace kith::server
