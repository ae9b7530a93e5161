// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <vector>

#include "protocol/directory/slot.h"
#include "protocol/overlay/output.h"
#include "protocol/overlay/tokenbucket.h"
#include "protocol/wire/command.h"

namespace kith::directory {

/// A supernode's part of the stream Directory: takes clients' questions to the slot and brings the answers back. Who
/// asks too fast is not answered and asks again.
class Service {
public:
    struct Options {
        overlay::TokenBucket::Rate publishes{1, 20};  ///< of one client; each costs the proof of up to three chains
        overlay::TokenBucket::Rate lookups{10, 500};
        std::size_t maxWaiting = 65536;  ///< questions that the slot has not answered yet
    };

    Service(const Options& options, Slot& slot) : m_options(options), m_slot(slot) {}

    // Doors. Only links of attached clients; commands of Stream::Directory.
    void receive(Now now, session::LinkNumber link, ByteView command);
    void linkClosed(session::LinkNumber link);
    void wake(Now now) { m_slot.wake(now); }
    [[nodiscard]] Instant nextWake() const { return m_slot.nextWake(); }
    void take(overlay::Output& out);

    [[nodiscard]] std::uint64_t refusedCommands() const { return m_refusedCommands; }

private:
    struct Client {
        overlay::TokenBucket publishes;
        overlay::TokenBucket lookups;
    };
    struct Question {
        session::LinkNumber link;
        std::optional<wire::RequestId> request;
    };

    bool ask(Now now, Client& client, const wire::CommandView& command, SlotTicket ticket);

    Options m_options;
    Slot& m_slot;
    std::map<session::LinkNumber, Client> m_clients;
    std::map<SlotTicket, Question> m_waiting;
    SlotTicket m_lastTicket = 0;
    std::uint64_t m_refusedCommands = 0;
    std::vector<SlotAnswer> m_answers;
};

}  // namespace kith::directory
