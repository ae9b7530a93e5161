// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/crypto/suite.h"

namespace kith::fuzz {

/// Every signature is good: what lies behind a signature gets its share of the hostile input too.
class CredulousSuite final : public crypto::Suite {
public:
    std::unique_ptr<crypto::Handshake> handshake(const crypto::HandshakeOptions&) override { return nullptr; }
    crypto::Signature sign(const crypto::SigningKey&, ByteView) override { return {}; }
    bool verify(const ByteArray<32>&, ByteView, const crypto::Signature&) override { return true; }
};

}  // namespace kith::fuzz
