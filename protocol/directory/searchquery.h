// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/ids.h"

/// What people are searched by, and who fits. Supernode and client reckon by the same rules, SPEC.md "Search".
namespace kith::directory {

inline constexpr std::size_t kLeastQuery = 2;  ///< characters
inline constexpr std::size_t kMaxQuery = 64;
inline constexpr std::size_t kMaxSearchWords = 8;   ///< of a query, and of a display name
inline constexpr std::size_t kLeastForMistake = 4;  ///< characters of the word
inline constexpr std::size_t kMaxHits = 20;

/// How somebody fits, best first.
enum class Match : std::uint8_t {
    Exact,          ///< user name or display name
    NameBeginning,  ///< the user name begins with it
    Words,          ///< each word begins a part of the user name or a word of the display name
    Mistake,        ///< so it does but for one mistake in typing
};

/// What somebody can be found by, folded: the user name, its parts but the first, the words of the display name.
struct SearchWords {
    std::vector<std::string> words;  ///< the whole user name in front
    std::size_t ofName = 0;          ///< how many are from the user name

    static SearchWords of(const UserName& name, std::string_view displayName);
};

/// How many mistakes in typing make `typed` a beginning of `word`, both folded: 0, 1, or nothing for more. A mistake is
/// a character too many, too few or another one, or two that changed places, in a word of kLeastForMistake characters
/// or more. The last character counts as mistaken only if the word ends there: who types "mark" means no "maria".
std::optional<int> mistakesIn(std::string_view typed, std::string_view word);

/// What somebody typed to find people.
class SearchQuery {
public:
    /// 2 to 64 characters of UTF-8, at most 8 words, one of them of two characters or more; else InvalidArgument.
    static Result<SearchQuery> parse(std::string_view text);

    /// As it was typed, but for spaces around it.
    [[nodiscard]] const std::string& text() const { return m_text; }
    [[nodiscard]] const std::vector<std::string>& words() const { return m_words; }
    /// The one that fewest words begin with, most likely: the longest.
    [[nodiscard]] const std::string& longest() const { return m_words[m_longest]; }
    /// Whether it can be this name itself.
    [[nodiscard]] bool isName(const UserName& name) const;

    /// Nothing: does not fit. `words` as those of SearchWords; at most one mistake in all.
    [[nodiscard]] std::optional<Match> match(std::span<const std::string_view> words, std::size_t ofName) const;
    [[nodiscard]] std::optional<Match> match(const UserName& name, std::string_view displayName) const;

private:
    SearchQuery() = default;

    std::string m_text;
    std::string m_lower;  ///< ASCII folded, to compare with whole user names
    std::vector<std::string> m_words;
    std::size_t m_longest = 0;
};

}  // namespace kith::directory
