// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/audio/packetring.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace kith::audio {

PacketRing::PacketRing(std::size_t capacity)
    : m_capacity(std::bit_ceil(capacity)), m_memory(std::make_unique<std::byte[]>(m_capacity)) {}

bool PacketRing::push(Instant when, ByteView packet) {
    const std::size_t begin = m_written.load(std::memory_order_relaxed);
    const std::size_t used = begin - m_taken.load(std::memory_order_acquire);
    const std::size_t needed = sizeof(Head) + packet.size();
    if (m_capacity - used < needed) return false;
    const Head head{when, packet.size()};
    write(begin, std::as_bytes(std::span(&head, 1)));
    write(begin + sizeof head, packet);
    m_written.store(begin + needed, std::memory_order_release);
    return true;
}

std::optional<PacketRing::Taken> PacketRing::pop(ByteSpan out) {
    const std::size_t begin = m_taken.load(std::memory_order_relaxed);
    if (begin == m_written.load(std::memory_order_acquire)) return std::nullopt;
    Head head;
    read(begin, std::as_writable_bytes(std::span(&head, 1)));
    const bool fits = head.size <= out.size();
    if (fits) read(begin + sizeof head, out.first(head.size));
    m_taken.store(begin + sizeof head + head.size, std::memory_order_release);
    return Taken{head.when, fits ? head.size : 0};
}

bool PacketRing::empty() const {
    return m_taken.load(std::memory_order_acquire) == m_written.load(std::memory_order_acquire);
}

void PacketRing::write(std::size_t at, ByteView bytes) {
    const std::size_t from = at & (m_capacity - 1);
    const std::size_t first = std::min(bytes.size(), m_capacity - from);
    std::copy_n(bytes.begin(), first, &m_memory[from]);
    std::copy(bytes.begin() + static_cast<std::ptrdiff_t>(first), bytes.end(), m_memory.get());
}

void PacketRing::read(std::size_t at, ByteSpan bytes) const {
    const std::size_t from = at & (m_capacity - 1);
    const std::size_t first = std::min(bytes.size(), m_capacity - from);
    std::copy_n(&m_memory[from], first, bytes.begin());
    std::copy_n(m_memory.get(), bytes.size() - first, bytes.begin() + static_cast<std::ptrdiff_t>(first));
}

}  // namespace kith::audio
