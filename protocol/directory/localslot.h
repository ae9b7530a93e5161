// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "protocol/directory/searchindex.h"
#include "protocol/directory/slot.h"

namespace kith::directory {

/// What is held of one person, as it is kept on disk.
struct KeptRecords {
    std::optional<SignedUserRecord> user;
    std::optional<SignedDeviceList> devices;
    std::vector<SignedLocation> locations;

    static constexpr auto fields() {
        return std::tuple{wire::field<&KeptRecords::user>(0, "user"), wire::field<&KeptRecords::devices>(1, "devices"),
                          wire::field<&KeptRecords::locations>(2, "locations", wire::Max{kMaxDevices})};
    }
    friend bool operator==(const KeptRecords&, const KeptRecords&) = default;
};

// What a slot wants kept on disk. The directory lives without: what is lost is published again.
struct KeepRecords {
    PersonKey person;
    Bytes records;  ///< encodeObjects(KeptRecords)
};
struct DropRecords {
    PersonKey person;
};
using KeepRequest = std::variant<KeepRecords, DropRecords>;

/// A slot that one node holds by itself: every record is proved before it is taken, the newest counts, and each ends at
/// its time. Of a person: one user record, one device list, one location for each listed device.
class LocalSlot : public Slot {
public:
    struct Options {
        std::size_t maxPeople = 200'000;
    };

    LocalSlot(const Options& options, const Judge& judge) : m_options(options), m_judge(judge) {}

    /// Records from disk, proved like those from outside. Errors are for the log: such a record is left out.
    Result<void> restore(Now now, const KeepRecords& kept);

    void store(Now now, SlotTicket ticket, const Publish& records) override;
    void find(Now now, SlotTicket ticket, const UserName& name) override;
    void fetch(Now now, SlotTicket ticket, const PersonKey& person) override;
    void search(Now now, SlotTicket ticket, const SearchQuery& query) override;
    void wake(Now now) override;
    [[nodiscard]] Instant nextWake() const override { return m_nextSweep; }
    void take(std::vector<SlotAnswer>& answers) override;
    /// One request a person, whatever changed since the last time.
    void take(std::vector<KeepRequest>& requests);

    [[nodiscard]] std::size_t personCount() const { return m_people.size(); }

private:
    template <class Signed, class Verified>
    struct Held {
        Signed record;
        Verified facts;
    };
    using HeldUser = Held<SignedUserRecord, VerifiedUserRecord>;
    using HeldDevices = Held<SignedDeviceList, VerifiedDeviceList>;
    using HeldLocation = Held<SignedLocation, VerifiedLocation>;
    struct Person {
        std::optional<HeldUser> user;
        std::optional<HeldDevices> devices;
        std::map<DeviceId, HeldLocation> locations;
        std::optional<SearchIndex::Place> indexed;  ///< findable by everybody

        [[nodiscard]] bool isEmpty() const { return !user && !devices && locations.empty(); }
        [[nodiscard]] UnixTime firstExpiry() const;
    };

    Published storeAll(Now now, const Publish& records);
    Verdict storeUser(Now now, const SignedUserRecord& record);
    Verdict storeDevices(Now now, const SignedDeviceList& list);
    Verdict storeLocation(Now now, const SignedLocation& location);
    /// Whether the user key of this record may have the name; takes the name from another one that may not.
    bool claimName(const PersonKey& person, const VerifiedUserRecord& claim);
    /// Null: full.
    Person* personFor(const PersonKey& key);
    /// After every change of a person.
    void changed(Now now, const PersonKey& key);
    void expire(Person& person, UnixTime now);
    void setUser(const PersonKey& key, Person& person, HeldUser user);
    void eraseUser(Person& person);
    /// Who has exactly this name and may be found by it.
    [[nodiscard]] std::optional<PersonKey> named(const UserName& name) const;
    template <class Answer>
    [[nodiscard]] Answer everythingOf(UnixTime now, const PersonKey& key) const;

    Options m_options;
    Judge m_judge;
    std::unordered_map<PersonKey, Person, IdHash> m_people;
    std::unordered_map<UserName, PersonKey> m_names;
    SearchIndex m_index;
    std::set<std::pair<UnixTime, PersonKey>> m_expiries;  ///< the first of each person
    std::unordered_map<PersonKey, UnixTime, IdHash> m_expiryOf;
    Instant m_nextSweep = kNever;
    std::vector<SlotAnswer> m_answers;
    std::set<PersonKey> m_unsaved;
};

}  // namespace kith::directory
