// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

namespace kith {

/// Entries side by side in memory, ascending by a key that they carry or are: for tables that are read often, grow
/// rarely and have to be small. Pointers and iterators hold until something is inserted or erased.
template <class Entry, auto kKey = std::identity{}>
class SortedTable {
public:
    using Key = std::remove_cvref_t<std::invoke_result_t<decltype(kKey), const Entry&>>;

    [[nodiscard]] auto begin() { return m_entries.begin(); }
    [[nodiscard]] auto end() { return m_entries.end(); }
    [[nodiscard]] auto begin() const { return m_entries.begin(); }
    [[nodiscard]] auto end() const { return m_entries.end(); }
    [[nodiscard]] std::size_t size() const { return m_entries.size(); }
    [[nodiscard]] bool empty() const { return m_entries.empty(); }

    /// Null: there is none.
    [[nodiscard]] Entry* find(const Key& key) {
        const auto at = placeOf(key);
        return at != end() && std::invoke(kKey, *at) == key ? &*at : nullptr;
    }
    [[nodiscard]] const Entry* find(const Key& key) const {
        const auto at = std::ranges::lower_bound(m_entries, key, {}, kKey);
        return at != end() && std::invoke(kKey, *at) == key ? &*at : nullptr;
    }
    [[nodiscard]] bool contains(const Key& key) const { return find(key) != nullptr; }
    /// What was there under this key stays.
    std::pair<Entry*, bool> insert(Entry entry) {
        if (Entry* there = find(std::invoke(kKey, entry))) return {there, false};
        if (m_entries.size() == m_entries.capacity()) reserve(m_entries.size() + m_entries.size() / 8 + 1);
        return {&*m_entries.insert(placeOf(std::invoke(kKey, entry)), std::move(entry)), true};
    }
    bool erase(const Key& key) {
        const auto at = placeOf(key);
        if (at == end() || std::invoke(kKey, *at) != key) return false;
        m_entries.erase(at);
        return true;
    }
    /// Room for so many, and for no more.
    void reserve(std::size_t size) { m_entries.reserve(size); }

private:
    [[nodiscard]] auto placeOf(const Key& key) { return std::ranges::lower_bound(m_entries, key, {}, kKey); }

    std::vector<Entry> m_entries;
};

}  // namespace kith
