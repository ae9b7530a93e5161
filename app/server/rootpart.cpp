// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/server/rootpart.h"

#include "protocol/crypto/modernsuite.h"
#include "protocol/crypto/systemrandom.h"
#include "protocol/login/networkdocument.h"
#include "protocol/overlay/profilefile.h"
#include "protocol/store/keyfile.h"

namespace kith::app {

Bytes makeRootPart(const crypto::SigningKey& rootKey, const overlay::NetworkProfile& profile, std::uint64_t number,
                   UnixTime now) {
    crypto::ModernSuite suite;
    login::RootPart part;
    part.number = number;
    part.made = now;
    for (const auto& server : profile.loginServers) part.loginServers.push_back(server.text());
    return wire::encodeObjects(login::signRootPart(suite, profile.network(), part, rootKey));
}

std::uint64_t numberOfRootPart(ByteView document) {
    const auto outer = wire::decodeObjects<login::SignedRootPart>(document);
    if (!outer) return 0;
    const auto part = wire::decodeObjects<login::RootPart>(outer->part);
    return part ? part->number : 0;
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
