// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>

#include "protocol/base/bytes.h"

/// Ownership of OpenSSL's objects; for the sources of this room alone.
namespace kith::crypto::openssl {

template <auto Free>
struct Deleter {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};

using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Deleter<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Deleter<EVP_CIPHER_CTX_free>>;
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using Object = std::unique_ptr<ASN1_OBJECT, Deleter<ASN1_OBJECT_free>>;
using Store = std::unique_ptr<X509_STORE, Deleter<X509_STORE_free>>;
using StoreContext = std::unique_ptr<X509_STORE_CTX, Deleter<X509_STORE_CTX_free>>;
using Connection = std::unique_ptr<SSL, Deleter<SSL_free>>;
using ConnectionContext = std::unique_ptr<SSL_CTX, Deleter<SSL_CTX_free>>;

inline const unsigned char* in(ByteView bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}
inline unsigned char* out(ByteSpan bytes) {
    return reinterpret_cast<unsigned char*>(bytes.data());
}

/// OpenSSL keeps a queue of errors a thread; what one operation leaves behind would be taken for the next one's.
class ErrorScope {
public:
    ErrorScope();
    ~ErrorScope();
    ErrorScope(const ErrorScope&) = delete;
    ErrorScope& operator=(const ErrorScope&) = delete;
};

/// For what can only fail when memory has run out or the library is broken: ends the program, rather than going on
/// without the protection.
void require(bool worked);

}  // namespace kith::crypto::openssl
