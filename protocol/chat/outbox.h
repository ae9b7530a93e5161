// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <vector>

#include "protocol/chat/messages.h"
#include "protocol/chat/storage.h"

namespace kith::chat {

/// What we wrote to one person and what is not yet on disk on every device of theirs, in the order it was written.
/// Says what to send on which link; owns neither time nor peers.
class Outbox {
public:
    /// Under way on one link at a time; the rest follows as receipts come.
    static constexpr std::size_t kWindow = 64;
    static constexpr std::size_t kWindowBytes = 256 * 1024;
    static constexpr std::size_t kMaxDevices = 16;

    struct Outgoing {
        StoredMessage message;
        bool onDisk = false;
        bool sent = false;             ///< on a link that is open
        std::vector<DeviceId> keptBy;  ///< their devices that confirmed it
    };
    /// What a receipt or a new device list changed.
    struct Change {
        std::vector<MessageId> delivered;    ///< for the first time
        std::vector<MessageId> settled;      ///< by now everybody has them; they are gone from here
        std::vector<MessageId> settledRead;  ///< the same, of those that were read
    };
    struct Sending {
        const StoredMessage* message;
        bool first;  ///< it was on no open link
    };

    void add(StoredMessage message, bool onDisk);
    void markOnDisk(const MessageId& id);
    /// Their device list; a device that is not on it any more is waited for no longer.
    Change setDevices(const std::vector<DeviceId>& devices);

    void up(const DeviceId& device);
    /// Gives what is no longer under way to anybody.
    std::vector<MessageId> down(const DeviceId& device);
    /// Nothing counts as sent on any link any more.
    void forgetSent();
    /// What may be sent to this device now, in order; counts as sent.
    std::vector<Sending> next(const DeviceId& device);

    Change kept(const DeviceId& by, const std::vector<MessageId>& ids);
    /// Read over there. Gives those that are in here; the others may be in the history.
    std::vector<MessageId> read(const std::vector<MessageId>& ids);
    /// Delivered somewhere, written before this: given up for the devices that never came.
    Change giveUp(UnixMillis written);

    [[nodiscard]] const StoredMessage* find(const MessageId& id) const;
    /// Something is here that no device of theirs has.
    [[nodiscard]] bool hasUndelivered() const;
    /// A device that a link is open to lacks something.
    [[nodiscard]] bool lacksAtALink() const;
    [[nodiscard]] bool empty() const { return m_byOrder.empty(); }
    [[nodiscard]] std::size_t size() const { return m_byOrder.size(); }
    [[nodiscard]] std::size_t bytes() const { return m_bytes; }

private:
    [[nodiscard]] bool isSettled(const Outgoing& out) const;
    static void settle(Change& change, const Outgoing& out);
    void remove(std::map<std::uint64_t, Outgoing>::iterator at);

    std::map<std::uint64_t, Outgoing> m_byOrder;
    std::map<MessageId, std::uint64_t> m_orders;
    std::vector<DeviceId> m_devices;               ///< known ones of theirs
    std::map<DeviceId, std::uint64_t> m_sentUpTo;  ///< open links: the order of the last one sent
    std::size_t m_bytes = 0;
};

}  // namespace kith::chat
