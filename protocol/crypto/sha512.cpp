// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/crypto/sha512.h"

#include "protocol/crypto/openssl.h"

namespace kith::crypto {

namespace {

const EVP_MD* algorithm() {
    static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA512", nullptr);
    openssl::require(fetched != nullptr);
    return fetched;
}

}  // namespace

ByteArray<64> sha512(std::initializer_list<ByteView> parts) {
    const openssl::DigestContext context(EVP_MD_CTX_new());
    openssl::require(context && EVP_DigestInit_ex2(context.get(), algorithm(), nullptr) == 1);
    for (const ByteView part : parts) openssl::require(EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1);
    ByteArray<64> out;
    openssl::require(EVP_DigestFinal_ex(context.get(), openssl::out(out), nullptr) == 1);
    return out;
}

}  // namespace kith::crypto
