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
#include "protocol/contacts/messages.h"
#include "protocol/contacts/relation.h"
#include "protocol/peer/person.h"

namespace kith::contacts {

inline constexpr std::size_t kMaxReceivedRequests = 200;
inline constexpr std::size_t kMaxLinks = 16;  ///< devices of a person
inline constexpr std::uint64_t kMaxVersion = std::uint64_t{1} << 62;
inline constexpr Duration kFirstRetry = std::chrono::seconds(1);
inline constexpr Duration kLongestRetry = std::chrono::seconds(60);

/// Who we are to others.
struct Profile {
    UserName user;
    UserKey key;
    std::string displayName;
};

/// What the authenticated links know: whether the device's credential names this user key.
class DeviceOwners {
public:
    virtual ~DeviceOwners() = default;
    [[nodiscard]] virtual bool owns(const peer::Device& device, const UserKey& key) const = 0;
};

/// The record of this person is another than before; `relation` follows from it.
struct RecordChanged {
    UserName user;
    Relation before;
    Relation relation;
    bool isTrustedAgain = false;  ///< a key that was in doubt is accepted
    bool hasNewKey = false;       ///< is known by another key than before
};
/// A device of this name showed a user key that is not the pinned one; what it said was dropped.
struct KeyMismatch {
    UserName user;
};
/// The list has to be stored in the vault again. `elsewhere`: another device of ours has it, too, and will do so.
struct VaultOutdated {
    bool elsewhere = false;
};
/// A write failed; it is tried again.
struct StoringFailed {
    Error error;
};
using Event = std::variant<RecordChanged, KeyMismatch, VaultOutdated, StoringFailed>;

struct Output {
    peer::Output peer;
    std::vector<StoreRequest> stores;
    std::vector<Event> events;
};

/// The contact list of one person on one device: who is a contact, who asked, whom we asked. What we say is on disk
/// before it is sent, what they say is on disk before it is confirmed; what is not confirmed is told again, however
/// long they are away. Requests that cross make two contacts; removing somebody removes it on both sides.
///
/// Lives on the network thread.
class Contacts {
public:
    struct Environment {
        RandomSource& random;
        const DeviceOwners& owners;
    };

    Contacts(Profile own, const std::vector<Record>& stored, Environment environment);

    /// `key` and `displayName` as the directory gave them. AlreadyExists: asked before, or a contact; InvalidArgument:
    /// ourselves, or a text over its limit; TooLarge: the list is full. If they have asked us, this accepts.
    Result<void> request(Now now, const UserName& user, const UserKey& key, const std::string& displayName,
                         const std::string& text);
    /// NotFound: nothing to accept.
    Result<void> accept(Now now, const UserName& user);
    Result<void> decline(Now now, const UserName& user);
    /// Takes back a request that was not answered. NotFound: there is none.
    Result<void> withdraw(Now now, const UserName& user);
    /// Removes a contact or withdraws a request; what we said of them goes, too. NotFound: neither.
    Result<void> remove(Now now, const UserName& user);
    /// Whatever they and we said stays as it is, and comes into force again by unblock(); meanwhile they are told
    /// nothing and nothing of theirs is heard. InvalidArgument: ourselves; TooLarge: the list is full.
    Result<void> block(Now now, const UserName& user);
    Result<void> unblock(Now now, const UserName& user);

    // What only we see, on all our devices. NotFound: they are not in the list; InvalidArgument: over its limit;
    // TooLarge (of notes): all of them together are.
    Result<void> setAlias(Now now, const UserName& user, const std::string& alias);
    Result<void> setNote(Now now, const UserName& user, const std::string& note);
    Result<void> setFavourite(Now now, const UserName& user, bool favourite);
    Result<void> setGroups(Now now, const UserName& user, std::vector<std::string> groups);

    // Trust.
    /// The person compared the safety number with them, or no longer relies on it. NotFound: not in the list, or their
    /// key is in doubt.
    Result<void> setVerified(Now now, const UserName& user, bool verified);
    /// From now on the key that they showed last is theirs. NotFound: there is none to accept.
    Result<void> acceptKey(Now now, const UserName& user);
    /// The directory or a link shows this key as theirs. If it is not the one we know, it is in doubt from now on.
    void keySeen(Now now, const UserName& user, const UserKey& key);
    /// Their list of devices, under the key that we know.
    void devicesSeen(Now now, const UserName& user, const std::vector<DeviceId>& devices);

    /// What the vault holds, from our other devices.
    void merge(Now now, const std::vector<Record>& fromVault);
    /// They have just been seen: what waits for them is tried at once.
    void seen(Now now, const UserName& user);
    void setDisplayName(const std::string& displayName) { m_own.displayName = displayName; }
    [[nodiscard]] const Profile& own() const { return m_own; }

