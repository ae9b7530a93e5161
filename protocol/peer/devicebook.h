// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <optional>

#include "protocol/base/instant.h"
#include "protocol/directory/lookup.h"

namespace kith::peer {

/// The newest device list that was seen of each person lately. Bounded: the one looked up longest ago goes first.
class DeviceBook {
public:
    static constexpr std::size_t kMost = 256;
    /// A list is asked for again after this.
    static constexpr Duration kFresh = std::chrono::minutes(10);

    struct Entry {
        UserKey key;
        directory::PersonKey hash;
        std::uint64_t epoch = 0;
        std::vector<DeviceId> devices;
        Instant lookedUp{};
    };

    /// An older list under the same key is not taken, but counts as looked up.
    void enter(Now now, const UserName& user, const directory::Person& person);
    [[nodiscard]] const Entry* fresh(Now now, const UserName& user) const;
    /// However old; empty: nothing was seen.
    [[nodiscard]] std::vector<DeviceId> lastSeen(const UserName& user) const;
    /// Whether the device with this credential counts.
    static bool isListed(const Entry& entry, const DeviceId& device, const ByteArray<32>& userKeyHash);
    void forget(const UserName& user) { m_entries.erase(user); }
    void clear() { m_entries.clear(); }

private:
    void makeRoom();

    std::map<UserName, Entry> m_entries;
};

}  // namespace kith::peer
