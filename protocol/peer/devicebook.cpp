// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/peer/devicebook.h"

#include <algorithm>

namespace kith::peer {

void DeviceBook::enter(Now now, const UserName& user, const directory::Person& person) {
    const auto known = m_entries.find(user);
    if (known != m_entries.end() && known->second.hash == person.key && known->second.epoch > person.devices.epoch) {
        known->second.lookedUp = now.at;
        return;
    }
    if (known == m_entries.end()) makeRoom();
    m_entries[user] = {person.record.userKey, person.key, person.devices.epoch, person.devices.devices, now.at};
}

const DeviceBook::Entry* DeviceBook::fresh(Now now, const UserName& user) const {
    const auto found = m_entries.find(user);
    if (found == m_entries.end() || found->second.lookedUp + kFresh <= now.at) return nullptr;
    return &found->second;
}

std::vector<DeviceId> DeviceBook::lastSeen(const UserName& user) const {
    const auto found = m_entries.find(user);
    return found == m_entries.end() ? std::vector<DeviceId>{} : found->second.devices;
}

bool DeviceBook::isListed(const Entry& entry, const DeviceId& device, const ByteArray<32>& userKeyHash) {
    return entry.hash.bytes == userKeyHash && std::ranges::find(entry.devices, device) != entry.devices.end();
}

void DeviceBook::makeRoom() {
    if (m_entries.size() < kMost) return;
    m_entries.erase(std::ranges::min_element(m_entries, {}, [](const auto& entry) { return entry.second.lookedUp; }));
}

}  // namespace kith::peer
