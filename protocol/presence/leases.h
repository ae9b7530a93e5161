// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "protocol/base/sortedtable.h"
#include "protocol/overlay/output.h"
#include "protocol/overlay/tokenbucket.h"
#include "protocol/presence/lease.h"
#include "protocol/wire/command.h"

namespace kith::presence {

/// A supernode's part of the stream Presence: holds leases under topics while the links of their devices live, and
/// tells who watches. A lease that has ended leaves its sequence behind until its date, so that nobody who has seen it
/// can bring it back.
class Leases {
public:
    struct Options {
        NodeId node;
        NetworkId network;
        std::size_t maxLeases = 200'000;
        std::size_t maxLeasesOfLink = 64;
        std::size_t maxWatches = 2'000'000;  ///< pairs of topic and watcher
        std::size_t maxWatchesOfLink = 4096;
        overlay::TokenBucket::Rate leases{2, 100};      ///< of one client; each costs a signature's check
        overlay::TokenBucket::Rate watches{200, 5000};  ///< topics
    };

    Leases(const Options& options, crypto::Suite& suite) : m_options(options), m_suite(suite) {}

    // Doors. Only links of attached clients; commands of Stream::Presence.
    void receive(Now now, session::LinkNumber link, ByteView command);
    /// Ends the link's leases and watches.
    void linkClosed(session::LinkNumber link);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;
    void take(overlay::Output& out) { out.append(m_out); }

    [[nodiscard]] std::size_t leaseCount() const { return m_leaseCount; }
    [[nodiscard]] std::size_t watchCount() const { return m_watchCount; }
    [[nodiscard]] std::uint64_t refusedCommands() const { return m_refusedCommands; }

private:
    struct Held {
        SignedLease lease;
        session::LinkNumber link = 0;  ///< 0: ended, kept for its sequence
        Instant ends{};
    };
    struct Topic {
        std::map<LeaseId, Held> leases;
        SortedTable<session::LinkNumber> watchers;
    };
    using LeaseName = std::pair<TopicId, LeaseId>;
    struct Client {
        std::set<LeaseName> leases;
        SortedTable<TopicId> watched;
        overlay::TokenBucket leaseRate;
        overlay::TokenBucket watchRate;
    };

    Client& clientOf(Now now, session::LinkNumber link);
    bool handle(Now now, session::LinkNumber link, const wire::CommandView& command);
    bool lease(Now now, session::LinkNumber link, const Lease& message, std::optional<wire::RequestId> request);
    bool watch(Now now, session::LinkNumber link, const Watch& message, std::optional<wire::RequestId> request);
    void unwatch(session::LinkNumber link, const Unwatch& message);
    void endLease(session::LinkNumber link, const EndLease& message);
    /// Why this lease can't stand; nothing: it can.
    [[nodiscard]] std::optional<LeaseRefusal> judge(Now now, const Client& client, const LeaseName& name,
                                                    const SignedLease& lease);
    void hold(Now now, session::LinkNumber link, const LeaseName& name, const SignedLease& lease);
    /// The lease's sequence stays until its date.
    void end(const LeaseName& name);
    void forget(const LeaseName& name);
    /// The leases of a topic, the first ones into `answer`, what is too much for it as commands of their own.
    void tellAll(session::LinkNumber link, const TopicId& topic, Watched& answer);
    void removeWatcher(const TopicId& topic, session::LinkNumber link);
    void eraseIfEmpty(const TopicId& topic);
    void tellWatchers(const TopicId& topic, const TopicChanged& change);
    template <wire::Message M>
    void send(session::LinkNumber link, const M& message, std::optional<wire::RequestId> request = {});

    Options m_options;
    crypto::Suite& m_suite;
    std::map<TopicId, Topic> m_topics;
    std::map<session::LinkNumber, Client> m_clients;
    std::set<std::pair<Instant, LeaseName>> m_ends;
    std::size_t m_leaseCount = 0;  ///< the ended ones that are still kept included
    std::size_t m_watchCount = 0;
    std::uint64_t m_refusedCommands = 0;
    overlay::Output m_out;
};

}  // namespace kith::presence
