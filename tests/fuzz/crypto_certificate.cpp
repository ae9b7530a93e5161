// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/crypto/certificate.h"
#include "tests/fuzz/require.h"
#include "tests/support/authority.h"

// A leaf that a stranger shows, below a real intermediate and root. The parser of names and uses is reached without the
// seal (readLeaf); nothing but the two real leaves may pass with it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kith;
    static test::Authority authority;
    static const auto real = authority.person(UserName::parse("alice").value());
    static const auto other = authority.access();
    const Bytes leaf = toBytes(std::as_bytes(std::span(data, size)));

    const auto identity = crypto::verifyChain(authority.issuer.chainOf(leaf), authority.trust(), authority.now);
    const bool isReal = leaf == real->chain.front() || leaf == other->chain.front();
    fuzz::require(identity.has_value() == isReal);
    if (const auto facts = crypto::readLeaf(leaf, authority.issuer.network()))
        fuzz::require(!std::holds_alternative<crypto::Anonymous>(facts->identity));

    if (const auto chain = crypto::decodeChain(leaf)) {
        fuzz::require(crypto::encodeChain(*chain) == leaf);
        fuzz::require(!crypto::verifyChain(*chain, authority.trust(), authority.now) || *chain == real->chain);
    }
    return 0;
}
