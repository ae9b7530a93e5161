// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "protocol/base/ids.h"
#include "protocol/base/instant.h"
#include "protocol/base/ticket.h"
#include "protocol/contacts/remarks.h"

/// What the contact list keeps on disk and in the vault.
namespace kith::contacts {

inline constexpr std::size_t kMaxRecords = 2000;
inline constexpr std::size_t kMaxRequestText = 300;  ///< characters (code points)
inline constexpr std::size_t kMaxDisplayName = 64;   ///< characters

/// Everything known about one other person. Each side has a stance (does it want the other as a contact) with a
/// version that only that side raises; what the two agree on follows from both, so copies merge field by field, the
/// larger version winning, in any order.
struct Record {
    UserName user;
    UserKey key;  ///< pinned when first met; never null once we said anything to them
    std::string displayName;
    bool weWant = false;
    std::uint64_t ourVersion = 0;   ///< milliseconds since 1970, made strictly increasing; 0: never said anything
    std::string ourText;            ///< with our request
    std::uint64_t toldVersion = 0;  ///< the newest of ours that some device of theirs has confirmed
    bool theyWant = false;
    std::uint64_t theirVersion = 0;
    std::string theirText;
    std::uint64_t refusedVersion = 0;  ///< their stances up to this one were declined or undone by us
    std::optional<Remarks> remarks;    ///< none: nothing was ever said

    static constexpr auto fields() {
        return std::tuple{wire::field<&Record::user>(0, "user"),
                          wire::field<&Record::key>(1, "key"),
                          wire::field<&Record::displayName>(2, "displayName", wire::Max{4 * kMaxDisplayName}),
                          wire::field<&Record::weWant>(3, "weWant"),
                          wire::field<&Record::ourVersion>(4, "ourVersion"),
                          wire::field<&Record::ourText>(5, "ourText", wire::Max{4 * kMaxRequestText}),
                          wire::field<&Record::toldVersion>(6, "toldVersion"),
                          wire::field<&Record::theyWant>(7, "theyWant"),
                          wire::field<&Record::theirVersion>(8, "theirVersion"),
                          wire::field<&Record::theirText>(9, "theirText", wire::Max{4 * kMaxRequestText}),
                          wire::field<&Record::refusedVersion>(10, "refusedVersion"),
                          wire::field<&Record::remarks>(11, "remarks")};
    }
    friend bool operator==(const Record&, const Record&) = default;
};

/// Insert or replace; the key is the user name.
struct SaveRecord {
    StoreTicket ticket = 0;
    Record record;
};
struct EraseRecord {
    StoreTicket ticket = 0;
    UserName user;
};

/// What a person should know about whom they talk to, in the order of the timeline.
enum class TrustChange : std::uint8_t {
    NewDevice,    ///< they use one that was not seen before
    KeyChanged,   ///< they show another user key; nothing goes there
    KeyAccepted,  ///< the other key counts from now on
    Verified,     ///< the safety number was compared
    Unverified,
};
struct TrustEvent {
    UserName user;
    UnixMillis at{};  ///< strictly increasing for each person
    TrustChange change = TrustChange::NewDevice;
    friend bool operator==(const TrustEvent&, const TrustEvent&) = default;
};
/// Into the history. Nobody waits for it.
struct AddTrustEvent {
    StoreTicket ticket = 0;
    TrustEvent event;
};
using StoreRequest = std::variant<SaveRecord, EraseRecord, AddTrustEvent>;

}  // namespace kith::contacts
