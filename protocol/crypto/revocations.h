// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <vector>

#include "protocol/base/result.h"
#include "protocol/crypto/identity.h"

namespace kith::crypto {

/// What a network has withdrawn before its time; the network document says so. Both sorted.
struct Revocations {
    std::vector<ByteArray<32>> intermediates;  ///< SHA-256 of the certificate
    std::vector<ByteArray<32>> userKeys;       ///< SHA-256 of the key

    [[nodiscard]] bool isEmpty() const { return intermediates.empty() && userKeys.empty(); }
    [[nodiscard]] bool hasUserKey(const ByteArray<32>& hash) const;
    /// Whether anything in the chain stands under a withdrawn certificate, or is one.
    [[nodiscard]] bool isUnderRevoked(const CertificateChain& chain) const;
    /// Of a chain that verifyChain() took: CertificateInvalid, or AccountDisabled for a person's.
    [[nodiscard]] Result<void> judge(const CertificateChain& chain, const PeerIdentity& whose) const;
};

}  // namespace kith::crypto
