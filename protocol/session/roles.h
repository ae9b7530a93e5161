// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <optional>

#include "protocol/crypto/suite.h"
#include "protocol/session/path.h"

namespace kith::session {

inline constexpr std::size_t kRoles = 3;

/// The role that a handshake names; nothing: no such role.
std::optional<Role> roleFrom(std::uint8_t number);
/// What the role demands of a handshake: ALPN, whose certificate each side has to show. `own`, `trust` and `now` are
/// left to the caller.
crypto::HandshakeOptions handshakeOptions(Role role, crypto::Side side);
/// Whether this side can do without a certificate of its own.
bool mayBeAnonymous(Role role, crypto::Side side);

}  // namespace kith::session
