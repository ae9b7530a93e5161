// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/login/recoverykey.h"

#include "protocol/crypto/hash.h"
#include "protocol/login/codetext.h"

namespace kith::login {

namespace {

ByteArray<4> checksumOf(ByteView bits) {
    const auto digest = crypto::sha256({asBytes("kith recovery key"), bits});
    return {digest[0], digest[1], digest[2], digest[3]};
}

}  // namespace

std::string RecoveryKey::text() const {
    Bytes bytes = toBytes(m_bits.bytes);
    const crypto::WipeAtEnd wiped(bytes);
    bytes.reserve(20);
    append(bytes, checksumOf(m_bits.bytes));
    return codeText(bytes);
}

Result<RecoveryKey> RecoveryKey::parse(std::string_view text) {
    auto bytes = codeBytes(text);
    if (!bytes) return tl::make_unexpected(bytes.error());
    const crypto::WipeAtEnd wiped(*bytes);
    if (bytes->size() != 20) return fail(Fault::Malformed, "length of a recovery key");
    const RecoveryKey key{crypto::Secret<16>(*toArray<16>(ByteView(*bytes).first(16)))};
    if (*toArray<4>(ByteView(*bytes).last(4)) != checksumOf(key.m_bits.bytes))
        return fail(Fault::ChecksumMismatch, "recovery key");
    return key;
}

RecoveryKey::Keys RecoveryKey::keys(const UserName& user, const NetworkId& network) const {
    const auto salt = crypto::sha256({asBytes("kith recovery salt"), network.bytes, asBytes(user.text())});
    const crypto::Secret<32> root(crypto::hkdfExtract(salt, m_bits.bytes));
    Keys out;
    crypto::hkdfExpand(root.bytes, asBytes("kith recovery login"), out.login.bytes);
    crypto::hkdfExpand(root.bytes, asBytes("kith recovery vault"), out.vault.bytes);
    return out;
}

}  // namespace kith::login
