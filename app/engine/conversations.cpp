// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/engine/conversations.h"

#include <algorithm>

#include "app/engine/convert.h"

namespace kith::engine {

void Conversations::execute(Now now, RequestNumber number, const SendText& request) {
    auto* people = m_shared.people();
    if (!people) return m_shared.done(number, {Reason::NotSignedIn});
    if (m_shared.refusesBlocked(number, request.user)) return;
    const auto id = people->chat().send(m_shared.corrected(now), request.user, request.text);
    if (!id) return m_shared.done(number, failureOf(id.error().fault));
    m_sending[*id] = number;
}

void Conversations::execute(Now now, RequestNumber number, const MarkRead& request) {
    auto* people = m_shared.people();
    if (!people) return m_shared.done(number, {Reason::NotSignedIn});
    const bool any = people->chat().unread(request.user) > 0;
    people->chat().markRead(m_shared.corrected(now), request.user);
    if (any) m_list.changed(request.user);
    m_shared.done(number);
}

void Conversations::execute(Now, RequestNumber number, const LoadConversation& request) {
    if (!m_shared.people()) return m_shared.done(number, {Reason::NotSignedIn});
    const auto limit = static_cast<std::size_t>(std::clamp(request.limit, 1, kMaxPage));
    m_loading[++m_lastTicket] = {number, request.user};
    m_shared.orders.store.emplace_back(client::ReadHistory{m_lastTicket, request.user, request.before, limit});
}

void Conversations::end() {
    for (const auto& [id, number] : m_sending) m_shared.done(number, {Reason::NotSignedIn});
    for (const auto& [ticket, loading] : m_loading) m_shared.done(loading.number, {Reason::NotSignedIn});
    m_sending.clear();
    m_loading.clear();
}

void Conversations::heed(Now, const chat::MessageAdded& added) {
    const auto& message = added.message;
    m_shared.tell(MessageAdded{messageFrom(message)});
    m_list.newLine(message.conversation, message.position, firstLine(message.text));
    if (const auto sending = m_sending.extract(message.id)) m_shared.done(sending.mapped());
}

void Conversations::heed(Now, const chat::MessageChanged& change) {
    m_shared.tell(MessageChanged{change.conversation, change.id, statusFrom(change.status)});
}

void Conversations::heed(Now, const chat::StoringFailed& failed) {
    const auto failure = failureOf(failed.error.fault);
    bool told = false;
    for (const auto& id : failed.ids) {
        const auto sending = m_sending.extract(id);
        if (!sending) continue;
        m_shared.done(sending.mapped(), failure);
        told = true;
    }
    if (!told) m_shared.storeFails(failed.error.fault);
}

void Conversations::recorded(const call::Record& record) {
    m_shared.tell(CallRecorded{recordFrom(record)});
    m_list.newLine(record.conversation, record.started, {});
}

void Conversations::read(const client::HistoryRead& page) {
    const auto loading = m_loading.extract(page.ticket);
    if (!loading) return;
    const auto& [number, user] = loading.mapped();
    if (page.error) return m_shared.done(number, failureOf(page.error->fault));
    ConversationLoaded loaded{number, user, {}, page.complete};
    for (const auto& entry : page.entries) {
        if (const auto* message = std::get_if<chat::StoredMessage>(&entry))
            loaded.entries.emplace_back(messageFrom(*message));
        else if (const auto* record = std::get_if<call::Record>(&entry))
            loaded.entries.emplace_back(recordFrom(*record));
        else
            loaded.entries.emplace_back(trustFrom(std::get<contacts::TrustEvent>(entry)));
    }
    m_shared.tell(std::move(loaded));
    m_shared.done(number);
}

}  // namespace kith::engine
