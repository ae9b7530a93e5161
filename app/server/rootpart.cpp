// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/server/rootpart.h"

#include <algorithm>

#include "protocol/crypto/hash.h"
#include "protocol/crypto/modernsuite.h"
#include "protocol/crypto/systemrandom.h"
#include "protocol/login/networkdocument.h"
#include "protocol/overlay/profilefile.h"
#include "protocol/store/keyfile.h"

namespace kith::app {

namespace {

login::RootPart read(ByteView document) {
    const auto outer = wire::decodeObjects<login::SignedRootPart>(document);
    const auto part = outer ? wire::decodeObjects<login::RootPart>(outer->part) : tl::make_unexpected(outer.error());
    return part.value_or(login::RootPart());
}

/// The oldest gives way: it ran out long ago.
void revoke(login::RootPart& part, const ByteArray<32>& intermediate) {
    auto& revoked = part.revokedIntermediates;
    if (std::ranges::find(revoked, intermediate) != revoked.end()) return;
    if (revoked.size() == login::kMaxRevokedIntermediates) revoked.erase(revoked.begin());
    revoked.push_back(intermediate);
}

}  // namespace

Bytes makeRootPart(const crypto::SigningKey& rootKey, const overlay::NetworkProfile& profile, ByteView before,
                   const std::optional<Bytes>& stolen, UnixTime now) {
    crypto::ModernSuite suite;
    const login::RootPart last = read(before);
    login::RootPart part;
    part.number = last.number + 1;
    part.made = now;
    part.revokedIntermediates = last.revokedIntermediates;
    if (stolen) revoke(part, crypto::sha256(*stolen));
    for (const auto& server : profile.loginServers) part.loginServers.push_back(server.text());
    return wire::encodeObjects(login::signRootPart(suite, profile.network(), part, rootKey));
}

Result<void> writeProfile(const std::filesystem::path& file, const overlay::NetworkProfile& profile,
                          const server::ServerKeys& keys, UnixTime now) {
    crypto::ModernSuite suite;
    crypto::SystemRandom random;
    const auto identity = server::ServerIdentity::make(keys);
    if (!identity) return tl::make_unexpected(identity.error());
    const auto signer = identity->loginServer(now, random);
    return store::KeyFile(file).write(overlay::encodeProfileFile(suite, profile, *signer));
}

}  // namespace kith::app
