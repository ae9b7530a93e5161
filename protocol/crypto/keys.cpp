// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/crypto/keys.h"

#include <algorithm>

#include "protocol/crypto/openssl.h"

namespace kith::crypto {

namespace {

openssl::Key privateKey(const char* kind, const ByteArray<32>& bytes) {
    openssl::Key key(EVP_PKEY_new_raw_private_key_ex(nullptr, kind, nullptr, openssl::in(bytes), bytes.size()));
    openssl::require(key != nullptr);
    return key;
}

ByteArray<32> publicHalf(const char* kind, const ByteArray<32>& privateBytes) {
    ByteArray<32> out;
    std::size_t size = out.size();
    openssl::require(EVP_PKEY_get_raw_public_key(privateKey(kind, privateBytes).get(), openssl::out(out), &size) == 1);
    return out;
}

}  // namespace

SigningKey SigningKey::generate(RandomSource& random) {
    auto seed = random.bytes<32>();
    SigningKey key = fromSeed(seed);
    wipe(seed);
    return key;
}

SigningKey SigningKey::fromSeed(const ByteArray<32>& seed) {
    return {seed, publicHalf("ED25519", seed)};
}

SigningKey::SigningKey(SigningKey&& other) noexcept : m_seed(other.m_seed), m_public(other.m_public) {
    wipe(other.m_seed);
}

SigningKey& SigningKey::operator=(SigningKey&& other) noexcept {
    if (this == &other) return *this;
    m_seed = other.m_seed;
    m_public = other.m_public;
    wipe(other.m_seed);
    return *this;
}

SigningKey::~SigningKey() {
    wipe(m_seed);
}

SigningKey SigningKey::copy() const {
    return {m_seed, m_public};
}

Signature sign(const SigningKey& key, ByteView message) {
    const openssl::ErrorScope errors;
    const openssl::Key pair = privateKey("ED25519", key.seed());
    const openssl::DigestContext context(EVP_MD_CTX_new());
    Signature signature;
    std::size_t size = signature.size();
    openssl::require(context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, pair.get()) == 1);
    openssl::require(
        EVP_DigestSign(context.get(), openssl::out(signature), &size, openssl::in(message), message.size()) == 1);
    return signature;
}

bool verify(const ByteArray<32>& publicKey, ByteView message, const Signature& signature) {
    const openssl::ErrorScope errors;
    const openssl::Key key(
        EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, openssl::in(publicKey), publicKey.size()));
    const openssl::DigestContext context(EVP_MD_CTX_new());
    if (!key || !context || EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1)
        return false;
    return EVP_DigestVerify(context.get(), openssl::in(signature), signature.size(), openssl::in(message),
                            message.size()) == 1;
}

SealingKey SealingKey::generate(RandomSource& random) {
    auto bytes = random.bytes<32>();
    SealingKey key = fromPrivate(bytes);
    wipe(bytes);
    return key;
}

SealingKey SealingKey::fromPrivate(const ByteArray<32>& privateBytes) {
    return {privateBytes, publicHalf("X25519", privateBytes)};
}

SealingKey::SealingKey(SealingKey&& other) noexcept : m_private(other.m_private), m_public(other.m_public) {
    wipe(other.m_private);
}

SealingKey& SealingKey::operator=(SealingKey&& other) noexcept {
    if (this == &other) return *this;
    m_private = other.m_private;
    m_public = other.m_public;
    wipe(other.m_private);
    return *this;
}

SealingKey::~SealingKey() {
    wipe(m_private);
}

SealingKey SealingKey::copy() const {
    return {m_private, m_public};
}

Result<ByteArray<32>> SealingKey::agree(const ByteArray<32>& otherPublicKey) const {
    const openssl::ErrorScope errors;
    const openssl::Key ours = crypto::privateKey("X25519", m_private);
    const openssl::Key theirs(
        EVP_PKEY_new_raw_public_key_ex(nullptr, "X25519", nullptr, openssl::in(otherPublicKey), otherPublicKey.size()));
    const openssl::KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, ours.get(), nullptr));
    if (!theirs || !context || EVP_PKEY_derive_init(context.get()) != 1 ||
        EVP_PKEY_derive_set_peer(context.get(), theirs.get()) != 1)
        return fail(Fault::BadKey, "X25519");
    ByteArray<32> secret;
    std::size_t size = secret.size();
    // OpenSSL refuses a result of all zeros itself.
    if (EVP_PKEY_derive(context.get(), openssl::out(secret), &size) != 1 || size != secret.size())
        return fail(Fault::BadKey, "X25519");
    return secret;
}

}  // namespace kith::crypto
