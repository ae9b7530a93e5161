// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/crypto/aead.h"

#include <algorithm>
#include <climits>

#include "protocol/crypto/openssl.h"

namespace kith::crypto {

namespace {

const EVP_CIPHER* gcmAlgorithm() {
    static const EVP_CIPHER* const algorithm = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    openssl::require(algorithm != nullptr);
    return algorithm;
}

const EVP_CIPHER* ecbAlgorithm() {
    static const EVP_CIPHER* const algorithm = EVP_CIPHER_fetch(nullptr, "AES-256-ECB", nullptr);
    openssl::require(algorithm != nullptr);
    return algorithm;
}

/// An OpenSSL context and the key it was last given.
class KeyedContext {
public:
    KeyedContext(const EVP_CIPHER* algorithm, bool encrypts)
        : m_algorithm(algorithm), m_encrypts(encrypts ? 1 : 0), m_context(EVP_CIPHER_CTX_new()) {
        openssl::require(m_context != nullptr);
    }
    ~KeyedContext() { wipe(m_key); }
    KeyedContext(const KeyedContext&) = delete;
    KeyedContext& operator=(const KeyedContext&) = delete;

    EVP_CIPHER_CTX* with(const AeadCipher::Key& key, const unsigned char* nonce) {
        const bool same = m_isKeyed && equalInConstantTime(key, m_key);
        if (!same || nonce)
            openssl::require(EVP_CipherInit_ex2(m_context.get(), m_isKeyed ? nullptr : m_algorithm,
                                                same ? nullptr : openssl::in(key), nonce, m_encrypts, nullptr) == 1);
        if (!same) m_key = key;
        m_isKeyed = true;
        return m_context.get();
    }

private:
    const EVP_CIPHER* m_algorithm;
    int m_encrypts;
    openssl::CipherContext m_context;
    bool m_isKeyed = false;
    AeadCipher::Key m_key{};
};

void addAssociated(EVP_CIPHER_CTX* context, ByteView associated) {
    int count = 0;
    if (!associated.empty())
        openssl::require(EVP_CipherUpdate(context, nullptr, &count, openssl::in(associated),
                                          static_cast<int>(associated.size())) == 1);
}

void transform(EVP_CIPHER_CTX* context, ByteView from, ByteSpan to) {
    int count = 0;
    if (!from.empty())
        openssl::require(
            EVP_CipherUpdate(context, openssl::out(to), &count, openssl::in(from), static_cast<int>(from.size())) == 1);
}

}  // namespace

class AeadCipher::Contexts {
public:
    KeyedContext seals{gcmAlgorithm(), true};
    KeyedContext opens{gcmAlgorithm(), false};
    KeyedContext masks{ecbAlgorithm(), true};
};

AeadCipher& AeadCipher::ofThisThread() {
    thread_local AeadCipher cipher;
    return cipher;
}

AeadCipher::AeadCipher() : m_contexts(std::make_unique<Contexts>()) {}

AeadCipher::~AeadCipher() = default;

void AeadCipher::seal(const Key& key, const Nonce& nonce, ByteView associated, ByteView plain, ByteSpan out) {
    openssl::require(plain.size() <= INT_MAX && associated.size() <= INT_MAX && out.size() == plain.size() + kTagSize);
    EVP_CIPHER_CTX* context = m_contexts->seals.with(key, openssl::in(nonce));
    addAssociated(context, associated);
    transform(context, plain, out);
    unsigned char nothing = 0;
    int count = 0;
    openssl::require(EVP_CipherFinal_ex(context, &nothing, &count) == 1);
    openssl::require(
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kTagSize, openssl::out(out.subspan(plain.size()))) == 1);
}

bool AeadCipher::open(const Key& key, const Nonce& nonce, ByteView associated, ByteView sealed, ByteSpan out) {
    if (sealed.size() < kTagSize || sealed.size() > INT_MAX || associated.size() > INT_MAX) return false;
    openssl::require(out.size() + kTagSize == sealed.size());
    EVP_CIPHER_CTX* context = m_contexts->opens.with(key, openssl::in(nonce));
    auto tag = *toArray<kTagSize>(sealed.last(kTagSize));
    addAssociated(context, associated);
    transform(context, sealed.first(out.size()), out);
    openssl::require(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kTagSize, tag.data()) == 1);
    unsigned char nothing = 0;
    int count = 0;
    if (EVP_CipherFinal_ex(context, &nothing, &count) == 1) return true;
    std::fill(out.begin(), out.end(), std::byte{0});
    return false;
}

ByteArray<16> AeadCipher::headerMask(const Key& key, const ByteArray<16>& sample) {
    EVP_CIPHER_CTX* context = m_contexts->masks.with(key, nullptr);
    ByteArray<16> mask;
    transform(context, sample, mask);
    return mask;
}

}  // namespace kith::crypto
