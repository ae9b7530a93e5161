// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/peer/linktable.h"

#include <algorithm>

namespace kith::peer {

Link& LinkTable::add(Link link) {
    const auto number = link.number;
    return m_links.insert_or_assign(number, std::move(link)).first->second;
}

Link* LinkTable::find(session::LinkNumber number) {
    const auto found = m_links.find(number);
    return found == m_links.end() ? nullptr : &found->second;
}

Link* LinkTable::findChannel(const ChannelId& channel) {
    for (auto& [number, link] : m_links)
        if (link.channel == channel) return &link;
    return nullptr;
}

const Link* LinkTable::preferred(const Device& device) const {
    const Link* best = nullptr;
    for (const auto& [number, link] : m_links)
        if (link.approved && link.device == device && (!best || isBetter(link, *best))) best = &link;
    return best;
}

Link* LinkTable::preferred(const Device& device) {
    const auto* best = std::as_const(*this).preferred(device);
    return best ? find(best->number) : nullptr;
}

bool LinkTable::has(const UserName& user, bool approved) const {
    return std::ranges::any_of(m_links, [&](const auto& entry) {
        return entry.second.device.user == user && entry.second.approved == approved;
    });
}

bool LinkTable::isBetter(const Link& a, const Link& b) {
    const auto apart = a.since > b.since ? a.since - b.since : b.since - a.since;
    if (apart < kTogether && a.openedBy != b.openedBy) return a.openedBy < b.openedBy;
    return a.since > b.since || (a.since == b.since && a.number > b.number);
}

}  // namespace kith::peer
