// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "protocol/base/bytes.h"

namespace kith::jitter {

/// Packets that wait to be played, ordered by their time. All memory is taken at the start.
class PacketStore {
public:
    static constexpr std::size_t kCapacity = 128;
    /// Voice in one packet is at most this; larger ones are refused.
    static constexpr std::size_t kMaxPayload = 640;

    struct Packet {
        std::int64_t timestamp = 0;  ///< unwrapped, in samples
        int duration = 0;            ///< in samples
        std::size_t size = 0;
        ByteArray<kMaxPayload> bytes{};

        [[nodiscard]] ByteView payload() const { return ByteView(bytes).first(size); }
        [[nodiscard]] std::int64_t end() const { return timestamp + duration; }
    };

    PacketStore();

    [[nodiscard]] bool empty() const { return m_count == 0; }
    [[nodiscard]] bool full() const { return m_count == kCapacity; }
    [[nodiscard]] std::size_t size() const { return m_count; }
    /// Not full, not larger than kMaxPayload. False if there is one of this time already.
    bool insert(std::int64_t timestamp, int duration, ByteView payload);
    /// The earliest; not empty. Stays valid after dropFront() until the next insert().
    [[nodiscard]] const Packet& front() const { return m_slots[m_order[0]]; }
    [[nodiscard]] const Packet& back() const { return m_slots[m_order[m_count - 1]]; }
    void dropFront();
    void clear() { m_count = 0; }

private:
    std::unique_ptr<Packet[]> m_slots;
    /// The first m_count are in use, in order of time; the rest are free.
    std::array<std::uint8_t, kCapacity> m_order{};
    std::size_t m_count = 0;
};

}  // namespace kith::jitter
