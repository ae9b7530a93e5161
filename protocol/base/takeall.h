// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <iterator>
#include <vector>

namespace kith {

/// Moves everything to the end of `to`. What came in a burst leaves no room behind that would be held until the next
/// one; a little is kept for those who are called for every packet.
template <class T>
void takeAll(std::vector<T>& from, std::vector<T>& to) {
    constexpr std::size_t kKeptBytes = 512;
    if (to.empty() && from.capacity() * sizeof(T) > kKeptBytes) return to.swap(from);
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
    from.clear();
    if (from.capacity() * sizeof(T) > kKeptBytes) std::vector<T>().swap(from);
}

}  // namespace kith
