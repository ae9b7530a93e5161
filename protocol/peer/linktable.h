// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <optional>
#include <vector>

#include "protocol/base/instant.h"
#include "protocol/peer/person.h"

namespace kith::peer {

struct Received {
    Device from;
    session::Stream stream;
    Bytes command;
};

/// An open link to somebody's device.
struct Link {
    session::LinkNumber number = 0;
    Device device;
    ByteArray<32> userKeyHash{};       ///< of the credential it showed
    DeviceId openedBy;                 ///< the end that began the handshake
    std::optional<ChannelId> channel;  ///< ours at our supernode
    Instant since{};
    Instant lastUsed{};
    UserKey key{};                    ///< of its user, proven, once approved
    bool approved = false;            ///< stands on the newest device list; until then nothing is passed on
    Instant leaves = kNever;          ///< another link to the device took over: closed then
    std::vector<Received> waiting{};  ///< what came before it was approved
};

/// The links by number. Of two to one device one is preferred: begun at about the same time from both ends, it is the
/// one of the smaller device key, so both ends agree; otherwise the newer, because the older one's other end has
/// probably restarted.
class LinkTable {
public:
    static constexpr Duration kTogether = std::chrono::seconds(5);
    static constexpr std::size_t kMostWaiting = 32;

    Link& add(Link link);
    void erase(session::LinkNumber number) { m_links.erase(number); }
    [[nodiscard]] Link* find(session::LinkNumber number);
    [[nodiscard]] Link* findChannel(const ChannelId& channel);
    /// The approved link that commands to this device take; null: there is none.
    [[nodiscard]] Link* preferred(const Device& device);
    [[nodiscard]] const Link* preferred(const Device& device) const;
    static bool isBetter(const Link& a, const Link& b);
    /// Whether this person has a link that is approved, or one that still waits for it.
    [[nodiscard]] bool has(const UserName& user, bool approved) const;

    [[nodiscard]] std::map<session::LinkNumber, Link>& all() { return m_links; }
    [[nodiscard]] const std::map<session::LinkNumber, Link>& all() const { return m_links; }

private:
    std::map<session::LinkNumber, Link> m_links;
};

}  // namespace kith::peer
