// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kith::app {

/// What somebody typed behind `kith-server`: a command, words, and options with or without a value.
class CommandLine {
public:
    enum class Kind { Flag, Value, Values };
    using Options = std::map<std::string, Kind, std::less<>>;

    /// Takes `--name value` and `--name=value`. A text says what is wrong.
    static std::optional<std::string> parse(const std::vector<std::string>& arguments, const Options& options,
                                            CommandLine& out);

    [[nodiscard]] const std::vector<std::string>& words() const { return m_words; }
    [[nodiscard]] bool has(std::string_view option) const { return m_values.contains(option); }
    /// The last one that was given; empty: none.
    [[nodiscard]] std::string value(std::string_view option) const;
    [[nodiscard]] std::vector<std::string> values(std::string_view option) const;

private:
    std::vector<std::string> m_words;
    std::map<std::string, std::vector<std::string>, std::less<>> m_values;
};

/// A number from `least` to `most` and nothing else.
std::optional<unsigned> numberOf(std::string_view text, unsigned least, unsigned most);

}  // namespace kith::app
