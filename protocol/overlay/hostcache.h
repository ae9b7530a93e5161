// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <optional>
#include <vector>

#include "protocol/base/endpoint.h"
#include "protocol/overlay/rung.h"

namespace kith::overlay {

/// The supernodes a client knows, at most 200: those that worked for it, most recently good first, then those it was
/// merely told of. What one supernode tells can push out other hearsay, never an entry that has worked.
///
/// Lives in the form in which it is kept on disk: seven bytes for an IPv4 entry.
class HostCache {
public:
    static constexpr std::size_t kCapacity = 200;

    HostCache() = default;
    /// Of what encoded() gave. An older or broken form is an error: start with an empty cache then.
    static Result<HostCache> decode(ByteView stored);
    [[nodiscard]] Bytes encoded() const;

    /// It accepted us, by this rung.
    void worked(const Endpoint& server, Rung rung);
    /// Somebody told us of it.
    void learned(const Endpoint& server);
    /// It did not answer although the network was there: goes to the end.
    void failed(const Endpoint& server);

    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] std::vector<Endpoint> entries() const;
    /// The rung that worked last.
    [[nodiscard]] std::optional<Rung> lastRung() const { return m_lastRung; }

private:
    struct Place {
        std::size_t offset;
        std::size_t index;
    };
    [[nodiscard]] std::optional<Place> find(const Endpoint& server) const;
    [[nodiscard]] std::size_t offsetOf(std::size_t index) const;
    void erase(Place place);
    void insert(std::size_t index, const Endpoint& server);

    /// Entries one after the other: length of the address (4 or 16), address, port.
    Bytes m_packed;
    std::uint8_t m_size = 0;
    std::uint8_t m_good = 0;  ///< the first so many have worked
    std::optional<Rung> m_lastRung;
};

}  // namespace kith::overlay
