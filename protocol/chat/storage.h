// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <string>
#include <variant>
#include <vector>

#include "protocol/base/ids.h"
#include "protocol/base/instant.h"
#include "protocol/base/ticket.h"

/// What chat keeps on disk.
namespace kith::chat {

/// Values are stored: never renumber.
enum class StoredStatus : std::uint8_t {
    Waiting = 0,    ///< ours, in the outbox
    Delivered = 1,  ///< ours, on disk over there
    Read = 2,       ///< ours, seen over there
    Received = 3,   ///< theirs, not seen
    Seen = 4,       ///< theirs, seen
};

/// A line of the history; its key is (conversation, ours, id).
struct StoredMessage {
    MessageId id;
    UserName conversation;
    bool ours = false;
    DeviceId author;          ///< the device that wrote it
    std::uint64_t order = 0;  ///< the writing device's: larger is later
    UnixMillis position{};    ///< where it stands in this device's history: unique, strictly increasing
    UnixMillis written{};     ///< as its writer says, never later than it came
    std::string text;
    StoredStatus status = StoredStatus::Waiting;
    /// Nothing is left to do for it: everybody has it (ours), or the writer was told that it was read (theirs).
    bool settled = false;

    friend bool operator==(const StoredMessage&, const StoredMessage&) = default;
};

/// Insert; `alreadyThere` if the key exists.
struct AddMessage {
    StoreTicket ticket = 0;
    StoredMessage message;
};
/// Of messages that are in the history; ids that aren't are passed over.
struct SetStatus {
    StoreTicket ticket = 0;
    UserName conversation;
    bool ours = false;
    std::vector<MessageId> ids;
    StoredStatus status = StoredStatus::Waiting;
    bool settled = false;
};
using StoreRequest = std::variant<AddMessage, SetStatus>;

/// What the machine starts from.
struct Restored {
    std::vector<StoredMessage> unsettled;  ///< every message that is not settled, by position
    UnixMillis newestPosition{};           ///< of the whole history, settled or not; 0 if it is empty
};

}  // namespace kith::chat
