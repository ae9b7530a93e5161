// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <rapidcheck.h>

#include <QTest>

#include "protocol/directory/folding.h"
#include "protocol/directory/searchindex.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::directory;

namespace {

using Strings = std::vector<std::string>;

UserName name(std::string_view text) {
    return UserName::parse(text).value();
}
PersonKey key(std::size_t number) {
    PersonKey out;
    for (std::size_t i = 0; i < sizeof number; ++i) out.bytes[i] = static_cast<std::byte>(number >> (8 * i));
    return out;
}
Strings folded(std::string_view text) {
    return foldedWords(text, 100);
}
std::optional<Match> match(std::string_view text, std::string_view user, std::string_view shown) {
    return SearchQuery::parse(text).value().match(name(user), shown);
}

struct Person {
    UserName name;
    std::string shown;
};

// The rules once more, as they are written and as slowly as that is.

/// Edits that make one of the other: a character more, less or another, or two that change places.
std::size_t edits(const Strings& a, const Strings& b) {
    std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                d[i][j] = i + j;
                continue;
            }
            d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
        }
    }
    return d[a.size()][b.size()];
}
Strings letters(std::string_view text) {
    const auto views = characters(text);
    return {views.begin(), views.end()};
}
Strings firsts(const Strings& all, std::size_t count) {
    return {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count)};
}
std::optional<int> slowMistakes(const Strings& typed, const Strings& word) {
    if (word.size() >= typed.size() && firsts(word, typed.size()) == typed) return 0;
    if (typed.size() < 4) return std::nullopt;
    if (edits(typed, word) == 1) return 1;
    const std::size_t last = typed.size() - 1;
    for (std::size_t size = 1; size <= word.size(); ++size) {
        const Strings beginning = firsts(word, size);
        if (edits(typed, beginning) != 1) continue;
        if (beginning.back() == typed.back() && edits(firsts(typed, last), firsts(beginning, size - 1)) == 1) return 1;
        const bool swapped = size == typed.size() && beginning[last] == typed[last - 1] &&
                             beginning[last - 1] == typed[last] && typed[last] != typed[last - 1];
        if (swapped && firsts(typed, last - 1) == firsts(beginning, last - 1)) return 1;
    }
    return std::nullopt;
}
std::optional<Match> slowMatch(const std::string& text, const Person& person) {
    const Strings typed = folded(text);
    Strings words = folded(person.name.text());
    words.front() = person.name.text();
    const Strings shown = folded(person.shown);
    words.insert(words.end(), shown.begin(), shown.end());
    if (text == person.name.text() || typed == shown) return Match::Exact;
    if (person.name.text().starts_with(text)) return Match::NameBeginning;
    int sum = 0;
    for (const auto& each : typed) {
        int least = 2;
        for (const auto& word : words) least = std::min(least, slowMistakes(letters(each), letters(word)).value_or(2));
        sum += least;
    }
    if (sum > 1) return std::nullopt;
    return sum == 0 ? Match::Words : Match::Mistake;
}
std::vector<PersonKey> slowSearch(const std::string& text, const std::map<std::size_t, Person>& people) {
    std::vector<std::tuple<Match, std::string, PersonKey>> hits;
    for (const auto& [number, person] : people)
        if (const auto it = slowMatch(text, person)) hits.emplace_back(*it, person.name.text(), key(number));
    std::sort(hits.begin(), hits.end());
    // Mistakes are looked for only where there is room.
    std::vector<PersonKey> out;
    for (const auto& hit : hits)
        if (out.size() < kMaxHits) out.push_back(std::get<2>(hit));
    return out;
}

/// Few letters, so that much is alike.
std::string anyWord(std::size_t least, std::size_t most) {
    static const Strings kLetters{"a", "b", "n", "é", "ш"};
    std::string out;
    const auto size = *rc::gen::inRange<std::size_t>(least, most + 1);
    for (std::size_t i = 0; i < size; ++i) out += *rc::gen::elementOf(kLetters);
    return out;
}
std::string anyShown() {
    std::string out;
    const auto count = *rc::gen::inRange(0, 4);
    for (int i = 0; i < count; ++i) out += (i > 0 ? " " : "") + anyWord(1, 7);
    return out;
}
UserName anyName() {
    static const Strings kLetters{"a", "b", "n", ".", "_"};
    std::string out;
    const auto size = *rc::gen::inRange(2, 8);
    out = *rc::gen::element('a', 'b', 'n');
    for (int i = 0; i < size; ++i) out += *rc::gen::elementOf(kLetters);
    return name(out);
}

}  // namespace

