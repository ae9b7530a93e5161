// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <vector>

#include "protocol/base/random.h"
#include "protocol/crypto/suite.h"

namespace kith::test {

/// No TLS and no signatures, for simulations of many nodes: whoever listens knows everything. What remains is what the
/// rest of the program can tell: three flights, ALPN, who must show a certificate, whose it is and until when, under
/// which root, secrets that both ends share, signatures that fit one message and one key.
class NullSuite final : public crypto::Suite {
public:
    explicit NullSuite(RandomSource& random) : m_random(random) {}

    std::unique_ptr<crypto::Handshake> handshake(const crypto::HandshakeOptions& options) override;
    crypto::Signature sign(const crypto::SigningKey& key, ByteView message) override;
    bool verify(const ByteArray<32>& publicKey, ByteView message, const crypto::Signature& signature) override;

    /// As crypto::verifyChain; the signatures of what stands above the leaf are checked once for each kind of chain.
    Result<crypto::PeerIdentity> identify(const crypto::CertificateChain& chain, const crypto::Trust& trust,
                                          UnixTime now);

private:
    /// What stands above a leaf, under which root it was found to be right, and when: dates are looked at once a day.
    struct Proven {
        crypto::CertificateChain above;
        ByteArray<32> rootKeyHash;
        UnixTime at;
    };

    RandomSource& m_random;
    std::vector<Proven> m_proven;
};

}  // namespace kith::test
