// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/crypto/revocations.h"

#include <algorithm>

#include "protocol/crypto/hash.h"

namespace kith::crypto {

bool Revocations::hasUserKey(const ByteArray<32>& hash) const {
    return std::ranges::binary_search(userKeys, hash);
}

bool Revocations::isUnderRevoked(const CertificateChain& chain) const {
    if (intermediates.empty()) return false;
    return std::ranges::any_of(
        chain, [&](const Bytes& der) { return std::ranges::binary_search(intermediates, sha256(der)); });
}

Result<void> Revocations::judge(const CertificateChain& chain, const PeerIdentity& whose) const {
    if (isUnderRevoked(chain)) return fail(Fault::CertificateInvalid, "withdrawn intermediate");
    const auto* person = std::get_if<PersonIdentity>(&whose);
    if (person && hasUserKey(person->userKeyHash)) return fail(Fault::AccountDisabled, "withdrawn user key");
    return {};
}

}  // namespace kith::crypto
