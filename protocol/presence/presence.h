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
#include "protocol/presence/ownstate.h"
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

/// Contacts with a view of their own: each costs a lease, of which a supernode holds 64 for a client.
inline constexpr std::size_t kMaxViews = 60;

struct PresenceChanged {
    UserName user;
    Seen seen;
    bool came;  ///< was off line before
};
/// What we chose, or what everybody sees of us.
struct OwnChanged {};
/// What this contact sees of us is, or is no longer, another than what all see.
struct ViewChanged {
    UserName user;
};
/// What our other devices have to know is new.
struct VaultOutdated {};
struct StoringFailed {
    Error error;
};
using Event = std::variant<PresenceChanged, OwnChanged, ViewChanged, VaultOutdated, StoringFailed>;

struct Output {
    peer::Output peer;
    std::vector<Bytes> toSupernode;  ///< commands on session::Stream::Presence of its link
    std::vector<StoreRequest> stores;
    std::vector<Event> events;
};

/// One person's presence on one device: gives its topic to every contact, holds its own lease under it while a
/// supernode is there, and watches the topics that contacts gave. Removing a contact makes a new topic. A contact with
/// a view of its own has a topic of its own, and a lease under that.
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
    Presence(Now now, Environment environment, std::optional<OwnTopic> topic, const std::vector<Audience>& audiences,
             const Choice& choice = {});
    Presence(const Presence&) = delete;
    Presence& operator=(const Presence&) = delete;

    /// Shares presence with them. Harmless if it is shared already.
    void contactAdded(Now now, const UserName& user);
    /// They see nothing more from now on, whatever they kept: the others get a new topic. For blocking, too.
    void contactRemoved(Now now, const UserName& user);
    /// What is seen of us, and on all our devices. TooLarge: the mood.
    Result<void> choose(Now now, Availability availability, const std::string& mood);
    /// What this contact sees instead; none: as everybody. NotFound: no contact; TooLarge: the mood, or too many views.
    Result<void> except(Now now, const UserName& user, const Exception& exception);
    /// Since when this device has had no input; nothing: it has.
    void setIdleSince(Now now, std::optional<Instant> since);
    // From the vault: what another device of ours made it. The newer one counts; over a device's first topic, any.
    void mergeTopic(Now now, const OwnTopic& topic);
    void merge(Now now, const Choice& choice);
    /// Those of contacts.
    void merge(Now now, const std::vector<View>& views);
    void supernodeUp(Now now, const NodeId& supernode);
    void supernodeDown(Now now);
    /// Signing out: off line for others at once.
    void leave();

    [[nodiscard]] bool isOnline(const UserName& user) const { return seen(user).online; }
    [[nodiscard]] Seen seen(const UserName& user) const;
    [[nodiscard]] Exception exceptionFor(const UserName& user) const;
    /// Their calls don't ring here.
    [[nodiscard]] bool isNotToBeDisturbedBy(const UserName& user) const;
    [[nodiscard]] const Choice& choice() const { return m_own.choice(); }
    /// What everybody sees of us, as far as we are signed in: as chosen, or later by idleness.
    [[nodiscard]] Availability shown() const { return m_shown; }
    [[nodiscard]] const OwnTopic& topic() const { return m_topic; }
    [[nodiscard]] std::vector<View> views() const;

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
    /// What this contact alone is told.
    struct Alone {
        View view;
        std::uint64_t stored = 0;  ///< version of the view that is on disk
        bool unsaved = false;      ///< the last try to store it failed
        std::optional<OwnLease> lease;
    };
    struct Contact {
        explicit Contact(UserName name) : user(std::move(name)) {}
        [[nodiscard]] Audience audience() const;
        [[nodiscard]] const View* view() const { return alone ? &alone->view : nullptr; }
        [[nodiscard]] bool hasOwnTopic() const { return alone && alone->lease; }
        [[nodiscard]] bool hasLinks() const { return pursuit && !pursuit->links.empty(); }
        [[nodiscard]] Instant nextTry() const { return pursuit ? pursuit->nextTry : kNever; }
        [[nodiscard]] std::uint64_t theirStored() const { return pursuit ? pursuit->theirStored : watching.version(); }
        /// Before their grant changes.
        Pursuit& pursue();
        /// They know: nothing is to be tried.
        void rest();

        UserName user;
        std::uint64_t toldVersion = 0;  ///< the version of our grant that some device of theirs has confirmed
        Watching watching;
        std::unique_ptr<Pursuit> pursuit;  ///< null: no links, nothing to try, all on disk
        std::unique_ptr<Alone> alone;      ///< null: as everybody, and never otherwise
    };
    enum class Kept { Topic, Choice, Audience };
    struct Write {
        Kept what;
        UserName user;              ///< of an audience
        std::uint64_t version;      ///< of the topic, of the choice, or of their grant
        std::uint64_t viewVersion;  ///< of an audience
    };
    struct Asked {
        wire::RequestId request;
        std::vector<TopicId> topics;
        Instant again;
    };

    /// Newer than `than`.
    void newTopic(Now now, std::uint64_t than);
    void replaceTopic(Now now, const OwnTopic& topic);
    void useTopic(Now now, const OwnTopic& topic);
    void saveTopic();
    void saveChoice();
    void save(const Contact& contact);
    void useChoice(Now now, const Choice& choice);
    void useView(Now now, Contact& contact, const View& view);
    /// Tells everybody what they are to see, where that is new.
    void show(Now now);
    void show(Now now, OwnLease& lease, const View* view);
    void endSoon(Now now, OwnLease& lease);
    [[nodiscard]] std::uint64_t grantVersion(const Contact& contact) const;
    /// What we would grant is on disk.
    [[nodiscard]] bool isReady(const Contact& contact) const;
    void askForLease(Now now, OwnLease& lease);
    /// Of every topic.
    template <class Verb>
    void eachLease(Verb verb);
    void answered(Now now, wire::RequestId request, const Leased& answer);
    void storedTopic(Now now, std::uint64_t version);
    void storedAudience(Now now, const Write& write);
    [[nodiscard]] bool isUp() const { return m_supernode.has_value(); }
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
    bool m_isFirstTopic = false;  ///< made for want of another, and granted to nobody yet if it is not stored
    Instant m_saveAgain = kNever;
    Instant m_saveChoiceAgain = kNever;
    OwnState m_own;
    Availability m_shown = Availability::Online;
    OwnLease m_lease;
    std::optional<NodeId> m_supernode;
    std::vector<std::pair<Instant, EndLease>> m_ending;  ///< leases under topics we had before
    Instant m_showAgain = kNever;                        ///< idleness has its next stage then
    SortedTable<Contact, &Contact::user> m_contacts;
    Instant m_forget = kNever;  ///< the supernode's absence counts from then on
    std::vector<Asked> m_asked;
    wire::RequestId m_lastRequest = 0;
    std::map<StoreTicket, Write> m_writes;
    StoreTicket m_lastTicket = 0;
    Output m_output;
};

}  // namespace kith::presence
