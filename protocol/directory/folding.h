// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Names as they are compared when somebody searches: case, accents and what stands between words don't matter.
///
/// Latin letters up to U+024F and in U+1E00 to U+1EFF lose case and accents (ß is ss, æ ae, œ oe, þ th, ø o, ł l);
/// Greek and Cyrillic letters lose case and accents, too (ё is е, й is и), and full-width ASCII is ASCII. Combining
/// marks U+0300 to U+036F count for nothing. Every other letter stays as it is: other scripts are compared without
/// regard to what else Unicode holds equal, and words of a script without spaces are found by the beginning of the
/// whole run.
namespace kith::directory {

/// The words of a text (UTF-8), folded: the runs of letters and digits. Signs, punctuation and spaces part them, only
/// an apostrophe is passed over. At most `most`; the rest is left out.
std::vector<std::string> foldedWords(std::string_view text, std::size_t most);

/// The characters of well-formed UTF-8, as views into it.
std::vector<std::string_view> characters(std::string_view text);

}  // namespace kith::directory
