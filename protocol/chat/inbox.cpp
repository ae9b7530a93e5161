// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/chat/inbox.h"

#include <algorithm>
#include <utility>

namespace kith::chat {

Inbox::Arrival Inbox::arrived(const MessageId& id) const {
    if (m_recent.contains(id)) return Arrival::Known;
    if (m_pending.contains(id)) return Arrival::Pending;
    if (m_pending.size() >= kMaxPending || m_unread.size() >= kMaxUnread) return Arrival::Refused;
    return Arrival::New;
}

void Inbox::store(StoredMessage message) {
    const MessageId id = message.id;
    m_pending.emplace(id, std::move(message));
}

void Inbox::remember(const MessageId& id) {
    if (!m_recent.insert(id).second) return;
    m_recentOrder.push_back(id);
    if (m_recentOrder.size() <= kMaxRecent) return;
    m_recent.erase(m_recentOrder.front());
    m_recentOrder.pop_front();
}

void Inbox::stored(const MessageId& id, bool fresh) {
    const auto message = m_pending.extract(id);
    m_failed.erase(id);
    remember(id);
    if (fresh && message) m_unread.emplace(id, message.mapped().author);
}

std::vector<StoredMessage> Inbox::takeFailed() {
    std::vector<StoredMessage> out;
    for (const MessageId& id : m_failed) out.push_back(m_pending.at(id));
    m_failed.clear();
    return out;
}

const StoredMessage* Inbox::pending(const MessageId& id) const {
    const auto at = m_pending.find(id);
    return at == m_pending.end() ? nullptr : &at->second;
}

void Inbox::restore(const StoredMessage& message) {
    remember(message.id);
    auto& list = message.status == StoredStatus::Received ? m_unread : m_owed;
    list.emplace(message.id, message.author);
}

std::vector<MessageId> Inbox::see() {
    std::vector<MessageId> out;
    for (const auto& [id, writer] : m_unread) out.push_back(id);
    m_seen.merge(m_unread);
    m_unread.clear();
    return out;
}

void Inbox::owe(const std::vector<MessageId>& ids) {
    for (const MessageId& id : ids)
        if (auto seen = m_seen.extract(id)) m_owed.insert(std::move(seen));
}

std::vector<MessageId> Inbox::owedTo(const DeviceId& writer) const {
    std::vector<MessageId> out;
    for (const auto& [id, device] : m_owed)
        if (device == writer) out.push_back(id);
    return out;
}

std::vector<MessageId> Inbox::told(const DeviceId& writer, const std::vector<MessageId>& ids) {
    std::vector<MessageId> out;
    for (const MessageId& id : ids) {
        const auto at = m_owed.find(id);
        if (at == m_owed.end() || at->second != writer) continue;
        out.push_back(id);
        m_owed.erase(at);
    }
    return out;
}

std::vector<MessageId> Inbox::setWriters(const std::vector<DeviceId>& devices) {
    std::vector<MessageId> out;
    for (auto at = m_owed.begin(); at != m_owed.end();) {
        const auto each = at++;
        if (std::find(devices.begin(), devices.end(), each->second) != devices.end()) continue;
        out.push_back(each->first);
        m_owed.erase(each);
    }
    return out;
}

}  // namespace kith::chat
