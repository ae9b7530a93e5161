// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <iterator>
#include <vector>

namespace kith {

/// Moves everything to the end of `to`. What came in a burst leaves no room behind that would be held until the next
/// one: an empty `to` gets it, and one that is kept from time to time gives its own in exchange.
template <class T>
void takeAll(std::vector<T>& from, std::vector<T>& to) {
    if (to.empty()) return to.swap(from);
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
    std::vector<T>().swap(from);
}

}  // namespace kith
