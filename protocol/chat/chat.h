// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "protocol/base/backoff.h"
#include "protocol/chat/inbox.h"
#include "protocol/chat/outbox.h"
#include "protocol/peer/person.h"

namespace kith::chat {

inline constexpr std::size_t kMaxOutbox = 10'000;  ///< messages to all people together
inline constexpr std::size_t kMaxOutboxBytes = 32 * 1024 * 1024;
inline constexpr Duration kFirstRetry = std::chrono::seconds(1);
inline constexpr Duration kLongestRetry = std::chrono::seconds(60);
/// A receipt that has not come by then is asked for by sending again.
inline constexpr Duration kReceiptDue = std::chrono::seconds(30);
/// How long a message that one of their devices has waits for the others.
inline constexpr std::chrono::hours kLagging{14 * 24};

enum class Status {
    Waiting,    ///< they are away, or we are off line
    Sent,       ///< on its way over an open link
    Delivered,  ///< on disk over there
    Read,
    Received,  ///< theirs, not seen yet
    Seen,
};

/// Whom one may write with: the contact list.
class Acquaintances {
public:
    virtual ~Acquaintances() = default;
    [[nodiscard]] virtual bool isContact(const UserName& user) const = 0;
    /// Whether their key is the one we know; while it isn't, what is written waits in the outbox.
    [[nodiscard]] virtual bool isTrusted(const UserName&) const { return true; }
};

/// Ours or theirs, new in the history. On disk, unless StoringFailed came before it.
struct MessageAdded {
    StoredMessage message;
};
struct MessageChanged {
    UserName conversation;
    MessageId id;
    Status status;
};
/// A write failed. What could not be written is kept here and tried again; ours is not sent before, theirs is not
/// confirmed before.
struct StoringFailed {
    UserName conversation;
    std::vector<MessageId> ids;
    Error error;
};
using Event = std::variant<MessageAdded, MessageChanged, StoringFailed>;

struct Output {
    peer::Output peer;
    std::vector<StoreRequest> stores;
    std::vector<Event> events;
};

/// Conversations with one person each, on one device. At least once on the wire, exactly once in the history.
///
/// Lives on the network thread.
class Chat {
public:
    struct Environment {
        RandomSource& random;
        const Acquaintances& acquaintances;
    };

    Chat(DeviceId self, Restored restored, Environment environment);

    /// At most 16 KiB of UTF-8 that is not empty. MessageAdded follows when it is on disk. NotAContact; TooLarge;
    /// InvalidArgument; Busy: the outbox is full.
    Result<MessageId> send(Now now, const UserName& user, std::string text);
    /// Everything that came from them has been seen.
    void markRead(Now now, const UserName& user);
    /// They have just been seen: what waits for them is tried at once.
    void seen(Now now, const UserName& user);
    /// Their newest device list: a message is done with when all of these have it.
    void setDevices(const UserName& user, const std::vector<DeviceId>& devices);

    [[nodiscard]] std::size_t unread(const UserName& user) const;

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
    struct Conversation {
        Outbox outbox;
        Inbox inbox;
        std::vector<DeviceId> links;
        std::vector<MessageId> unwritten;  ///< ours, whose write failed
        std::vector<MessageId> unseen;     ///< theirs, seen, whose write failed
        Backoff backoff{kFirstRetry, kLongestRetry};
        Instant nextTry = kNever;
        bool reaching = false;  ///< asked for, not answered yet
    };
    // What a ticket stands for.
    struct OwnAdded {
        MessageId id;
        bool announced;  ///< MessageAdded was told when the first try failed
    };
    struct TheirsAdded {
        MessageId id;
    };
    struct SeenKept {
        std::vector<MessageId> ids;
    };
    struct ReadStored {
        std::vector<MessageId> ids;
        DeviceId from;
    };
    struct StatusKept {};
    using Purpose = std::variant<OwnAdded, TheirsAdded, SeenKept, ReadStored, StatusKept>;
    struct Write {
        UserName user;
        Purpose purpose;
    };

    Conversation* find(const UserName& user);
    UnixMillis nextPosition(Now now);
    void add(const StoredMessage& message, Purpose purpose);
    void setStatus(const UserName& user, bool ours, const std::vector<MessageId>& ids, StoredStatus status,
                   bool settled, const Purpose& purpose);
    void apply(const UserName& user, const Outbox::Change& change);
    void announce(const UserName& user, const std::vector<MessageId>& ids, Status status);

    /// Whether anything may go to them.
    [[nodiscard]] bool isOpen(const UserName& user) const {
        return m_environment.acquaintances.isContact(user) && m_environment.acquaintances.isTrusted(user);
    }
    bool hasWork(const UserName& user, const Conversation& talk) const;
    void reach(const UserName& user, Conversation& talk);
    void pursue(Now now, const UserName& user, Conversation& talk);
    void reachAll(Now now, const UserName& user, Conversation& talk);
    void flush(const UserName& user, Conversation& talk);
    void sendReads(const UserName& user, const Conversation& talk, const DeviceId& device);
    void writeAgain(const UserName& user, Conversation& talk);
    template <class M>
    void sendTo(const peer::Device& device, const M& message);
    void takeReceipts();

    void onText(Now now, const peer::Device& from, Text text);
    void onReceipt(Now now, const peer::Device& from, const Receipt& receipt);
    void onRead(Now now, const peer::Device& from, const Read& read);
    void onReadKept(const peer::Device& from, const ReadKept& kept);
    void writeFailed(Now now, const Write& write, const Error& error);
    void written(Now now, const UserName& user, const Purpose& purpose, bool fresh);
    void theirsWritten(const UserName& user, Conversation& talk, const MessageId& id, bool fresh);

    DeviceId m_self;
    Environment m_environment;
    std::map<UserName, Conversation> m_talks;
    std::map<StoreTicket, Write> m_writes;
    StoreTicket m_lastTicket = 0;
    UnixMillis m_lastPosition{};
    std::map<peer::Device, std::vector<MessageId>> m_receipts;  ///< to be sent with the next take()
    Output m_output;
};

}  // namespace kith::chat