class SearchTest : public QObject {
    Q_OBJECT

private slots:
    void lettersAreFolded() {
        QCOMPARE(folded("Chloé  DUBOIS-Vandenberghe"), (Strings{"chloe", "dubois", "vandenberghe"}));
        QCOMPARE(folded("Straße Æsir Łódź Þór İstanbul"), (Strings{"strasse", "aesir", "lodz", "thor", "istanbul"}));
        QCOMPARE(folded("O'Brien O’Brien"), (Strings{"obrien", "obrien"}));
        QCOMPARE(folded("Nguyễn Thị Ánh"), (Strings{"nguyen", "thi", "anh"}));
        QCOMPARE(folded("ΟΔΥΣΣΕΎΣ Οδυσσεύς"), (Strings{"οδυσσευσ", "οδυσσευσ"}));
        QCOMPARE(folded("ЁЛКИН Андрей Їжак"), (Strings{"елкин", "андреи", "іжак"}));
        QCOMPARE(folded("e\u0301a\u0308"), Strings{"ea"});
        QCOMPARE(folded("ＡＢＣ１ 王小明・李"), (Strings{"abc1", "王小明", "李"}));
        QCOMPARE(folded("a.b_c-d/e2"), (Strings{"a", "b", "c", "d", "e2"}));
        QCOMPARE(folded("… — !"), Strings{});
        QCOMPARE(folded("👍 ok"), (Strings{"👍", "ok"}));
        QCOMPARE(foldedWords("one two three", 2), (Strings{"one", "two"}));
    }

    void foldingTwiceChangesNothing() {
        QVERIFY(rc::check([](const std::vector<std::uint16_t>& codes) {
            std::u32string text;
            for (const auto code : codes)
                if (code > 0 && (code < 0xd800 || code > 0xdfff)) text.push_back(code);
            const Strings once =
                folded(QString::fromUcs4(text.data(), static_cast<qsizetype>(text.size())).toStdString());
            for (const auto& word : once) {
                RC_ASSERT(isUtf8(word));
                RC_ASSERT(folded(word) == Strings{word});
            }
        }));
    }

    void everyCharacterIsFoldedOnce() {
        for (char32_t code = 1; code < 0x30000; ++code) {
            if (code >= 0xd800 && code <= 0xdfff) continue;
            for (const auto& word : folded(QString::fromUcs4(&code, 1).toStdString()))
                QVERIFY2(folded(word) == Strings{word}, qPrintable(QString::number(code, 16)));
        }
    }

    void whatIsTypedFits() {
        QVERIFY(match("ann.smith", "ann.smith", "") == Match::Exact);
        QVERIFY(match("ANN.smith ", "ann.smith", "") == Match::Exact);
        QVERIFY(match("chloe dubois", "cd77", "Chloé Dubois") == Match::Exact);
        QVERIFY(match("ann.sm", "ann.smith", "") == Match::NameBeginning);
        QVERIFY(match("ann smi", "as77", "Smith, Ann") == Match::Words);
        QVERIFY(match("smith", "ann.smith", "") == Match::Words);
        QVERIFY(match("dub", "cd77", "Chloé Dubois") == Match::Words);
        QVERIFY(match("ann smiht", "as77", "Ann Smithson") == Match::Mistake);
        QVERIFY(match("jonh", "jd77", "John Doe") == Match::Mistake);
        QVERIFY(match("annsmith", "ann.smith", "") == Match::Mistake);
        QVERIFY(match("mueller", "hm77", "Hans Müller") == Match::Mistake);
        QVERIFY(match("mark", "mary77", "") == std::nullopt);
        QVERIFY(match("mark", "mm77", "Marc") == Match::Mistake);
        QVERIFY(!match("an smihtt", "as77", "Ann Smith"));
        QVERIFY(!match("anm smiht", "as77", "Ann Smith"));
        QVERIFY(!match("jno", "jd77", "John"));
    }

