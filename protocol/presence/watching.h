// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "protocol/presence/grantmessages.h"
#include "protocol/presence/lease.h"
#include "protocol/presence/storage.h"

namespace kith::presence {

/// A person as others see them.
struct Seen {
    bool online = false;  ///< else the rest says nothing
    Availability availability = Availability::Online;
    std::string mood;
    friend bool operator==(const Seen&, const Seen&) = default;
};

/// One person as we watch them: the topic they gave us, and the leases that stand under it. They are online while one
/// device's lease stands. Believes nothing that the topic's key has not signed.
///
/// Several devices are one person: of the leases those count that follow the person's newest choice, and of these the
/// first in the order do not disturb, open to calls, online, away, not available.
class Watching {
public:
    static constexpr std::size_t kMaxLeases = 16;  ///< under one topic: devices of a person
    /// What stands without a word of the supernode: a lease it doesn't name any more after we came back to it, and who
    /// was online when the topic was replaced.
    static constexpr Duration kUnconfirmed = std::chrono::seconds(5);

    /// What they are watched with from now on. `isTheirs`: nobody else gave us this topic before; otherwise it is kept
    /// and not watched.
    void set(Now now, const Granted& granted, bool isTheirs);
    /// Nothing: they gave us nothing yet.
    [[nodiscard]] std::optional<Granted> granted() const;
    [[nodiscard]] bool isGranted() const { return m_granted.version > 0; }
    [[nodiscard]] std::uint64_t version() const { return m_granted.version; }

    /// The topic that is watched; nothing: none is.
    [[nodiscard]] std::optional<TopicId> topic() const;
    [[nodiscard]] bool isWatchedBy(const ByteArray<32>& topicKey) const {
        return m_isWatched && m_granted.topicKey == topicKey;
    }
    [[nodiscard]] bool isWatchedAs(const TopicId& topic) const;

    // What the supernode says, in commands 93 and 94.
    /// Leases that are not confirmed soon are over.
    void doubt(Now now);
    void take(Now now, crypto::Suite& suite, const NetworkId& network, const SignedLease& lease);
    void ended(const LeaseId& lease);
    /// The supernode was away too long: nobody is known to be there.
    void forget() { m_leases.clear(); }

    [[nodiscard]] bool isOnline() const { return !m_leases.empty(); }
    [[nodiscard]] const Seen& seen() const;
    /// What was seen before, if seen() is another than when this was last asked.
    std::optional<Seen> takeChange();
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;

private:
    struct Known {
        LeaseId lease;
        std::uint64_t sequence = 0;
        Instant ends{};
        std::uint64_t chosen = 0;
        Seen seen;
    };

    [[nodiscard]] std::vector<Known>::iterator find(const LeaseId& lease);
    [[nodiscard]] std::optional<State> open(const LeaseBody& lease) const;

    Granted m_granted;  ///< version 0: none
    std::vector<Known> m_leases;
    std::uint32_t m_mark = 0;  ///< the first bytes of the topic's id: spares hashing everybody's key
    bool m_isWatched = false;
    Seen m_shown;
};

}  // namespace kith::presence
