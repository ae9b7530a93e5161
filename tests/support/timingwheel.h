// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstdint>
#include <optional>
#include <vector>

#include "protocol/base/instant.h"

namespace kith::test {

/// What is to happen, in the order of its time and, at the same time, in the order in which it was scheduled. A
/// hierarchical timing wheel: six levels of 256 slots, the finest 65 us wide; what the current slot holds is kept in a
/// heap, so that the order is exact. All operations take constant time but for that heap; 48 bytes an event.
template <class Payload>
class TimingWheel {
public:
    struct Handle {
        std::uint32_t index = kNone;
        std::uint32_t generation = 0;
    };
    struct Fired {
        Instant at;
        Payload payload;
    };

    TimingWheel() {
        for (auto& level : m_slots) level.fill(kNone);
    }

    /// A time that is already past counts as now, the time of what was taken last.
    Handle schedule(Instant at, Payload payload) {
        const std::uint32_t index = allocate();
        Entry& entry = m_entries[index];
        entry.time = std::max(ticks(at), m_floor);
        entry.sequence = m_nextSequence++;
        entry.payload = std::move(payload);
        place(index);
        ++m_size;
        return {index, entry.generation};
    }

    /// False if it has been taken or cancelled before.
    bool cancel(Handle handle) {
        if (handle.index >= m_entries.size()) return false;
        Entry& entry = m_entries[handle.index];
        if (entry.generation != handle.generation || entry.place == kFree || entry.place == kDead) return false;
        --m_size;
        if (entry.place == kDue) {
            entry.place = kDead;  // freed when its turn comes
            return true;
        }
        unlink(handle.index);
        release(handle.index);
        return true;
    }

    /// The next event that is not later than `until`; nothing: now is `until`.
    std::optional<Fired> pop(Instant until) {
        const std::uint64_t last = ticks(until);
        while (true) {
            if (m_due.empty() && !advance(last)) break;
            if (m_due.front().time > last) break;
            const std::uint32_t index = takeDue();
            const bool isDead = m_entries[index].place == kDead;
            Fired out{Instant(Duration(static_cast<Duration::rep>(m_entries[index].time))),
                      std::move(m_entries[index].payload)};
            m_floor = m_entries[index].time;
            release(index);
            if (isDead) continue;
            --m_size;
            return out;
        }
        m_floor = std::max(m_floor, last);
        return std::nullopt;
    }

    [[nodiscard]] std::size_t size() const { return m_size; }

private:
    static constexpr std::uint32_t kNone = 0xffffffff;
    static constexpr unsigned kSlotBits = 8;
    static constexpr unsigned kTickBits = 16;
    static constexpr std::size_t kLevels = 6;
    static constexpr std::size_t kSlots = 1U << kSlotBits;
    static constexpr std::uint16_t kDue = 0xffff;
    static constexpr std::uint16_t kDead = 0xfffe;
    static constexpr std::uint16_t kFree = 0xfffd;

    struct Entry {
        std::uint64_t time = 0;
        std::uint64_t sequence = 0;
        std::uint32_t next = kNone;
        std::uint32_t previous = kNone;
        std::uint32_t generation = 0;
        std::uint16_t place = kFree;  ///< level * kSlots + slot, or one of the above
        Payload payload{};
    };
    struct Due {
        std::uint64_t time;
        std::uint64_t sequence;
        std::uint32_t index;
        /// A heap has its largest in front: the earliest counts as that.
        friend bool operator<(const Due& a, const Due& b) {
            return a.time != b.time ? a.time > b.time : a.sequence > b.sequence;
        }
    };

    static std::uint64_t ticks(Instant at) {
        return static_cast<std::uint64_t>(std::max<Duration::rep>(at.time_since_epoch().count(), 0));
    }
    static constexpr unsigned shiftOf(std::size_t level) {
        return kTickBits + kSlotBits * static_cast<unsigned>(level);
    }

    std::uint32_t allocate() {
        if (m_freeHead != kNone) {
            const std::uint32_t index = m_freeHead;
            m_freeHead = m_entries[index].next;
            return index;
        }
        m_entries.emplace_back();
        return static_cast<std::uint32_t>(m_entries.size() - 1);
    }

