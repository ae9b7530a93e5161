// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/login/publisheddocument.h"

#include <algorithm>

namespace kith::login {

namespace {

Bytes joined(const auto& entries) {
    Bytes out;
    for (std::size_t i = 0; i < std::min(entries.size(), kMaxRevoked); ++i) append(out, entries[i]);
    return out;
}

}  // namespace

Result<void> PublishedDocument::setRoot(Bytes document) {
    const auto outer = wire::decodeObjects<SignedRootPart>(document);
    const auto part = outer ? wire::decodeObjects<RootPart>(outer->part) : tl::make_unexpected(outer.error());
    if (!part) return tl::make_unexpected(part.error());
    m_rootNumber = part->number;
    m_revocations = revocationsOf(document, {});
    m_root = std::move(document);
    return {};
}

void PublishedDocument::makeServerPart(Now now, crypto::Suite& suite, const NetworkId& network,
                                       const crypto::Credentials& server, const RevocationsLoaded& revocations,
                                       std::uint32_t slotCount) {
    // Grows over restarts without being kept.
    m_serverNumber = std::max(m_serverNumber + 1, static_cast<std::uint64_t>(now.seconds().time_since_epoch().count()));
    ServerPart part;
    part.rootNumber = m_rootNumber;
    part.number = m_serverNumber;
    part.made = now.seconds();
    part.slotCount = slotCount;
    part.revokedUsers = joined(revocations.users);
    part.revokedAccess = joined(revocations.access);
    m_server = wire::encodeObjects(signServerPart(suite, network, part, server));
}

}  // namespace kith::login
