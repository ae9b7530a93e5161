// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <atomic>
#include <memory>
#include <optional>

#include "protocol/base/bytes.h"
#include "protocol/base/instant.h"

namespace kith::audio {

/// Carries packets from one thread to one other without a lock. Full: the new packet is refused, since whoever reads
/// has been away for long and will want to start anew.
class PacketRing {
public:
    /// `capacity` in bytes, a power of two.
    explicit PacketRing(std::size_t capacity);

    /// On the writing thread. False if there is no room.
    bool push(Instant when, ByteView packet);

    struct Taken {
        Instant when;
        std::size_t size;
    };
    /// On the reading thread. A packet longer than `out` is lost.
    std::optional<Taken> pop(ByteSpan out);
    [[nodiscard]] bool empty() const;

private:
    struct Head {
        Instant when{};
        std::size_t size = 0;
    };
    void write(std::size_t at, ByteView bytes);
    void read(std::size_t at, ByteSpan bytes) const;

    std::size_t m_capacity;
    std::unique_ptr<std::byte[]> m_memory;
    // Positions count on for ever; on cache lines of their own, as each is written by one thread.
    alignas(64) std::atomic<std::size_t> m_written{0};
    alignas(64) std::atomic<std::size_t> m_taken{0};
};

}  // namespace kith::audio