    void release(std::uint32_t index) {
        Entry& entry = m_entries[index];
        ++entry.generation;
        entry.place = kFree;
        entry.next = m_freeHead;
        m_freeHead = index;
    }

    void place(std::uint32_t index) {
        Entry& entry = m_entries[index];
        assert(entry.time >> kTickBits >= m_position >> kTickBits);
        const std::uint64_t difference = (entry.time ^ m_position) >> kTickBits;
        if (difference == 0) {
            entry.place = kDue;
            m_due.push_back({entry.time, entry.sequence, index});
            std::push_heap(m_due.begin(), m_due.end());
            return;
        }
        const std::size_t level = (static_cast<std::size_t>(std::bit_width(difference)) - 1) / kSlotBits;
        const std::size_t slot = (entry.time >> shiftOf(level)) & (kSlots - 1);
        std::uint32_t& head = m_slots[level][slot];
        entry.place = static_cast<std::uint16_t>(level * kSlots + slot);
        entry.previous = kNone;
        entry.next = head;
        if (head != kNone) m_entries[head].previous = index;
        head = index;
        m_occupied[level][slot / 64] |= std::uint64_t{1} << slot % 64;
    }

    void unlink(std::uint32_t index) {
        const Entry& entry = m_entries[index];
        const std::size_t level = entry.place / kSlots;
        const std::size_t slot = entry.place % kSlots;
        if (entry.next != kNone) m_entries[entry.next].previous = entry.previous;
        if (entry.previous != kNone)
            m_entries[entry.previous].next = entry.next;
        else
            m_slots[level][slot] = entry.next;
        if (m_slots[level][slot] == kNone) vacate(level, slot);
    }

    void vacate(std::size_t level, std::size_t slot) {
        m_occupied[level][slot / 64] &= ~(std::uint64_t{1} << slot % 64);
    }

    /// The first occupied slot of a level behind the current one.
    std::optional<std::size_t> nextSlot(std::size_t level) const {
        const std::size_t from = ((m_position >> shiftOf(level)) & (kSlots - 1)) + 1;
        for (std::size_t word = from / 64; word < kSlots / 64; ++word) {
            std::uint64_t bits = m_occupied[level][word];
            if (word == from / 64) bits &= ~std::uint64_t{0} << from % 64;
            if (bits != 0) return word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
        }
        return std::nullopt;
    }

    /// Moves on to the next slot that holds anything, if it begins by `last`; fills the heap.
    bool advance(std::uint64_t last) {
        while (m_due.empty()) {
            std::size_t level = 0;
            std::optional<std::size_t> slot;
            for (; level < kLevels; ++level)
                if ((slot = nextSlot(level))) break;
            if (!slot) return false;
            const unsigned above = shiftOf(level + 1);
            const std::uint64_t kept = above < 64 ? m_position >> above << above : 0;
            const std::uint64_t start = kept | std::uint64_t{*slot} << shiftOf(level);
            if (start > last) return false;
            m_position = start;
            spread(level, *slot);
        }
        return true;
    }

    void spread(std::size_t level, std::size_t slot) {
        std::uint32_t index = m_slots[level][slot];
        m_slots[level][slot] = kNone;
        vacate(level, slot);
        while (index != kNone) {
            const std::uint32_t next = m_entries[index].next;
            place(index);
            index = next;
        }
    }

    std::uint32_t takeDue() {
        std::pop_heap(m_due.begin(), m_due.end());
        const std::uint32_t index = m_due.back().index;
        m_due.pop_back();
        return index;
    }

    std::vector<Entry> m_entries;
    std::uint32_t m_freeHead = kNone;
    std::array<std::array<std::uint32_t, kSlots>, kLevels> m_slots;
    std::array<std::array<std::uint64_t, kSlots / 64>, kLevels> m_occupied{};
    std::vector<Due> m_due;        ///< a heap: what is in the current slot
    std::uint64_t m_position = 0;  ///< in the current slot
    std::uint64_t m_floor = 0;     ///< now
    std::uint64_t m_nextSequence = 0;
    std::size_t m_size = 0;
};

}  // namespace kith::test
