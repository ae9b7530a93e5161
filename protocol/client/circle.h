// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/call/calls.h"
#include "protocol/chat/chat.h"
#include "protocol/contacts/contacts.h"
#include "protocol/peer/peers.h"
#include "protocol/presence/presence.h"

namespace kith::client {

/// What the machines of people ask each other, answered from the contact list, from what we chose to be seen as, and
/// from the links.
class Circle final : public peer::AddressBook,
                     public contacts::DeviceOwners,
                     public chat::Acquaintances,
                     public call::Doorkeeper,
                     public call::MediaLinks {
public:
    /// Before anything is asked.
    void join(const contacts::Contacts& contacts, const presence::Presence& presence, const peer::Peers& peers,
              const session::Transport& transport) {
        m_contacts = &contacts;
        m_presence = &presence;
        m_peers = &peers;
        m_transport = &transport;
    }

    [[nodiscard]] peer::Standing standingOf(const UserName& user) const override {
        if (user == m_contacts->own().user) return peer::Standing::Contact;
        switch (m_contacts->relation(user)) {
            case contacts::Relation::Contact: return peer::Standing::Contact;
            case contacts::Relation::RequestSent: return peer::Standing::Asked;
            case contacts::Relation::Blocked: return peer::Standing::Blocked;
            default: return peer::Standing::Stranger;
        }
    }
    [[nodiscard]] std::optional<UserKey> pinnedKey(const UserName& user) const override {
        if (user == m_contacts->own().user) return m_contacts->own().key;
        const auto record = m_contacts->find(user);
        if (!record || record->key.isNull()) return std::nullopt;
        return record->key;
    }
    [[nodiscard]] bool owns(const peer::Device& device, const UserKey& key) const override {
        return m_peers->owns(device, key);
    }
    [[nodiscard]] bool isContact(const UserName& user) const override { return m_contacts->isContact(user); }
    [[nodiscard]] bool isTrusted(const UserName& user) const override { return !m_contacts->isKeyInDoubt(user); }

    [[nodiscard]] call::Admission admit(const UserName& user) const override {
        // Whose key is in doubt finds nobody here until the person has decided.
        if (m_contacts->relation(user) == contacts::Relation::Blocked || m_contacts->isKeyInDoubt(user))
            return call::Admission::Blocked;
        if (!m_contacts->isContact(user)) return call::Admission::Stranger;
        return m_presence->isNotToBeDisturbedBy(user) ? call::Admission::NotNow : call::Admission::Welcome;
    }
    [[nodiscard]] std::optional<std::uint8_t> mediaGeneration(const peer::Device& device) const override {
        const auto link = m_peers->linkOf(device);
        const auto secret = link ? m_transport->mediaSecret(*link) : std::nullopt;
        return secret ? std::optional(secret->generation) : std::nullopt;
    }

private:
    const contacts::Contacts* m_contacts = nullptr;
    const presence::Presence* m_presence = nullptr;
    const peer::Peers* m_peers = nullptr;
    const session::Transport* m_transport = nullptr;
};

}  // namespace kith::client
