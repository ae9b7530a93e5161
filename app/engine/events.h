// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <variant>

#include "app/engine/requests.h"

/// Everything the client tells. A snapshot replaces what was known of the same thing.
namespace kith::engine {

struct Done {
    RequestNumber request;
    Failure failure;  ///< reason None: it worked
};
struct AccountChanged {
    Account account;
};
/// Once, after signing up: to be written down by the person. Never logged or stored.
struct RecoveryKeyMade {
    std::string text;
};
/// All contacts and requests; after signing in and after Refresh.
struct ContactsReset {
    std::vector<Contact> contacts;
};
struct ContactChanged {
    Contact contact;
};
struct ContactRemoved {
    UserName user;
};
struct OwnPresenceChanged {
    OwnPresence presence;
};
struct PeopleFound {
    RequestNumber request;
    std::vector<FoundPerson> people;
};
struct MessageAdded {
    TextMessage message;
};
struct MessageChanged {
    UserName conversation;
    MessageId id;
    MessageStatus status;
};
struct CallRecorded {
    CallRecord record;
};
/// Oldest first; `complete`: there is nothing older.
struct ConversationLoaded {
    RequestNumber request;
    UserName user;
    std::vector<ConversationEntry> entries;
    bool complete;
};
/// Phase Ended comes once and last.
/// New in the history.
struct TrustChanged {
    TrustEvent event;
};
/// Answer to GetSafetyNumber, before Done.
struct SafetyNumberMade {
    RequestNumber request;
    UserName user;
    std::string number;  ///< 12 groups of 5 digits, spaces between; the same on their side
    bool verified;
};
struct CallChanged {
    Call call;
};
struct DevicesChanged {
    SoundDevices devices;
};
/// Something a person has to know that no request caused: the disk is full, the clock is off, somebody has
/// another key.
struct Trouble {
    Failure failure;
};

using Event = std::variant<Done, AccountChanged, RecoveryKeyMade, ContactsReset, ContactChanged, ContactRemoved,
                           OwnPresenceChanged, PeopleFound, MessageAdded, MessageChanged, CallRecorded, TrustChanged,
                           SafetyNumberMade, ConversationLoaded, CallChanged, DevicesChanged, Trouble>;

}  // namespace kith::engine
