// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/base/bytes.h"
#include "protocol/base/random.h"
#include "protocol/base/result.h"
#include "protocol/crypto/suite.h"

namespace kith::crypto {

/// An Ed25519 key pair (RFC 8032), 64 bytes, wiped when it goes. Copies are deliberate: copy().
class SigningKey {
public:
    static SigningKey generate(RandomSource& random);
    static SigningKey fromSeed(const ByteArray<32>& seed);

    SigningKey(SigningKey&& other) noexcept;
    SigningKey& operator=(SigningKey&& other) noexcept;
    ~SigningKey();
    [[nodiscard]] SigningKey copy() const;

    [[nodiscard]] const ByteArray<32>& publicKey() const { return m_public; }
    /// The private key itself, to be stored.
    [[nodiscard]] const ByteArray<32>& seed() const { return m_seed; }

private:
    SigningKey(const ByteArray<32>& seed, const ByteArray<32>& publicKey) : m_seed(seed), m_public(publicKey) {}

    ByteArray<32> m_seed;
    ByteArray<32> m_public;
};

/// What ModernSuite does; machines go through their Suite.
Signature sign(const SigningKey& key, ByteView message);
bool verify(const ByteArray<32>& publicKey, ByteView message, const Signature& signature);

/// An X25519 key pair (RFC 7748) that things are sealed to; wiped when it goes.
class SealingKey {
public:
    static SealingKey generate(RandomSource& random);
    static SealingKey fromPrivate(const ByteArray<32>& privateKey);

    SealingKey(SealingKey&& other) noexcept;
    SealingKey& operator=(SealingKey&& other) noexcept;
    ~SealingKey();
    [[nodiscard]] SealingKey copy() const;

    [[nodiscard]] const ByteArray<32>& publicKey() const { return m_public; }
    [[nodiscard]] const ByteArray<32>& privateKey() const { return m_private; }

    /// The Diffie-Hellman value; BadKey if it is all zero (RFC 7748 6.1). The caller wipes it.
    [[nodiscard]] Result<ByteArray<32>> agree(const ByteArray<32>& otherPublicKey) const;

private:
    SealingKey(const ByteArray<32>& privateKey, const ByteArray<32>& publicKey)
        : m_private(privateKey), m_public(publicKey) {}

    ByteArray<32> m_private;
    ByteArray<32> m_public;
};

}  // namespace kith::crypto
