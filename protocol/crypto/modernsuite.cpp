// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/crypto/modernsuite.h"

#include "protocol/crypto/keys.h"
#include "protocol/crypto/tlshandshake.h"

namespace kith::crypto {

std::unique_ptr<Handshake> ModernSuite::handshake(const HandshakeOptions& options) {
    return makeTlsHandshake(options);
}

Signature ModernSuite::sign(const SigningKey& key, ByteView message) {
    return crypto::sign(key, message);
}

bool ModernSuite::verify(const ByteArray<32>& publicKey, ByteView message, const Signature& signature) {
    return crypto::verify(publicKey, message, signature);
}

}  // namespace kith::crypto
