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
/// asks too fast is not answered and asks again; who searches too fast is told.
class Service {
public:
    struct Options {
        overlay::TokenBucket::Rate publishes{1, 20};  ///< of one client; each costs the proof of up to three chains
        overlay::TokenBucket::Rate lookups{10, 500};
        overlay::TokenBucket::Rate searches{2, 30};
        overlay::TokenBucket::Rate allSearches{200, 400};  ///< of all clients: what they may cost this computer
        std::size_t maxWaiting = 65536;                    ///< questions that the slot has not answered yet
    };

    Service(const Options& options, Slot& slot)
        : m_options(options), m_slot(slot), m_allSearches(options.allSearches, Instant{}) {}

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
        overlay::TokenBucket searches;
    };
    struct Question {
        session::LinkNumber link;
        std::optional<wire::RequestId> request;
    };

    bool ask(Now now, Client& client, const wire::CommandView& command, SlotTicket ticket);
    void search(Now now, Client& client, const Search& message, SlotTicket ticket);

    Options m_options;
    Slot& m_slot;
    overlay::TokenBucket m_allSearches;
    std::map<session::LinkNumber, Client> m_clients;
    std::map<SlotTicket, Question> m_waiting;
    SlotTicket m_lastTicket = 0;
    std::uint64_t m_refusedCommands = 0;
    std::vector<SlotAnswer> m_answers;
};

}  // namespace kith::directory
