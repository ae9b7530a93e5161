// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/memorystore.h"

#include <algorithm>

namespace kith::test {

std::optional<client::StoreAnswer> MemoryStore::carryOut(const client::StoreOrder& order) {
    if (const auto* it = std::get_if<client::OpenStore>(&order)) return open(*it);
    if (const auto* it = std::get_if<client::Write>(&order)) return write(*it);
    if (const auto* it = std::get_if<client::ReadHistory>(&order)) return read(*it);
    if (const auto* it = std::get_if<client::ReadItems>(&order)) return read(*it);
    m_open = false;
    return std::nullopt;
}

std::optional<client::OpenStore> MemoryStore::kept() const {
    return m_items.contains(client::Item::Keys) ? m_account : std::nullopt;
}

client::StoreOpened MemoryStore::open(const client::OpenStore& order) {
    if (m_open) return {fail(Fault::InUse, "memory"), {}};
    m_open = true;
    // One account a disk is enough for the stories told here.
    if (!m_account) m_account = order;
    client::StoredState state;
    state.items = m_items;
    for (const auto& [user, record] : m_contacts) state.contacts.push_back(record);
    state.topic = m_topic;
    state.choice = m_choice;
    for (const auto& [user, audience] : m_audiences) state.audiences.push_back(audience);
    std::map<UserName, client::Summary> summaries;
    for (const auto& [key, message] : m_messages) {
        if (!message.settled) state.chat.unsettled.push_back(message);
        state.chat.newestPosition = std::max(state.chat.newestPosition, message.position);
    }
    std::ranges::sort(state.chat.unsettled, {}, &chat::StoredMessage::position);
    return {std::move(state), {}};
}

client::Written MemoryStore::write(const client::Write& write) {
    client::Written out{client::roomOf(write), {client::ticketOf(write), false, {}}};
    if (!m_open)
        out.stored.error = Error{Fault::NotSignedIn};
    else if (const auto fault = faults.next())
        out.stored.error = Error{*fault};
    if (out.stored.error) return out;
    ++writes;
    out.stored.alreadyThere = std::visit([this](const auto& it) { return store(it); }, write);
    return out;
}

client::ItemsRead MemoryStore::read(const client::ReadItems& order) const {
    if (itemsFault) return {order.ticket, fail(*itemsFault, "memory")};
    return {order.ticket, m_items};
}

client::HistoryRead MemoryStore::read(const client::ReadHistory& order) {
    auto entries = history(order.conversation);
    const auto before = order.before.value_or(UnixMillis::max());
    std::erase_if(entries, [&](const auto& entry) { return client::positionOf(entry) >= before; });
    client::HistoryRead page{order.ticket, {}, entries.size() <= order.limit, {}};
    if (!page.complete) entries.erase(entries.begin(), entries.end() - static_cast<std::ptrdiff_t>(order.limit));
    page.entries = std::move(entries);
    return page;
}

const std::vector<client::HistoryEntry> MemoryStore::history(const UserName& conversation) {
    std::vector<client::HistoryEntry> out;
    for (const auto& [key, message] : m_messages)
        if (message.conversation == conversation) out.emplace_back(message);
    for (const auto& [key, record] : m_calls)
        if (record.conversation == conversation) out.emplace_back(record);
    for (const auto& [key, event] : m_trust)
        if (event.user == conversation) out.emplace_back(event);
    std::ranges::stable_sort(out, {}, client::positionOf);
    return out;
}

bool MemoryStore::store(const client::SaveItem& write) {
    m_items[write.item] = write.value;
    return false;
}
bool MemoryStore::store(const client::EraseItem& write) {
    m_items.erase(write.item);
    return false;
}
bool MemoryStore::store(const contacts::SaveRecord& write) {
    m_contacts[write.record.user] = write.record;
    return false;
}
bool MemoryStore::store(const contacts::EraseRecord& write) {
    m_contacts.erase(write.user);
    return false;
}
bool MemoryStore::store(const contacts::AddTrustEvent& write) {
    return !m_trust.emplace(std::pair{write.event.user, write.event.at}, write.event).second;
}
bool MemoryStore::store(const presence::SaveTopic& write) {
    m_topic = write.topic;
    return false;
}
bool MemoryStore::store(const presence::SaveChoice& write) {
    m_choice = write.choice;
    return false;
}
bool MemoryStore::store(const presence::SaveAudience& write) {
    m_audiences[write.audience.user] = write.audience;
    return false;
}
bool MemoryStore::store(const presence::EraseAudience& write) {
    m_audiences.erase(write.user);
    return false;
}
bool MemoryStore::store(const chat::AddMessage& write) {
    const auto& message = write.message;
    return !m_messages.emplace(MessageKey{message.conversation, message.ours, message.id}, message).second;
}
bool MemoryStore::store(const chat::SetStatus& write) {
    for (const auto& id : write.ids) {
        const auto found = m_messages.find({write.conversation, write.ours, id});
        if (found == m_messages.end()) continue;
        found->second.status = write.status;
        found->second.settled = write.settled;
    }
    return false;
}
bool MemoryStore::store(const call::AddRecord& write) {
    return !m_calls.emplace(std::pair{write.record.conversation, write.record.id}, write.record).second;
}

}  // namespace kith::test
