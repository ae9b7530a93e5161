// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <string>
#include <string_view>

#include "protocol/base/ids.h"
#include "protocol/base/random.h"
#include "protocol/base/result.h"
#include "protocol/crypto/secret.h"

namespace kith::login {

/// 128 random bits that a person writes down: the way back to the vault without the password. Kept nowhere.
class RecoveryKey {
public:
    static RecoveryKey generate(RandomSource& random) { return RecoveryKey(crypto::Secret<16>(random.bytes<16>())); }
    /// What text() gave, as codeBytes() takes it. ChecksumMismatch: mistyped; Malformed.
    static Result<RecoveryKey> parse(std::string_view text);

    /// 32 characters in groups of four; the last seven hold a checksum.
    [[nodiscard]] std::string text() const;

    struct Keys {
        crypto::Secret<32> login;  ///< shown to the login server
        crypto::Secret<32> vault;  ///< wraps the vault's key
    };
    [[nodiscard]] Keys keys(const UserName& user, const NetworkId& network) const;

    friend bool operator==(const RecoveryKey&, const RecoveryKey&) = default;

private:
    explicit RecoveryKey(const crypto::Secret<16>& bits) : m_bits(bits) {}

    crypto::Secret<16> m_bits;
};

}  // namespace kith::login
