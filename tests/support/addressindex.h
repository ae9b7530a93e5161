// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <optional>
#include <vector>

#include "protocol/base/endpoint.h"

namespace kith::test {

using NodeNumber = std::uint32_t;

/// Which node is at an address. Open addressing, 32 bytes an entry at most; nothing is ever taken out.
class AddressIndex {
public:
    /// An address that is there already changes hands.
    void insert(const Endpoint& address, NodeNumber node) {
        if (4 * (m_count + 1) > 3 * m_slots.size()) grow();
        Slot& slot = m_slots[find(address)];
        if (!slot.isUsed) ++m_count;
        slot = {address, true, node};
    }
    [[nodiscard]] std::optional<NodeNumber> at(const Endpoint& address) const {
        if (m_slots.empty()) return std::nullopt;
        const Slot& slot = m_slots[find(address)];
        return slot.isUsed ? std::optional(slot.node) : std::nullopt;
    }

private:
    struct Slot {
        Endpoint address;
        bool isUsed = false;
        NodeNumber node = 0;
    };

    /// Where it is, or where it would go.
    [[nodiscard]] std::size_t find(const Endpoint& address) const {
        const std::size_t mask = m_slots.size() - 1;
        std::size_t at = EndpointHash{}(address)&mask;
        while (m_slots[at].isUsed && m_slots[at].address != address) at = (at + 1) & mask;
        return at;
    }
    void grow() {
        std::vector<Slot> old(m_slots.empty() ? 16 : 2 * m_slots.size());
        old.swap(m_slots);
        for (const Slot& slot : old)
            if (slot.isUsed) m_slots[find(slot.address)] = slot;
    }

    std::vector<Slot> m_slots;
    std::size_t m_count = 0;
};

}  // namespace kith::test
