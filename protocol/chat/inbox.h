// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <deque>
#include <map>
#include <set>
#include <vector>

#include "protocol/chat/messages.h"
#include "protocol/chat/storage.h"

namespace kith::chat {

/// What one person wrote to us: what is on its way to the disk, what was not seen yet, and what they have not been told
/// that we saw it. Owns neither time nor peers.
class Inbox {
public:
    static constexpr std::size_t kMaxPending = 256;
    static constexpr std::size_t kMaxUnread = 10'000;
    static constexpr std::size_t kMaxRecent = 512;

    enum class Arrival {
        New,      ///< to be stored
        Pending,  ///< is being stored: the receipt follows
        Known,    ///< on disk: the receipt is due
        Refused,  ///< no room now; they send it again
    };
    Arrival arrived(const MessageId& id) const;
    void store(StoredMessage message);
    /// On disk; the message leaves. `fresh`: it was not there before.
    void stored(const MessageId& id, bool fresh);
    /// Those whose write failed, to be written again.
    void failed(const MessageId& id) { m_failed.insert(id); }
    std::vector<StoredMessage> takeFailed();
    [[nodiscard]] bool hasFailed() const { return !m_failed.empty(); }
    [[nodiscard]] const StoredMessage* pending(const MessageId& id) const;

    /// Puts back what the history says of a message that is not settled.
    void restore(const StoredMessage& message);
    /// Everything was seen; gives what was not before.
    std::vector<MessageId> see();
    /// On disk as seen: the device that wrote it is to be told.
    void owe(const std::vector<MessageId>& ids);
    [[nodiscard]] std::vector<MessageId> owedTo(const DeviceId& writer) const;
    [[nodiscard]] bool owesAny() const { return !m_owed.empty(); }
    /// The writer knows. Gives those that were owed to it.
    std::vector<MessageId> told(const DeviceId& writer, const std::vector<MessageId>& ids);
    /// Devices that are not in this list are gone for good: what was owed to them.
    std::vector<MessageId> setWriters(const std::vector<DeviceId>& devices);

    [[nodiscard]] std::size_t unread() const { return m_unread.size(); }

private:
    void remember(const MessageId& id);

    std::map<MessageId, StoredMessage> m_pending;
    std::set<MessageId> m_failed;
    // By message, who wrote it.
    std::map<MessageId, DeviceId> m_unread;
    std::map<MessageId, DeviceId> m_seen;  ///< not on disk as such yet
    std::map<MessageId, DeviceId> m_owed;
    std::set<MessageId> m_recent;  ///< lately stored: a second copy needn't go to the disk
    std::deque<MessageId> m_recentOrder;
};

}  // namespace kith::chat
