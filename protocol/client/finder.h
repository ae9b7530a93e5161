// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <variant>

#include "protocol/directory/lookup.h"
#include "protocol/directory/searcher.h"
#include "protocol/peer/shared.h"

namespace kith::client {

/// Numbers what whoever drives the client asked for; comes back with the answer.
using Ticket = std::uint64_t;

/// Keeps in mind what each question to the directory was for.
class Finder {
public:
    /// Somebody searches.
    struct Search {
        Ticket ticket;
    };
    /// Somebody is to be asked to become a contact.
    struct Add {
        Ticket ticket;
        UserName user;
        std::string text;
    };
    /// Peers wants to know where somebody is.
    struct Locate {
        UserName user;
    };
    using Purpose = std::variant<Search, Add, Locate>;

    struct Answer {
        Purpose purpose;
        Result<directory::Person> person;
    };

    struct Searched {
        Ticket ticket;
        Result<std::vector<directory::FoundUser>> people;
    };

    explicit Finder(const directory::Judge& judge) : m_lookup(judge), m_searcher(judge) {}

    void setRevocations(std::shared_ptr<const crypto::Revocations> revocations) {
        m_lookup.setRevocations(std::move(revocations));
    }
    void find(Now now, const UserName& name, Purpose purpose) {
        m_purposes[m_lookup.find(now, name)] = std::move(purpose);
    }
    void locate(Now now, const peer::LocateWanted& wanted);
    void search(Now now, Ticket ticket, std::string_view text);
    /// There will be no answer.
    void cancelSearch(Ticket ticket);

    // Doors. Commands of the stream Directory on the link to our supernode.
    void linkUp(Now now);
    void linkDown();
    void receive(Now now, ByteView command);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const { return std::min(m_lookup.nextWake(), m_searcher.nextWake()); }
    void take(std::vector<Bytes>& commands, std::vector<Answer>& answers, std::vector<Searched>& searched);

private:
    directory::Lookup m_lookup;
    directory::Searcher m_searcher;
    std::map<directory::LookupNumber, Purpose> m_purposes;
    std::map<directory::SearchNumber, Ticket> m_searches;
};

}  // namespace kith::client
