// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/jitter/packetstore.h"

#include <algorithm>
#include <numeric>

namespace kith::jitter {

PacketStore::PacketStore() : m_slots(std::make_unique<Packet[]>(kCapacity)) {
    std::iota(m_order.begin(), m_order.end(), std::uint8_t{0});
}

bool PacketStore::insert(std::int64_t timestamp, int duration, ByteView payload) {
    const auto begin = m_order.begin();
    const auto end = begin + static_cast<std::ptrdiff_t>(m_count);
    const auto at = std::lower_bound(begin, end, timestamp, [this](std::uint8_t slot, std::int64_t value) {
        return m_slots[slot].timestamp < value;
    });
    if (at != end && m_slots[*at].timestamp == timestamp) return false;

    Packet& packet = m_slots[*end];
    packet.timestamp = timestamp;
    packet.duration = duration;
    packet.size = payload.size();
    std::copy(payload.begin(), payload.end(), packet.bytes.begin());
    std::rotate(at, end, end + 1);
    ++m_count;
    return true;
}

void PacketStore::dropFront() {
    // To the very end of the list, so that its bytes are the last to be written over.
    std::rotate(m_order.begin(), m_order.begin() + 1, m_order.end());
    --m_count;
}

}  // namespace kith::jitter
