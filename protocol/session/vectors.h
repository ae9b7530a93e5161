// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <algorithm>
#include <iterator>
#include <vector>

/// Vectors that are filled now and then and cost nothing in between: of ten thousand ends on one computer nearly all
/// are idle. (`v = {}` and clear() keep the memory.)
namespace kith::session {

template <class T>
void release(std::vector<T>& vector) {
    std::vector<T>().swap(vector);
}

/// Appends what is in `from`, and frees that.
template <class T>
void moveTo(std::vector<T>& to, std::vector<T>& from) {
    std::move(from.begin(), from.end(), std::back_inserter(to));
    release(from);
}

/// As std::erase_if, freed when nothing is left.
template <class T, class Predicate>
void eraseIf(std::vector<T>& from, Predicate which) {
    std::erase_if(from, which);
    if (from.empty()) release(from);
}

}  // namespace kith::session
