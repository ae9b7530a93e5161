// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <optional>
#include <unordered_map>

#include "protocol/base/ids.h"
#include "protocol/base/result.h"
#include "protocol/session/transport.h"

namespace kith::overlay {

/// A client as a supernode knows it: the id of its access certificate.
using AccessId = Id<struct AccessTag, 16>;

/// The clients that are attached to a supernode, and where others reach them. A location id follows from the access id
/// and a secret of the supernode's: to everybody else it is random, and whoever comes back has the same one, even after
/// the supernode was restarted.
class Registrar {
public:
    struct Options {
        ByteArray<32> locationSecret{};
        std::size_t maxClients = 4096;
    };
    struct Attachment {
        LocationId location;
        /// The link on which the same client was attached until now; it is no longer.
        std::optional<session::LinkNumber> replaced;
    };

    explicit Registrar(const Options& options) : m_options(options) {}

    /// Busy: full. Again on the same link: the same location.
    Result<Attachment> attach(session::LinkNumber link, const AccessId& client);
    void detach(session::LinkNumber link);

    [[nodiscard]] bool isAttached(session::LinkNumber link) const { return m_locations.contains(link); }
    [[nodiscard]] std::optional<session::LinkNumber> linkAt(const LocationId& location) const;
    [[nodiscard]] std::size_t size() const { return m_links.size(); }

private:
    [[nodiscard]] LocationId locationOf(const AccessId& client) const;

    Options m_options;
    std::unordered_map<LocationId, session::LinkNumber, IdHash> m_links;
    std::unordered_map<session::LinkNumber, LocationId> m_locations;
};

}  // namespace kith::overlay
