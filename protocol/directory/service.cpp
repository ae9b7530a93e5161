// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/directory/service.h"

namespace kith::directory {

void Service::receive(Now now, session::LinkNumber link, ByteView command) {
    const auto view = wire::parseCommand(command);
    auto& client = m_clients
                       .try_emplace(link, Client{overlay::TokenBucket(m_options.publishes, now.at),
                                                 overlay::TokenBucket(m_options.lookups, now.at),
                                                 overlay::TokenBucket(m_options.searches, now.at)})
                       .first->second;
    const SlotTicket ticket = m_lastTicket + 1;
    if (!view || m_waiting.size() >= m_options.maxWaiting || !ask(now, client, *view, ticket)) {
        ++m_refusedCommands;
        return;
    }
    m_lastTicket = ticket;
    m_waiting.emplace(ticket, Question{link, view->requestId});
}

bool Service::ask(Now now, Client& client, const wire::CommandView& command, SlotTicket ticket) {
    switch (command.number) {
        case Publish::kNumber: {
            const auto message = wire::decode<Publish>(command);
            if (!message || !client.publishes.take(now.at, 1)) return false;
            m_slot.store(now, ticket, *message);
            return true;
        }
        case FindName::kNumber: {
            const auto message = wire::decode<FindName>(command);
            if (!message || !client.lookups.take(now.at, 1)) return false;
            m_slot.find(now, ticket, message->name);
            return true;
        }
        case FetchPerson::kNumber: {
            const auto message = wire::decode<FetchPerson>(command);
            if (!message || !client.lookups.take(now.at, 1)) return false;
            m_slot.fetch(now, ticket, message->person);
            return true;
        }
        case Search::kNumber: {
            const auto message = wire::decode<Search>(command);
            if (message) search(now, client, *message, ticket);
            return message.has_value();
        }
        default: return false;
    }
}

void Service::search(Now now, Client& client, const Search& message, SlotTicket ticket) {
    const auto refuse = [&](SearchRefusal why) { m_answers.push_back({ticket, Searched{why, {}, {}}}); };
    // What can't be answered counts, too.
    if (!client.searches.take(now.at, 1)) return refuse(SearchRefusal::TooFast);
    const auto query = SearchQuery::parse(message.text);
    if (!query) return refuse(SearchRefusal::Invalid);
    if (!m_allSearches.take(now.at, 1)) return refuse(SearchRefusal::Busy);
    m_slot.search(now, ticket, *query);
}

void Service::linkClosed(session::LinkNumber link) {
    m_clients.erase(link);
    std::erase_if(m_waiting, [&](const auto& entry) { return entry.second.link == link; });
}

void Service::take(overlay::Output& out) {
    m_slot.take(m_answers);
    for (const SlotAnswer& answer : m_answers) {
        const auto at = m_waiting.find(answer.ticket);
        if (at == m_waiting.end()) continue;
        Bytes command = std::visit(
            [&](const auto& message) { return wire::encodeCommand(message, at->second.request); }, answer.answer);
        out.commands.push_back({at->second.link, session::Stream::Directory, std::move(command)});
        m_waiting.erase(at);
    }
    m_answers.clear();
}

}  // namespace kith::directory
