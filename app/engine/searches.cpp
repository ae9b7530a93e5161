// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/engine/searches.h"

#include "app/engine/convert.h"

namespace kith::engine {

void Searches::execute(Now now, RequestNumber number, const SearchPeople& request) {
    auto* people = m_shared.people();
    if (!people) return m_shared.done(number, {Reason::NotSignedIn});
    if (!directory::SearchQuery::parse(request.text)) return m_shared.done(number, {Reason::SearchInvalid});
    if (request.typist != 0) endOlder(request.typist);
    m_asked[++m_lastTicket] = {number, request.typist};
    people->searchPeople(m_shared.corrected(now), m_lastTicket, request.text);
}

void Searches::endOlder(std::uint32_t typist) {
    for (auto at = m_asked.begin(); at != m_asked.end();) {
        const auto here = at++;
        if (here->second.typist != typist) continue;
        m_shared.people()->cancelSearch(here->first);
        m_shared.done(here->second.number);
        m_asked.erase(here);
    }
}

void Searches::heed(const client::Searched& searched) {
    const auto asked = m_asked.extract(searched.ticket);
    const auto* people = m_shared.people();
    if (!asked || !people) return;
    const auto number = asked.mapped().number;
    if (!searched.people) return m_shared.done(number, failureOf(searched.people.error().fault));
    PeopleFound answer{number, {}};
    for (const auto& user : *searched.people) {
        const auto& name = user.record.name;
        // Nobody looks for themselves.
        if (name == people->contacts().own().user) continue;
        answer.people.push_back(
            {name, user.record.displayName, relationFrom(people->contacts().relation(name)), matchFrom(user.match)});
    }
    m_shared.tell(std::move(answer));
    m_shared.done(number);
}

void Searches::end() {
    for (const auto& [ticket, asked] : m_asked) m_shared.done(asked.number, {Reason::NotSignedIn});
    m_asked.clear();
}

}  // namespace kith::engine
