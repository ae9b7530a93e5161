// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "protocol/base/ids.h"
#include "protocol/base/random.h"
#include "protocol/base/result.h"
#include "protocol/crypto/sealedbox.h"
#include "protocol/crypto/secret.h"

/// What follows a person from device to device, and how the login server keeps it without reading it.
namespace kith::login {

inline constexpr std::size_t kMaxVault = 2 * 1024 * 1024;
inline constexpr std::size_t kMaxVaultBox = kMaxVault + crypto::kSealedBoxOverhead;

/// The open vault. Wiped where it is secret.
struct VaultContent {
    crypto::Secret<32> userSeed;  ///< the user key
    std::string displayName;
    Bytes contacts;  ///< as the contact list writes itself
    Bytes settings;
    std::vector<std::pair<std::uint8_t, Bytes>> others;  ///< kinds that newer programs know; kept as they are

    friend bool operator==(const VaultContent&, const VaultContent&) = default;
};
/// Sections behind each other: kind (1 byte), length (32 bit), bytes; ascending kinds. TooLarge over kMaxVault.
Result<Bytes> encodeVault(const VaultContent& content);
Result<VaultContent> decodeVault(ByteView bytes);

/// As it is kept and travels. The box is sealed under a random key with network, user and version as associated data:
/// an older vault can't be passed off as a newer one. That key lies in two wraps.
struct SealedVault {
    std::uint64_t version = 0;
    Bytes passwordWrap;  ///< under PasswordKeys::vault
    Bytes recoveryWrap;  ///< under RecoveryKey::Keys::vault
    Bytes box;
    friend bool operator==(const SealedVault&, const SealedVault&) = default;
};
/// For the client's disk.
Bytes encodeSealed(const SealedVault& vault);
Result<SealedVault> decodeSealed(ByteView bytes);

/// Seals and opens one person's vaults.
class VaultSealer {
public:
    VaultSealer(const NetworkId& network, const UserName& user) : m_network(network), m_user(user) {}

    [[nodiscard]] Bytes wrap(const crypto::Secret<32>& vaultKey, const crypto::Secret<32>& under,
                             RandomSource& random) const;
    /// BadSeal: another password, recovery key or person.
    [[nodiscard]] Result<crypto::Secret<32>> unwrap(ByteView wrapped, const crypto::Secret<32>& under) const;

    [[nodiscard]] Result<Bytes> seal(const VaultContent& content, std::uint64_t version,
                                     const crypto::Secret<32>& vaultKey, RandomSource& random) const;
    /// BadSeal: another key, or not this version.
    [[nodiscard]] Result<VaultContent> open(ByteView box, std::uint64_t version,
                                            const crypto::Secret<32>& vaultKey) const;

private:
    [[nodiscard]] Bytes associated(std::string_view label, std::uint64_t version) const;

    NetworkId m_network;
    UserName m_user;
};

}  // namespace kith::login
