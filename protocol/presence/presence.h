// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "protocol/base/backoff.h"
#include "protocol/base/sortedtable.h"
#include "protocol/peer/person.h"
#include "protocol/presence/ownlease.h"
#include "protocol/presence/watching.h"

namespace kith::presence {

inline constexpr Duration kFirstRetry = std::chrono::seconds(1);
inline constexpr Duration kLongestRetry = std::chrono::seconds(60);
/// A grant that was sent and not confirmed by then is sent again.
inline constexpr Duration kConfirmDue = std::chrono::seconds(10);
/// Whom we know to be off line is looked for this rarely: their coming is told to us.
inline constexpr Duration kAwayRetry = std::chrono::minutes(15);
/// The lease under a topic that was replaced: contacts get the new one meanwhile, and see no gap.
inline constexpr Duration kOldTopicStays = std::chrono::seconds(10);
/// As long as this a lost supernode leaves everybody as they were.
inline constexpr Duration kSupernodeGrace = std::chrono::seconds(20);

struct PresenceChanged {
    UserName user;
    bool online;
};
struct StoringFailed {
    Error error;
};
using Event = std::variant<PresenceChanged, StoringFailed>;

struct Output {
    peer::Output peer;
    std::vector<Bytes> toSupernode;  ///< commands on session::Stream::Presence of its link
    std::vector<StoreRequest> stores;
    std::vector<Event> events;
};

/// One person's presence on one device: gives its topic to every contact, holds its own lease under it while a
/// supernode is there, and watches the topics that contacts gave. Removing a contact makes a new topic.
///
/// Lives on the network thread.
class Presence {
public:
    struct Environment {
        crypto::Suite& suite;
        RandomSource& random;
        NetworkId network;
        DeviceId self;
    };

    /// `topic`: none makes the first one.
    Presence(Now now, Environment environment, std::optional<OwnTopic> topic, const std::vector<Audience>& audiences);
    Presence(const Presence&) = delete;
    Presence& operator=(const Presence&) = delete;

    /// Shares presence with them. Harmless if it is shared already.
    void contactAdded(Now now, const UserName& user);
    void contactRemoved(Now now, const UserName& user);
    /// From the vault: what another device of ours made it. The newer one counts.
    void mergeTopic(Now now, const OwnTopic& topic);
    void supernodeUp(Now now, const NodeId& supernode);
    void supernodeDown(Now now);
    /// Signing out: off line for others at once.
    void leave();

    [[nodiscard]] bool isOnline(const UserName& user) const;
    [[nodiscard]] const OwnTopic& topic() const { return m_topic; }

    // Doors.
    void deviceUp(Now now, const peer::Device& device);
    void deviceDown(Now now, const peer::Device& device, Fault reason);
    void reachFailed(Now now, const UserName& user, Fault reason);
    void receive(Now now, const peer::Device& from, ByteView command);
    void receiveFromSupernode(Now now, ByteView command);
    void receive(Now now, const Stored& stored);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;
    void take(Output& out);

private:
    /// What telling them our topic takes; a person who is far away and knows it has none.
    struct Pursuit {
        std::uint64_t theirStored = 0;  ///< version of their grant that is on disk
        std::vector<DeviceId> links;
        Backoff backoff{kFirstRetry, kLongestRetry};
        Instant nextTry = kNever;
    };
    struct Contact {
        explicit Contact(UserName name) : user(std::move(name)) {}
        [[nodiscard]] Audience audience() const { return {user, watching.granted(), toldVersion}; }
        [[nodiscard]] bool hasLinks() const { return pursuit && !pursuit->links.empty(); }
        [[nodiscard]] Instant nextTry() const { return pursuit ? pursuit->nextTry : kNever; }
        [[nodiscard]] std::uint64_t theirStored() const { return pursuit ? pursuit->theirStored : watching.version(); }
        /// Before their grant changes.
        Pursuit& pursue();
        /// They know: nothing is to be tried.
        void rest();

        UserName user;
        std::uint64_t toldVersion = 0;  ///< the version of our topic that some device of theirs has confirmed
        Watching watching;
        std::unique_ptr<Pursuit> pursuit;  ///< null: no links, nothing to try, all on disk
    };
    struct Write {
        std::optional<UserName> user;  ///< none: our topic
        std::uint64_t version;         ///< of the topic, or of their grant
    };
    struct Asked {
        wire::RequestId request;
        std::vector<TopicId> topics;
        Instant again;
    };

    void newTopic(Now now);
    void replaceTopic(Now now, const OwnTopic& topic);
    void useTopic(Now now, const OwnTopic& topic);
    void saveTopic();
    void save(const Contact& contact);
    [[nodiscard]] bool isUntold(const Contact& contact) const;
    void grant(const Contact& contact, const DeviceId& device);
    void pursue(Now now, Contact& contact);
    [[nodiscard]] bool isAway(const Contact& contact) const;
    void tryAgain(Now now, Contact& contact, Duration otherwise);
    /// Gives the topic that is watched no longer, if there was another.
    std::optional<TopicId> watchWith(Now now, Contact& contact, const Granted& granted);
    void onChanged(Now now, const TopicChanged& change);
    void onWatched(Now now, const std::vector<TopicId>& asked, const std::vector<SignedLease>& leases);
    void take(Now now, const SignedLease& lease);
    [[nodiscard]] Contact* contactOf(const TopicId& topic);
    void onGrant(Now now, const peer::Device& from, const Grant& grant);
    void onGrantKept(const peer::Device& from, const GrantKept& kept);
    void watch(Now now, std::vector<TopicId> topics);
    void tellChanges(Now now);
    template <class M>
    void toSupernode(const M& message, std::optional<wire::RequestId> request = {});

    Environment m_environment;
    OwnTopic m_topic;
    bool m_topicStored = false;
    Instant m_saveAgain = kNever;
    OwnLease m_lease;
    std::vector<std::pair<Instant, EndLease>> m_ending;  ///< leases under topics we had before
    SortedTable<Contact, &Contact::user> m_contacts;
    bool m_up = false;
    Instant m_forget = kNever;  ///< the supernode's absence counts from then on
    std::vector<Asked> m_asked;
    wire::RequestId m_lastRequest = 0;
    std::map<StoreTicket, Write> m_writes;
    StoreTicket m_lastTicket = 0;
    Output m_output;
};

}  // namespace kith::presence
