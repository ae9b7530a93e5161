// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/crypto/password.h"

#include <argon2.h>

#include "protocol/crypto/hash.h"

namespace kith::crypto {

Result<Secret<32>> argon2id(ByteView password, ByteView salt, const PasswordCost& cost) {
    Secret<32> out;
    const int outcome = argon2id_hash_raw(cost.passes, cost.memoryKiB, 1, password.data(), password.size(), salt.data(),
                                          salt.size(), out.bytes.data(), out.bytes.size());
    if (outcome == ARGON2_MEMORY_ALLOCATION_ERROR) return fail(Fault::Busy, "memory for Argon2");
    if (outcome != ARGON2_OK) return fail(Fault::BadKey, "Argon2 parameters");
    return out;
}

Result<PasswordKeys> derivePasswordKeys(std::string_view password, const UserName& user, const NetworkId& network,
                                        const PasswordCost& cost) {
    if (password.size() < kMinPasswordSize || password.size() > kMaxPasswordSize || !isUtf8(password))
        return fail(Fault::InvalidArgument, "password");
    const Digest salt = sha256({asBytes("kith password salt"), network.bytes, asBytes(user.text())});
    const auto slow = argon2id(asBytes(password), salt, cost);
    if (!slow) return tl::make_unexpected(slow.error());
    PasswordKeys keys;
    hkdfExpand(slow->bytes, asBytes("kith password login"), keys.login.bytes);
    hkdfExpand(slow->bytes, asBytes("kith password vault"), keys.vault.bytes);
    return keys;
}

}  // namespace kith::crypto
