// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/overlay/registrar.h"

#include <algorithm>

#include "protocol/crypto/hash.h"

namespace kith::overlay {

LocationId Registrar::locationOf(const AccessId& client) const {
    const auto digest = crypto::hmacSha256(m_options.locationSecret, client.bytes);
    LocationId out;
    std::copy_n(digest.begin(), out.bytes.size(), out.bytes.begin());
    return out;
}

Result<Registrar::Attachment> Registrar::attach(session::LinkNumber link, const AccessId& client) {
    Attachment out{locationOf(client), linkAt(locationOf(client))};
    if (out.replaced == link) return Attachment{out.location, std::nullopt};
    if (out.replaced)
        detach(*out.replaced);
    else if (m_links.size() >= m_options.maxClients)
        return fail(Fault::Busy, "clients");
    detach(link);
    m_links[out.location] = link;
    m_locations[link] = out.location;
    return out;
}

void Registrar::detach(session::LinkNumber link) {
    const auto at = m_locations.find(link);
    if (at == m_locations.end()) return;
    m_links.erase(at->second);
    m_locations.erase(at);
}

std::optional<session::LinkNumber> Registrar::linkAt(const LocationId& location) const {
    const auto at = m_links.find(location);
    if (at == m_links.end()) return std::nullopt;
    return at->second;
}

}  // namespace kith::overlay
