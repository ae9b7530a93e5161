// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/directory/searchindex.h"

#include <algorithm>

#include "protocol/directory/folding.h"

namespace kith::directory {

/// Collects the words that something typed may stand for.
class SearchIndex::Walk {
public:
    Walk(const Words& words, std::string_view typed) : m_words(words), m_letters(characters(typed)) {}

    std::vector<const Word*> exactly() {
        collect(joined(0), true);
        return std::move(m_found);
    }

    /// Those of mistakesIn() == 1, and some that don't fit.
    std::vector<const Word*> withMistake() {
        std::string before;
        for (std::size_t i = 0; i < m_letters.size(); ++i) {
            const auto at = m_words.lower_bound(before);
            if (at == m_words.end() || !at->first.starts_with(before)) break;
            const bool last = i + 1 == m_letters.size();
            collect(before + joined(i + 1), !last);
            if (!last)
                collect(before + std::string(m_letters[i + 1]) + std::string(m_letters[i]) + joined(i + 2), true);
            tryOthers(before, i);
            before += m_letters[i];
        }
        const auto byText = [](const Word* word) -> const std::string& { return word->first; };
        std::ranges::sort(m_found, {}, byText);
        m_found.erase(std::unique(m_found.begin(), m_found.end()), m_found.end());
        return std::move(m_found);
    }

private:
    /// All characters that stand behind `before` in some word: instead of the one that was typed, or in front of it.
    void tryOthers(const std::string& before, std::size_t i) {
        for (auto at = m_words.upper_bound(before); at != m_words.end() && at->first.starts_with(before);) {
            if (++m_tried > kMaxTried) return;
            const std::string letter(characters(std::string_view(at->first).substr(before.size(), 4)).front());
            std::string other = before + letter;
            if (letter != m_letters[i]) collect(other + joined(i + 1), i + 1 < m_letters.size());
            collect(other + joined(i), true);
            // Behind all words that begin so: no byte of UTF-8 is FF.
            at = m_words.lower_bound(other.append(1, '\xff'));
        }
    }

    void collect(const std::string& text, bool beginning) {
        for (auto at = m_words.lower_bound(text); at != m_words.end() && at->first.starts_with(text); ++at) {
            if (!beginning && at->first.size() > text.size()) return;
            if (m_people >= kMaxLookedAt) return;
            m_people += at->second.size();
            m_found.push_back(&*at);
        }
    }

    [[nodiscard]] std::string joined(std::size_t from) const {
        std::string out;
        for (; from < m_letters.size(); ++from) out += m_letters[from];
        return out;
    }

    const Words& m_words;
    std::vector<std::string_view> m_letters;
    std::vector<const Word*> m_found;
    std::size_t m_people = 0;
    std::size_t m_tried = 0;
};

SearchIndex::Place SearchIndex::add(const PersonKey& person, const UserName& name, std::string_view displayName) {
    if (m_free.empty()) {
        m_free.push_back(static_cast<Place>(m_people.size()));
        m_people.emplace_back();
    }
    const Place place = m_free.back();
    m_free.pop_back();
    auto words = SearchWords::of(name, displayName);
    Person& added = m_people[place];
    added.key = person;
    added.ofName = words.ofName;
    added.words.reserve(words.words.size());
    for (auto& text : words.words) {
        Word& word = *m_words.try_emplace(std::move(text)).first;
        // A word that somebody has twice stands once in the list.
        if (word.second.empty() || word.second.back() != place) word.second.push_back(place);
        added.words.push_back(&word);
    }
    return place;
}

void SearchIndex::remove(Place place) {
    Person& person = m_people[place];
    for (std::size_t i = 0; i < person.words.size(); ++i) {
        Word* word = person.words[i];
        const auto rest = person.words.begin() + static_cast<std::ptrdiff_t>(i) + 1;
        if (std::find(rest, person.words.end(), word) != person.words.end()) continue;
        std::erase(word->second, place);
        if (word->second.empty()) m_words.erase(m_words.find(word->first));
    }
    person = {};
    m_free.push_back(place);
}

void SearchIndex::addHits(const SearchQuery& query, const std::vector<const Word*>& words,
                          std::vector<Hit>& hits) const {
    std::vector<Place> places;
    for (const Word* word : words) {
        const std::size_t room = kMaxLookedAt - std::min(kMaxLookedAt, places.size());
        const auto count = static_cast<std::ptrdiff_t>(std::min(room, word->second.size()));
        places.insert(places.end(), word->second.begin(), word->second.begin() + count);
    }
    std::ranges::sort(places);
    places.erase(std::unique(places.begin(), places.end()), places.end());
    std::vector<std::string_view> texts;
    for (const Place place : places) {
        const Person& person = m_people[place];
        texts.clear();
        for (const Word* word : person.words) texts.emplace_back(word->first);
        if (const auto match = query.match(texts, person.ofName))
            hits.push_back({*match, &person.words.front()->first, place});
    }
}

std::vector<PersonKey> SearchIndex::search(const SearchQuery& query) const {
    std::vector<Hit> hits;
    addHits(query, Walk(m_words, query.longest()).exactly(), hits);
    // One more look for mistakes, only where the first left room; what it finds again is the same.
    const auto good = std::ranges::count_if(hits, [](const Hit& hit) { return hit.match != Match::Mistake; });
    if (good < static_cast<std::ptrdiff_t>(kMaxHits) && query.longest().size() >= kLeastForMistake) {
        auto more = Walk(m_words, query.longest()).withMistake();
        addHits(query, more, hits);
    }
    std::sort(hits.begin(), hits.end());
    const auto isSamePlace = [](const Hit& a, const Hit& b) { return a.place == b.place; };
    hits.erase(std::unique(hits.begin(), hits.end(), isSamePlace), hits.end());
    std::vector<PersonKey> out;
    for (const Hit& hit : hits) {
        if (out.size() == kMaxHits) break;
        out.push_back(m_people[hit.place].key);
    }
    return out;
}

}  // namespace kith::directory