    void whatCantBeSearchedByIsRefused() {
        for (const auto* text : {"", "a", "  a  ", "a b c", "...", "--", "\xff\xfe", "a\xc3", "1 2 3 4 5 6 7 8 99"})
            QVERIFY2(!SearchQuery::parse(text), text);
        QVERIFY(!SearchQuery::parse(std::string(65, 'a')) && !SearchQuery::parse(std::string(100'000, 'a')));
        QVERIFY(!SearchQuery::parse(std::string_view("ab\0cd", 5)));
        for (const auto& text :
             {std::string("ab"), std::string(64, 'a'), std::string("王小"), std::string(" é é é éa ")})
            QVERIFY2(SearchQuery::parse(text), text.c_str());
        std::string wide;
        for (int i = 0; i < 64; ++i) wide += "👍";
        QVERIFY(SearchQuery::parse(wide) && SearchQuery::parse(wide)->match(name("bob"), "Bob") == std::nullopt);
    }

    void anyBytesGiveAQueryOrAnError() {
        QVERIFY(rc::check([](const std::string& bytes) {
            const auto query = SearchQuery::parse(bytes);
            if (query) RC_ASSERT(isUtf8(query->text()) && !query->longest().empty());
        }));
    }

    void mistakesAreCountedAsWritten() {
        QVERIFY(rc::check([] {
            const auto typed = anyWord(1, 7);
            const auto word = anyWord(1, 8);
            RC_CLASSIFY(slowMistakes(letters(typed), letters(word)) == 1, "one mistake");
            RC_ASSERT(mistakesIn(typed, word) == slowMistakes(letters(typed), letters(word)));
        }));
        QVERIFY(rc::check("a word with one mistake in it", [] {
            const auto word = anyWord(5, 8);
            auto typed = letters(word);
            const auto at = *rc::gen::inRange<std::size_t>(0, typed.size() - 1);
            switch (*rc::gen::inRange(0, 4)) {
                case 0: typed.erase(typed.begin() + static_cast<std::ptrdiff_t>(at)); break;
                case 1: typed.insert(typed.begin() + static_cast<std::ptrdiff_t>(at), "x"); break;
                case 2: typed[at] = "x"; break;
                default: std::swap(typed[at], typed[at + 1]); break;
            }
            std::string text;
            for (const auto& letter : typed) text += letter;
            RC_ASSERT(mistakesIn(text, word).has_value());
            RC_ASSERT(mistakesIn(text, word + "ab").has_value());
        }));
    }

    void theIndexFindsWhatLookingAtEverybodyFinds() {
        QVERIFY(rc::check([] {
            std::map<std::size_t, Person> people;
            std::map<std::size_t, SearchIndex::Place> places;
            std::set<UserName> names;
            SearchIndex index;
            const auto count = *rc::gen::inRange<std::size_t>(0, 60);
            for (std::size_t i = 0; i < count; ++i) {
                const Person person{anyName(), anyShown()};
                if (!names.insert(person.name).second) continue;
                people[i] = person;
                places[i] = index.add(key(i), person.name, person.shown);
                if (*rc::gen::inRange(0, 4) > 0 || people.empty()) continue;
                const auto gone = *rc::gen::elementOf(people);
                index.remove(places.at(gone.first));
                people.erase(gone.first);
            }
            RC_ASSERT(index.size() == people.size());
            for (int i = 0; i < 10; ++i) {
                std::string text = *rc::gen::inRange(0, 2) == 0 ? anyWord(2, 7) : anyWord(1, 5) + " " + anyWord(2, 5);
                if (!people.empty() && *rc::gen::inRange(0, 3) == 0)
                    text = (*rc::gen::elementOf(people)).second.name.text();
                const auto query = SearchQuery::parse(text);
                if (query) RC_ASSERT(index.search(*query) == slowSearch(text, people));
            }
        }));
    }

    void whoLeavesLeavesNothing() {
        SearchIndex index;
        const auto place = index.add(key(1), name("ann"), "Ann Ann Smith");
        const auto other = index.add(key(2), name("ann.b"), "Ann");
        const auto query = SearchQuery::parse("ann").value();
        QCOMPARE(index.search(query), (std::vector{key(1), key(2)}));
        index.remove(place);
        QCOMPARE(index.search(query), std::vector{key(2)});
        QVERIFY(index.search(SearchQuery::parse("smith").value()).empty());
        QCOMPARE(index.add(key(3), name("ann.c"), ""), place);
        QCOMPARE(index.search(query), (std::vector{key(2), key(3)}));
        index.remove(other);
        index.remove(place);
        QCOMPARE(index.size(), 0U);
        QVERIFY(index.search(query).empty());
    }

    void aCrowdOfOneNameIsBounded() {
        SearchIndex index;
        for (std::size_t i = 0; i < 2 * SearchIndex::kMaxLookedAt; ++i)
            index.add(key(i), name("n" + std::to_string(100'000 + i)), "Anna Maria");
        QCOMPARE(index.search(SearchQuery::parse("anna maria").value()).size(), kMaxHits);
        QCOMPARE(index.search(SearchQuery::parse("anan maria").value()).size(), kMaxHits);
        QCOMPARE(index.search(SearchQuery::parse("n107999").value()).front(), key(7999));
    }

    void aScriptOfThousandsOfLettersIsBounded() {
        SearchIndex index;
        std::size_t number = 0;
        for (char32_t c = 0x4e00; c < 0x4e00 + 8000; ++c) {
            const std::u32string shown{c, U'小', U'明', U'王'};
            index.add(key(number), name("n" + std::to_string(100'000 + number)),
                      QString::fromUcs4(shown.data(), 4).toStdString());
            ++number;
        }
        // The first character is the mistake: one of the first is found, one behind them all isn't looked for.
        QCOMPARE(index.search(SearchQuery::parse("x小明王").value()).size(), kMaxHits);
        QCOMPARE(index.search(SearchQuery::parse("一小明王").value()).front(), key(0));
    }
};

KITH_TEST(SearchTest);

#include "search_test.moc"
