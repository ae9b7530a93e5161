// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "protocol/call/storage.h"
#include "protocol/chat/storage.h"
#include "protocol/contacts/storage.h"
#include "protocol/presence/storage.h"

/// What a client keeps on disk: the seam between the machines and the rim that stores (protocol/store in programs).
namespace kith::client {

/// What is kept whole, by name. The values are stored: never renumber.
enum class Item : std::uint8_t {
    Account = 0,  ///< who we are, certificates: nothing secret
    Keys = 1,     ///< secret
    Vault = 2,    ///< the sealed copy and its version
    HostCache = 3,
    Settings = 4,
};
constexpr bool isSecret(Item item) {
    return item == Item::Keys;
}

struct SaveItem {
    StoreTicket ticket = 0;
    Item item = Item::Settings;
    Bytes value;
};
/// Signing out: forgets account and keys; the secret ones are overwritten.
struct EraseItem {
    StoreTicket ticket = 0;
    Item item = Item::Settings;
};

/// One write. Carried out in the order in which they were taken; several may share one transaction.
using Write = std::variant<SaveItem, EraseItem, contacts::SaveRecord, contacts::EraseRecord, contacts::AddTrustEvent,
                           presence::SaveTopic, presence::SaveChoice, presence::SaveAudience, presence::EraseAudience,
                           chat::AddMessage, chat::SetStatus, call::AddRecord>;

/// Whose write it was: tickets are unique within a room.
enum class Room : std::uint8_t { Client, Contacts, Presence, Chat, Call };
Room roomOf(const Write& write);
StoreTicket ticketOf(const Write& write);

/// A write is done, or it failed and left nothing behind.
struct Written {
    Room room = Room::Client;
    Stored stored;
};

/// What the store holds when a client starts.
struct StoredState {
    std::map<Item, Bytes> items;
    std::vector<contacts::Record> contacts;
    std::optional<presence::OwnTopic> topic;
    presence::Choice choice;
    std::vector<presence::Audience> audiences;
    chat::Restored chat;
};

// Reading the history: never through the machines.

using HistoryEntry = std::variant<chat::StoredMessage, call::Record, contacts::TrustEvent>;

/// The newest `limit` entries of a conversation that stand before `before` (all: nothing).
struct ReadHistory {
    StoreTicket ticket = 0;
    UserName conversation;
    std::optional<UnixMillis> before;
    std::size_t limit = 100;
};
struct HistoryRead {
    StoreTicket ticket = 0;
    std::vector<HistoryEntry> entries;  ///< oldest first
    bool complete = false;              ///< there is nothing older
    std::optional<Error> error;
};
/// Where an entry stands in its conversation.
UnixMillis positionOf(const HistoryEntry& entry);

/// What a list of people shows of each conversation.
struct Summary {
    UserName conversation;
    std::size_t unread = 0;
    HistoryEntry newest;
};

// What goes to the rim, in order, and what comes back.

/// Opens what is kept of this account, making it if there is nothing; first of all orders. StoreOpened answers.
struct OpenStore {
    NetworkId network;
    UserName user;
};
/// All items as they are on disk now; ItemsRead answers.
struct ReadItems {
    StoreTicket ticket = 0;
};
/// After this another account may be opened.
struct CloseStore {};
using StoreOrder = std::variant<OpenStore, CloseStore, Write, ReadHistory, ReadItems>;

struct StoreOpened {
    Result<StoredState> state;  ///< InUse: another program has it open; DiskFull, PermissionDenied, StorageBroken
    std::vector<Summary> summaries;
};
struct ItemsRead {
    StoreTicket ticket = 0;
    Result<std::map<Item, Bytes>> items;
};
using StoreAnswer = std::variant<StoreOpened, Written, HistoryRead, ItemsRead>;

}  // namespace kith::client
