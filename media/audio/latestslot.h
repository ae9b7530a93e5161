// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace kith::audio {

/// Shows one thread the newest value of another without a lock: of three places the writer owns one, the reader one,
/// and the third lies between them.
template <class T>
class LatestSlot {
public:
    /// On the writing thread.
    void write(const T& value) {
        m_places[m_writing] = value;
        m_writing =
            m_between.exchange(static_cast<std::uint8_t>(m_writing | kFresh), std::memory_order_acq_rel) & kPlace;
    }
    /// On the reading thread; the first value if nothing was written yet.
    const T& read() {
        if (m_between.load(std::memory_order_relaxed) & kFresh)
            m_reading = m_between.exchange(m_reading, std::memory_order_acq_rel) & kPlace;
        return m_places[m_reading];
    }

private:
    static constexpr std::uint8_t kPlace = 3;
    static constexpr std::uint8_t kFresh = 4;

    std::array<T, 3> m_places{};
    std::uint8_t m_writing = 0;
    std::uint8_t m_reading = 1;
    std::atomic<std::uint8_t> m_between{2};
};

}  // namespace kith::audio
