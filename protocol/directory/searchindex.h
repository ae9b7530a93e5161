// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "protocol/directory/records.h"
#include "protocol/directory/searchquery.h"

namespace kith::directory {

/// Whom a slot finds for a SearchQuery: the words of everybody who wants to be found by everybody, in order, so that
/// what begins alike stands together. Mistakes are found by walking that order like a tree, without entries of their
/// own: design and SPEC.md name one-deletion variants for networks of more than eight slots only.
class SearchIndex {
public:
    /// Somebody in the index.
    using Place = std::uint32_t;
    /// Of more people than this that fit the longest word of a query, the first by that word are looked at.
    static constexpr std::size_t kMaxLookedAt = 4'000;
    /// Of other characters that can stand where a mistake may be, this many are tried.
    static constexpr std::size_t kMaxTried = 2'000;

    Place add(const PersonKey& person, const UserName& name, std::string_view displayName);
    void remove(Place place);

    /// At most kMaxHits, the best first; among equals by user name.
    [[nodiscard]] std::vector<PersonKey> search(const SearchQuery& query) const;
    [[nodiscard]] std::size_t size() const { return m_people.size() - m_free.size(); }

private:
    using Words = std::map<std::string, std::vector<Place>, std::less<>>;
    using Word = Words::value_type;
    struct Person {
        PersonKey key;
        std::vector<Word*> words;  ///< as in SearchWords
        std::size_t ofName = 0;
    };
    struct Hit {
        Match match;
        const std::string* name;
        Place place;

        friend bool operator<(const Hit& a, const Hit& b) {
            return std::tie(a.match, *a.name, a.place) < std::tie(b.match, *b.name, b.place);
        }
    };
    class Walk;

    void addHits(const SearchQuery& query, const std::vector<const Word*>& words, std::vector<Hit>& hits) const;

    Words m_words;
    std::vector<Person> m_people;
    std::vector<Place> m_free;
};

}  // namespace kith::directory
