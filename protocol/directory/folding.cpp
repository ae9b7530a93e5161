// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/directory/folding.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace kith::directory {

namespace {

// What a letter becomes: a small letter, a capital that stands for two (kPairs), or a dot: it stays.
constexpr char32_t kLatin = 0x00c0;
constexpr std::string_view kLatinLetters =
    "aaaaaaAceeeeiiiidnooooo.ouuuuyTSaaaaaaAceeeeiiiidnooooo.ouuuuyTy"  // 00c0
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiIIjjkkklllllll"  // 0100
    "lllnnnnnnnnnooooooOOrrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"  // 0140
    "bbbb...ccdddd.ee.ffg...ikkl..nnooo..pp.....ttttuu.vyyzz........."  // 0180
    "....DDDJJJNNNaaiioouuuuuuuuuueaaaaAAggggkkoooo..jDDDgg..nnaaAAoo"  // 01c0
    "aaaaeeeeiiiioooorrrruuuusstt..hhnd..zzaaeeooooooooyylntj..acclts"  // 0200
    "z..bu.eejj..rryy";                                                 // 0240
constexpr char32_t kMoreLatin = 0x1e00;
constexpr std::string_view kMoreLatinLetters =
    "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm"   // 1e00
    "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"   // 1e40
    "wwwwwwwwwwxxxxyyzzzzzzhtwyasssS.aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"   // 1e80
    "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy......";  // 1ec0
static_assert(kLatinLetters.size() == 0x0250 - kLatin && kMoreLatinLetters.size() == 0x1f00 - kMoreLatin);

struct Pair {
    char letter;
    std::string_view text;
};
constexpr std::array kPairs{Pair{'A', "ae"}, Pair{'O', "oe"}, Pair{'S', "ss"}, Pair{'T', "th"},
                            Pair{'I', "ij"}, Pair{'D', "dz"}, Pair{'J', "lj"}, Pair{'N', "nj"}};

struct Letter {
    char32_t from;
    char32_t to;
};
/// Those of Greek and Cyrillic that lose more than their case, by code point.
constexpr std::array kOthers{
    Letter{0x0386, 0x03b1}, Letter{0x0388, 0x03b5}, Letter{0x0389, 0x03b7}, Letter{0x038a, 0x03b9},
    Letter{0x038c, 0x03bf}, Letter{0x038e, 0x03c5}, Letter{0x038f, 0x03c9}, Letter{0x0390, 0x03b9},
    Letter{0x03aa, 0x03b9}, Letter{0x03ab, 0x03c5}, Letter{0x03ac, 0x03b1}, Letter{0x03ad, 0x03b5},
    Letter{0x03ae, 0x03b7}, Letter{0x03af, 0x03b9}, Letter{0x03b0, 0x03c5}, Letter{0x03c2, 0x03c3},
    Letter{0x03ca, 0x03b9}, Letter{0x03cb, 0x03c5}, Letter{0x03cc, 0x03bf}, Letter{0x03cd, 0x03c5},
    Letter{0x03ce, 0x03c9}, Letter{0x0400, 0x0435}, Letter{0x0401, 0x0435}, Letter{0x0403, 0x0433},
    Letter{0x0407, 0x0456}, Letter{0x040c, 0x043a}, Letter{0x040d, 0x0438}, Letter{0x040e, 0x0443},
    Letter{0x0419, 0x0438}, Letter{0x0439, 0x0438}, Letter{0x0450, 0x0435}, Letter{0x0451, 0x0435},
    Letter{0x0453, 0x0433}, Letter{0x0457, 0x0456}, Letter{0x045c, 0x043a}, Letter{0x045d, 0x0438},
    Letter{0x045e, 0x0443}};
static_assert(std::ranges::is_sorted(kOthers, {}, &Letter::from));

char32_t withoutCase(char32_t c) {
    // 03a2 is no letter; 03c2, the sigma at the end of a word, would be its small one.
    if (c >= 0x0391 && c <= 0x03a9 && c != 0x03a2) return c + 0x20;
    if (c >= 0x0410 && c <= 0x042f) return c + 0x20;
    if (c >= 0x0400 && c <= 0x040f) return c + 0x50;
    return c;
}

char32_t otherLetter(char32_t c) {
    const auto at = std::ranges::lower_bound(kOthers, c, {}, &Letter::from);
    return at != kOthers.end() && at->from == c ? at->to : withoutCase(c);
}

/// The first character of well-formed UTF-8, and how many bytes it has.
struct Decoded {
    char32_t code;
    std::size_t size;
};
Decoded first(std::string_view text) {
    const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    const char32_t lead = byte(0);
    if (lead < 0x80) return {lead, 1};
    if (lead < 0xe0) return {(lead & 0x1fU) << 6U | (byte(1) & 0x3fU), 2};
    if (lead < 0xf0) return {(lead & 0x0fU) << 12U | (byte(1) & 0x3fU) << 6U | (byte(2) & 0x3fU), 3};
    return {(lead & 0x07U) << 18U | (byte(1) & 0x3fU) << 12U | (byte(2) & 0x3fU) << 6U | (byte(3) & 0x3fU), 4};
}

void appendCharacter(std::string& out, char32_t c) {
    const auto put = [&](char32_t bits) { out.push_back(static_cast<char>(bits)); };
    if (c < 0x80) return put(c);
    if (c < 0x800) {
        put(0xc0U | c >> 6U);
    } else if (c < 0x10000) {
        put(0xe0U | c >> 12U);
        put(0x80U | (c >> 6U & 0x3fU));
    } else {
        put(0xf0U | c >> 18U);
        put(0x80U | (c >> 12U & 0x3fU));
        put(0x80U | (c >> 6U & 0x3fU));
    }
    put(0x80U | (c & 0x3fU));
}

bool isPassedOver(char32_t c) {
    return c == '\'' || c == 0x2019 || c == 0x02bc || (c >= 0x0300 && c <= 0x036f) || (c >= 0x200b && c <= 0x200d) ||
           c == 0xad || (c >= 0xfe00 && c <= 0xfe0f);
}

bool isBetweenWords(char32_t c) {
    if (c < 0x80) return !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
    if (c < 0xc0) return c != 0xaa && c != 0xb5 && c != 0xba;
    return c == 0xd7 || c == 0xf7 || (c >= 0x2000 && c <= 0x206f) || (c >= 0x3000 && c <= 0x3004) ||
           (c >= 0x3008 && c <= 0x3020) || c == 0x30fb;
}

/// The ASCII character that a full-width one stands for.
char32_t narrow(char32_t c) {
    return c >= 0xff01 && c <= 0xff5e ? c - 0xfee0 : c;
}

void appendFolded(std::string& out, char32_t c) {
    if (c < 0x80) return appendCharacter(out, c >= 'A' && c <= 'Z' ? c + 0x20 : c);
    char letter = '.';
    if (c >= kLatin && c < kLatin + kLatinLetters.size()) letter = kLatinLetters[c - kLatin];
    if (c >= kMoreLatin && c < kMoreLatin + kMoreLatinLetters.size()) letter = kMoreLatinLetters[c - kMoreLatin];
    if (letter == '.') return appendCharacter(out, otherLetter(c));
    const auto pair = std::ranges::find(kPairs, letter, &Pair::letter);
    if (pair == kPairs.end()) return out.push_back(letter);
    out += pair->text;
}

}  // namespace

std::vector<std::string> foldedWords(std::string_view text, std::size_t most) {
    std::vector<std::string> words;
    std::string word;
    const auto end = [&] {
        if (!word.empty() && words.size() < most) words.push_back(word);
        word.clear();
    };
    while (!text.empty()) {
        const auto [shown, size] = first(text);
        text.remove_prefix(std::min(size, text.size()));
        const char32_t code = narrow(shown);
        if (isPassedOver(code)) continue;
        if (isBetweenWords(code))
            end();
        else
            appendFolded(word, code);
    }
    end();
    return words;
}

std::vector<std::string_view> characters(std::string_view text) {
    std::vector<std::string_view> out;
    for (std::size_t at = 0; at < text.size();) {
        out.push_back(text.substr(at, first(text.substr(at)).size));
        at += out.back().size();
    }
    return out;
}

}  // namespace kith::directory
