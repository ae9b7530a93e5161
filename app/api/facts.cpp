// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/api/facts.h"

#include "app/api/json.h"

namespace kith::api {

void Facts::take(const engine::Event& event) {
    if (const auto* account = std::get_if<engine::AccountChanged>(&event)) {
        m_account = account->account;
        if (m_account.connection != engine::Connection::SignedOut) return;
        m_contacts.clear();
        m_calls.clear();
    } else if (const auto* own = std::get_if<engine::OwnPresenceChanged>(&event)) {
        m_presence = own->presence;
    } else if (const auto* reset = std::get_if<engine::ContactsReset>(&event)) {
        m_contacts.clear();
        for (const engine::Contact& each : reset->contacts) m_contacts[each.user] = each;
    } else if (const auto* changed = std::get_if<engine::ContactChanged>(&event)) {
        m_contacts[changed->contact.user] = changed->contact;
    } else if (const auto* removed = std::get_if<engine::ContactRemoved>(&event)) {
        m_contacts.erase(removed->user);
    } else if (const auto* call = std::get_if<engine::CallChanged>(&event)) {
        if (call->call.phase == engine::CallPhase::Ended)
            m_calls.erase(call->call.id);
        else
            m_calls[call->call.id] = call->call;
    } else if (const auto* devices = std::get_if<engine::DevicesChanged>(&event)) {
        m_devices = devices->devices;
    }
}

QJsonObject Facts::toJson() const {
    QJsonArray contacts, calls;
    for (const auto& [user, contact] : m_contacts) contacts.append(toObject(contact));
    for (const auto& [id, call] : m_calls) calls.append(toObject(call));
    QJsonObject out{{QStringLiteral("account"), toObject(m_account)},
                    {QStringLiteral("presence"), toObject(m_presence)},
                    {QStringLiteral("contacts"), contacts},
                    {QStringLiteral("calls"), calls}};
    if (m_devices) out.insert(QStringLiteral("devices"), toObject(*m_devices));
    return out;
}

const engine::Call* Facts::placedTo(const UserName& user) const {
    for (const auto& [id, call] : m_calls)
        if (call.user == user && !call.incoming) return &call;
    return nullptr;
}

}  // namespace kith::api
