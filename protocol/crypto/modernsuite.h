// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/crypto/suite.h"

namespace kith::crypto {

/// The suite of programs: TLS 1.3 and Ed25519 of OpenSSL. Usable from any thread, one at a time.
class ModernSuite : public Suite {
public:
    std::unique_ptr<Handshake> handshake(const HandshakeOptions& options) override;
    Signature sign(const SigningKey& key, ByteView message) override;
    bool verify(const ByteArray<32>& publicKey, ByteView message, const Signature& signature) override;
};

}  // namespace kith::crypto
