// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/crypto/hash.h"

#include <openssl/hmac.h>

#include <algorithm>
#include <climits>

#include "protocol/crypto/openssl.h"

namespace kith::crypto {

namespace {

const EVP_MD* sha256Algorithm() {
    static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    openssl::require(algorithm != nullptr);
    return algorithm;
}

}  // namespace

Digest sha256(ByteView data) {
    return sha256({data});
}

Digest sha256(std::initializer_list<ByteView> parts) {
    const openssl::DigestContext context(EVP_MD_CTX_new());
    openssl::require(context && EVP_DigestInit_ex2(context.get(), sha256Algorithm(), nullptr) == 1);
    for (const ByteView part : parts) openssl::require(EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1);
    Digest out;
    openssl::require(EVP_DigestFinal_ex(context.get(), openssl::out(out), nullptr) == 1);
    return out;
}

Digest hmacSha256(ByteView key, ByteView data) {
    // HMAC() takes a null key to mean "the one before".
    static constexpr unsigned char kNoKey = 0;
    openssl::require(key.size() <= INT_MAX);
    Digest out;
    unsigned size = 0;
    openssl::require(HMAC(sha256Algorithm(), key.empty() ? &kNoKey : openssl::in(key), static_cast<int>(key.size()),
                          openssl::in(data), data.size(), openssl::out(out), &size) != nullptr);
    return out;
}

Digest hkdfExtract(ByteView salt, ByteView keyMaterial) {
    constexpr ByteArray<32> kNoSalt{};
    return hmacSha256(salt.empty() ? ByteView(kNoSalt) : salt, keyMaterial);
}

void hkdfExpand(ByteView pseudoRandomKey, ByteView info, ByteSpan out) {
    openssl::require(out.size() <= 255 * sizeof(Digest));
    Bytes input;
    input.reserve(sizeof(Digest) + info.size() + 1);
    Digest block{};
    for (std::uint8_t counter = 1; !out.empty(); ++counter) {
        wipe(input);
        input.clear();
        if (counter > 1) append(input, block);
        append(input, info);
        input.push_back(static_cast<std::byte>(counter));
        block = hmacSha256(pseudoRandomKey, input);
        const std::size_t count = std::min(out.size(), block.size());
        std::copy_n(block.begin(), count, out.begin());
        out = out.subspan(count);
    }
    wipe(input);
    wipe(block);
}

}  // namespace kith::crypto
