// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "protocol/base/endpoint.h"
#include "protocol/base/instant.h"

namespace kith::session {

/// Which public address of ours each remote sees. The obfuscation of a datagram covers both ends' addresses, and behind
/// a NAT, in a local network and with several interfaces the answer differs from remote to remote; so nothing here is
/// one truth for all. Bounded: the newest remotes and a few addresses of our own.
class SeenAddresses {
public:
    static constexpr std::size_t kMostOwn = 4;
    static constexpr std::size_t kMostRemotes = 256;
    using Candidates = std::array<IpAddress, kMostOwn + 1>;

    /// The source to obfuscate a datagram to `remote` with: the address it sees, else the one that was seen last by
    /// anybody, else unspecified (the remote will nack and tell).
    [[nodiscard]] IpAddress sourceFor(const Endpoint& remote) const;
    /// The addresses under which a datagram from `remote` may have been made, likeliest first; fills `out`.
    [[nodiscard]] std::span<const IpAddress> candidates(const Endpoint& remote, Candidates& out) const;
    /// Whether something from `remote` was read under an address of ours: it needs no nack from now on.
    [[nodiscard]] bool isConfirmed(const Endpoint& remote) const;

    /// `remote` says that it sees us there.
    void told(Instant at, const Endpoint& remote, const IpAddress& ours);
    /// A datagram from `remote` was whole under this address.
    void confirm(Instant at, const Endpoint& remote, const IpAddress& ours);

private:
    struct Seen {
        Endpoint remote;
        IpAddress ours;
        Instant at;
        bool confirmed;
    };

    [[nodiscard]] const Seen* find(const Endpoint& remote) const;
    void store(const Seen& seen);
    void remember(const IpAddress& ours);

    std::vector<Seen> m_seen;
    std::vector<IpAddress> m_own;  ///< last used first
};

}  // namespace kith::session
