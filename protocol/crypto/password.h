// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <string_view>

#include "protocol/base/ids.h"
#include "protocol/base/result.h"
#include "protocol/crypto/secret.h"

namespace kith::crypto {

inline constexpr std::size_t kMinPasswordSize = 8;
inline constexpr std::size_t kMaxPasswordSize = 256;

/// What a password is good for. Neither key tells anything of the other or of the password.
struct PasswordKeys {
    Secret<32> login;  ///< shown to the login server
    Secret<32> vault;  ///< wraps the vault's key; never leaves the device
};

/// Argon2id (RFC 9106), version 0x13, one lane.
struct PasswordCost {
    std::uint32_t memoryKiB = 64 * 1024;
    std::uint32_t passes = 3;
};

/// Slow (150 ms, 64 MiB) on purpose: not on the network thread. The password is UTF-8 in NFC (the caller normalises),
/// 8 to 256 bytes, otherwise InvalidArgument; the salt comes from user and network. Busy: not enough memory.
Result<PasswordKeys> derivePasswordKeys(std::string_view password, const UserName& user, const NetworkId& network,
                                        const PasswordCost& cost = {});

/// Raw Argon2id, one lane; BadKey if the library refuses the parameters.
Result<Secret<32>> argon2id(ByteView password, ByteView salt, const PasswordCost& cost);

}  // namespace kith::crypto
