// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <optional>
#include <vector>

#include "protocol/presence/grantmessages.h"
#include "protocol/presence/lease.h"
#include "protocol/presence/storage.h"

namespace kith::presence {

/// Who is online, from the leases under the topics that others gave us: a person is online while one device's lease
/// stands. Owns no peers; believes nothing that the topic's key has not signed.
class Watching {
public:
    static constexpr std::size_t kMaxLeases = 16;  ///< under one topic: devices of a person
    /// What stands without a word of the supernode: a lease it doesn't name any more after we came back to it, and who
    /// was online when the topic was replaced.
    static constexpr Duration kUnconfirmed = std::chrono::seconds(5);

    Watching(crypto::Suite& suite, const NetworkId& network) : m_suite(suite), m_network(network) {}

    /// What they are watched with from now on. Gives the topic that is watched no longer, if there was another.
    std::optional<TopicId> set(Now now, const UserName& user, const Granted& granted);
    std::optional<TopicId> erase(const UserName& user);
    [[nodiscard]] std::vector<TopicId> topics() const;

    /// Commands 93 and 94. `asked`: the topics that the Watch named.
    void watched(Now now, const std::vector<TopicId>& asked, const std::vector<SignedLease>& leases);
    void changed(Now now, const TopicChanged& change);
    /// The supernode was away too long: nobody is known to be there.
    void forgetAll();

    [[nodiscard]] bool isOnline(const UserName& user) const;
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;
    /// Whose state is another than when this was last asked.
    std::vector<UserName> takeChanged();

private:
    struct Known {
        std::uint64_t sequence = 0;
        Instant ends{};
    };
    struct Topic {
        UserName user;
        Granted granted;
        std::map<LeaseId, Known> leases;
        bool shown = false;  ///< as online
    };

    void take(Now now, const SignedLease& lease);
    [[nodiscard]] bool opens(const Topic& topic, const LeaseBody& lease) const;

    crypto::Suite& m_suite;
    NetworkId m_network;
    std::map<TopicId, Topic> m_topics;
    std::map<UserName, TopicId> m_users;
};

}  // namespace kith::presence
