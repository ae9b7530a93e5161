// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/directory/searchquery.h"

#include <algorithm>

#include "protocol/directory/folding.h"

namespace kith::directory {

namespace {

using Characters = std::vector<std::string_view>;

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kSpaces = " \t\r\n";
    const auto begin = text.find_first_not_of(kSpaces);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(kSpaces) - begin + 1);
}

std::string lowered(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    return out;
}

bool agree(const Characters& typed, std::size_t from, const Characters& word, std::size_t at) {
    return typed.size() - from <= word.size() - at &&
           std::equal(typed.begin() + static_cast<std::ptrdiff_t>(from), typed.end(),
                      word.begin() + static_cast<std::ptrdiff_t>(at));
}

bool isOneMistake(const Characters& typed, const Characters& word) {
    std::size_t same = 0;
    while (same < typed.size() && same < word.size() && typed[same] == word[same]) ++same;
    // The first difference is where the mistake is, or where it could as well be.
    const std::size_t left = typed.size() - same;
    const std::size_t rest = word.size() - same;
    const bool tooFew = rest > 0 && agree(typed, same, word, same + 1);
    if (left == 1) return rest <= 1 || tooFew || typed[same] == typed[same - 1];
    if (rest == 0) return false;
    const bool tooMany = agree(typed, same + 1, word, same);
    const bool another = agree(typed, same + 1, word, same + 1);
    const bool swapped = rest >= 2 && typed[same] == word[same + 1] && typed[same + 1] == word[same] &&
                         agree(typed, same + 2, word, same + 2);
    return tooMany || another || tooFew || swapped;
}

/// Of the first two characters one stays near its place whatever the mistake: most words are told apart by that. Only
/// where they are bytes.
bool areSurelyApart(std::string_view typed, std::string_view word) {
    const auto isAscii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
    if (word.size() < 2 || !isAscii(typed[0]) || !isAscii(typed[1]) || !isAscii(word[0])) return false;
    return typed[0] != word[0] && typed[1] != word[0] && typed[0] != word[1] && typed[1] != word[1];
}

}  // namespace

SearchWords SearchWords::of(const UserName& name, std::string_view displayName) {
    SearchWords out;
    out.words.push_back(name.text());
    auto parts = foldedWords(name.text(), kMaxSearchWords);
    std::move(parts.begin() + 1, parts.end(), std::back_inserter(out.words));
    out.ofName = out.words.size();
    auto shown = foldedWords(displayName, kMaxSearchWords);
    std::move(shown.begin(), shown.end(), std::back_inserter(out.words));
    return out;
}

std::optional<int> mistakesIn(std::string_view typed, std::string_view word) {
    if (word.starts_with(typed)) return 0;
    if (typed.size() < kLeastForMistake || areSurelyApart(typed, word)) return std::nullopt;
    const Characters letters = characters(typed);
    if (letters.size() < kLeastForMistake) return std::nullopt;
    return isOneMistake(letters, characters(word)) ? std::optional(1) : std::nullopt;
}

Result<SearchQuery> SearchQuery::parse(std::string_view text) {
    text = trimmed(text);
    if (text.size() > 4 * kMaxQuery || !isUtf8(text)) return fail(Fault::InvalidArgument, "query");
    const std::size_t length = characters(text).size();
    if (length < kLeastQuery || length > kMaxQuery) return fail(Fault::InvalidArgument, "length of a query");
    SearchQuery out;
    out.m_text = text;
    out.m_lower = lowered(text);
    out.m_words = foldedWords(text, kMaxSearchWords + 1);
    if (out.m_words.empty() || out.m_words.size() > kMaxSearchWords)
        return fail(Fault::InvalidArgument, "words of a query");
    std::vector<std::size_t> lengths;
    for (const auto& word : out.m_words) lengths.push_back(characters(word).size());
    out.m_longest = static_cast<std::size_t>(std::ranges::max_element(lengths) - lengths.begin());
    if (lengths[out.m_longest] < kLeastQuery) return fail(Fault::InvalidArgument, "words of a query");
    return out;
}

bool SearchQuery::isName(const UserName& name) const {
    return m_lower == name.text();
}

std::optional<Match> SearchQuery::match(std::span<const std::string_view> words, std::size_t ofName) const {
    if (m_lower == words.front() || std::ranges::equal(words.subspan(ofName), m_words)) return Match::Exact;
    if (words.front().starts_with(m_lower)) return Match::NameBeginning;
    int mistakes = 0;
    for (const std::string& typed : m_words) {
        int least = 2;
        for (const std::string_view word : words) {
            if (least > 0) least = std::min(least, mistakesIn(typed, word).value_or(least));
        }
        mistakes += least;
        if (mistakes > 1) return std::nullopt;
    }
    return mistakes == 0 ? Match::Words : Match::Mistake;
}

std::optional<Match> SearchQuery::match(const UserName& name, std::string_view displayName) const {
    const auto all = SearchWords::of(name, displayName);
    const std::vector<std::string_view> words(all.words.begin(), all.words.end());
    return match(words, all.ofName);
}

}  // namespace kith::directory
