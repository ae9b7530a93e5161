// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/client/finder.h"

#include <algorithm>

namespace kith::client {

void Finder::locate(Now now, const peer::LocateWanted& wanted) {
    const auto number = wanted.key ? m_lookup.fetch(now, *wanted.key) : m_lookup.find(now, wanted.user);
    m_purposes[number] = Locate{wanted.user};
}

void Finder::search(Now now, Ticket ticket, std::string_view text) {
    m_searches[m_searcher.search(now, text)] = ticket;
}

void Finder::cancelSearch(Ticket ticket) {
    const auto at = std::ranges::find_if(m_searches, [&](const auto& entry) { return entry.second == ticket; });
    if (at == m_searches.end()) return;
    m_searcher.cancel(at->first);
    m_searches.erase(at);
}

void Finder::linkUp(Now now) {
    m_lookup.linkUp(now);
    m_searcher.linkUp(now);
}

void Finder::linkDown() {
    m_lookup.linkDown();
    m_searcher.linkDown();
}

void Finder::receive(Now now, ByteView command) {
    m_lookup.receive(now, command);
    m_searcher.receive(now, command);
}

void Finder::wake(Now now) {
    m_lookup.wake(now);
    m_searcher.wake(now);
}

void Finder::take(std::vector<Bytes>& commands, std::vector<Answer>& answers, std::vector<Searched>& searched) {
    std::vector<directory::SearchEnded> ended;
    m_searcher.take(commands, ended);
    for (auto& search : ended)
        if (const auto ticket = m_searches.extract(search.search))
            searched.push_back({ticket.mapped(), std::move(search.people)});
    std::vector<directory::LookupEvent> events;
    m_lookup.take(commands, events);
    for (auto& event : events) {
        if (auto* found = std::get_if<directory::PersonFound>(&event)) {
            if (auto purpose = m_purposes.extract(found->lookup))
                answers.push_back({std::move(purpose.mapped()), std::move(found->person)});
        } else if (const auto* failed = std::get_if<directory::LookupFailed>(&event)) {
            if (auto purpose = m_purposes.extract(failed->lookup))
                answers.push_back({std::move(purpose.mapped()), tl::make_unexpected(Error{failed->reason})});
        }
    }
}

}  // namespace kith::client