    [[nodiscard]] std::optional<Record> find(const UserName& user) const;
    [[nodiscard]] Relation relation(const UserName& user) const;
    [[nodiscard]] bool isContact(const UserName& user) const { return relation(user) == Relation::Contact; }
    [[nodiscard]] bool isKeyInDoubt(const UserName& user) const;
    /// By name; for the vault, tombstones included.
    [[nodiscard]] std::vector<Record> records() const;

    // Doors.
    void deviceUp(Now now, const peer::Device& device);
    void deviceDown(Now now, const peer::Device& device, Fault reason);
    void reachFailed(Now now, const UserName& user, Fault reason);
    void receive(Now now, const peer::Device& from, ByteView command);
    void receive(Now now, const Stored& stored);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;
    void take(Output& out);

private:
    struct Link {
        DeviceId device;
        std::uint64_t sent = 0;  ///< version of ours that was sent on this link
    };
    /// What is under way with a person: links, writes, something to tell.
    struct Business {
        std::uint64_t ourStored = 0;  ///< versions that are on disk
        std::uint64_t theirStored = 0;
        std::vector<Link> links;
        Backoff backoff{kFirstRetry, kLongestRetry};
        Instant nextTry = kNever;
        bool unsaved = false;  ///< the last write failed
    };
    struct Texts {
        std::string ours;
        std::string theirs;
    };
    /// A Record, kept tightly: most people have no texts, and nothing is under way with them.
    struct Entry {
        explicit Entry(UserName name) : user(std::move(name)) {}
        explicit Entry(const Record& record) : user(record.user) { set(record); }
        [[nodiscard]] Record record() const;
        void set(const Record& record);
        [[nodiscard]] bool isBlocked() const { return remarks && remarks->blocked; }
        /// Who is blocked is told nothing.
        [[nodiscard]] bool isUntold() const { return toldVersion < ourVersion && !isBlocked(); }
        /// Something was said, and it is on disk.
        [[nodiscard]] bool isSayable() const {
            return ourVersion > 0 && !isBlocked() && (!business || business->ourStored >= ourVersion);
        }
        [[nodiscard]] std::uint64_t theirStored() const { return business ? business->theirStored : theirVersion; }
        [[nodiscard]] Instant nextTry() const { return business ? business->nextTry : kNever; }
        /// Before anything of it changes.
        Business& begin();
        /// Drops the business if it is done.
        void rest();

        UserName user;
        UserKey key;
        std::string displayName;
        std::uint64_t ourVersion = 0;
        std::uint64_t toldVersion = 0;
        std::uint64_t theirVersion = 0;
        std::uint64_t refusedVersion = 0;
        bool weWant = false;
        bool theyWant = false;
        std::unique_ptr<Texts> texts;        ///< null: both are empty
        std::unique_ptr<Remarks> remarks;    ///< null: nothing was ever said
        std::unique_ptr<Business> business;  ///< null: all is on disk and told, no links
    };
    struct Write {
        UserName user;
        std::uint64_t ourVersion;
        std::uint64_t theirVersion;
    };

    Entry* entryFor(const UserName& user);
    bool makeRoom();
    std::size_t receivedRequests() const;
    std::uint64_t nextVersion(Now now, const Entry& entry) const;
    void setOurStance(Now now, Entry& entry, bool wants, const std::string& text);
    void change(Now now, Entry& entry, const Record& next, bool elsewhere = false);
    /// Changes a copy of their remarks by `set(remarks, version)` and takes it over.
    template <class Set>
    void remark(Now now, Entry& entry, Set set);
    template <class Set>
    Result<void> remarkOnListed(Now now, const UserName& user, Set set);
    void trust(Now now, Entry& entry, const UserKey& key);
    void forgetRemarks(Now now, Entry& entry);
    [[nodiscard]] std::size_t bytesOfNotes(const UserName& butOf) const;
    void tellTrust(Now now, const Record& before, const Record& after);
    void addTrustEvent(Now now, const UserName& user, TrustChange change);
    void save(Entry& entry);
    void tell(Entry& entry);
    static Link& linkTo(Entry& entry, const DeviceId& device);
    void sendTo(const Entry& entry, Link& link);
    void confirm(const Entry& entry);
    void onStance(Now now, const peer::Device& from, const Stance& stance);
    void onStanceKept(const peer::Device& from, const StanceKept& kept);
    bool mayHear(Now now, const peer::Device& from, const Stance& stance);

    Profile m_own;
    Environment m_environment;
    SortedTable<Entry, &Entry::user> m_entries;
    std::map<StoreTicket, Write> m_writes;
    StoreTicket m_lastTicket = 0;
    UnixMillis m_lastTrust{};
    Output m_output;
};

}  // namespace kith::contacts
