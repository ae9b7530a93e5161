// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <benchmark/benchmark.h>
#include <malloc.h>

#include <array>
#include <cstdio>

#include "protocol/directory/searchindex.h"
#include "tests/support/seededrandom.h"

// What finding people among 100,000 costs a supernode: the time of a query and the memory of a person.

namespace {

using namespace kith;

constexpr std::size_t kPeople = 100'000;
constexpr std::array kSyllables{"an",  "ber", "chlo", "da", "el",  "fi",  "gre", "ha",  "il",  "jo", "ka",
                                "lu",  "mar", "ni",   "o",  "pe",  "qui", "ro",  "sa",  "ti",  "ur", "va",
                                "wil", "xe",  "yo",   "zo", "smi", "th",  "dub", "ois", "mül", "ler"};

class Crowd {
public:
    Crowd() {
        // Of some thousand first names and some ten thousand family names the common ones are had by many.
        for (int i = 0; i < 2'000; ++i) m_first.push_back(word(2));
        for (int i = 0; i < 20'000; ++i) m_family.push_back(word(3));
        const auto before = mallinfo2();
        for (std::size_t i = 0; i < kPeople; ++i) add(i);
        const auto after = mallinfo2();
        bytesEach = static_cast<double>(after.uordblks + after.hblkhd - before.uordblks - before.hblkhd) / kPeople;
    }

    directory::SearchIndex index;
    double bytesEach = 0;
    std::vector<std::string> someWords;

private:
    void add(std::size_t number) {
        const std::string& first = m_first[common(m_first.size())];
        const std::string& family = m_family[common(m_family.size())];
        directory::PersonKey key;
        m_random.fill(key.bytes);
        const auto name = UserName::parse("u" + std::to_string(number) + "." + std::to_string(number % 977)).value();
        index.add(key, name, first + " " + family);
        if (number % 1'000 == 0) someWords.push_back(family);
    }
    std::string word(int syllables) {
        std::string out;
        for (int i = 0; i < syllables; ++i) out += kSyllables[m_random.below(kSyllables.size())];
        return out;
    }
    /// Small numbers more often.
    std::size_t common(std::size_t count) { return m_random.below(1 + m_random.below(count)); }

    test::SeededRandom m_random{7};
    std::vector<std::string> m_first;
    std::vector<std::string> m_family;
};

Crowd& crowd() {
    static Crowd all;
    return all;
}

/// The words of some people, cut or spoilt.
template <class Change>
void search(benchmark::State& state, Change change) {
    auto& all = crowd();
    std::size_t turn = 0;
    for (auto _ : state) {
        const auto query = directory::SearchQuery::parse(change(all.someWords[++turn % all.someWords.size()]));
        if (query) benchmark::DoNotOptimize(all.index.search(*query));
    }
    state.counters["bytes a person"] = all.bytesEach;
}

std::string beginning(const std::string& word, std::size_t size) {
    return word.substr(0, size);
}
std::string spoilt(std::string word) {
    std::swap(word[1], word[2]);
    return word;
}

BENCHMARK_CAPTURE(search, two_letters, [](const std::string& word) { return beginning(word, 2); });
BENCHMARK_CAPTURE(search, four_letters, [](const std::string& word) { return beginning(word, 4); });
BENCHMARK_CAPTURE(search, whole_word, [](const std::string& word) { return word; });
BENCHMARK_CAPTURE(search, with_a_mistake, spoilt);
BENCHMARK_CAPTURE(search, two_words_with_a_mistake, [](const std::string& word) { return "ma " + spoilt(word); });
BENCHMARK_CAPTURE(search, nobody, [](const std::string& word) { return "zzzz" + word; });

}  // namespace

BENCHMARK_MAIN();
