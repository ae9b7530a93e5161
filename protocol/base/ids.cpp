// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/base/ids.h"

#include <algorithm>

namespace kith {

namespace {

constexpr std::size_t kShortestName = 3;
constexpr std::size_t kLongestName = 32;

bool isLetter(char c) {
    return c >= 'a' && c <= 'z';
}
bool isNameCharacter(char c) {
    return isLetter(c) || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

}  // namespace

Result<UserName> UserName::parse(std::string_view text) {
    if (text.size() < kShortestName || text.size() > kLongestName) return fail(Fault::NameInvalid, "length");
    std::string folded(text);
    for (char& c : folded)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (!isLetter(folded.front())) return fail(Fault::NameInvalid, "first character");
    if (!std::all_of(folded.begin(), folded.end(), isNameCharacter)) return fail(Fault::NameInvalid, "character");
    return UserName(std::move(folded));
}

}  // namespace kith
