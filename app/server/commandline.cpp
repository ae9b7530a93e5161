// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/server/commandline.h"

#include <charconv>

namespace kith::app {

std::optional<std::string> CommandLine::parse(const std::vector<std::string>& arguments, const Options& options,
                                              CommandLine& out) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& argument = arguments[i];
        if (!argument.starts_with("--")) {
            out.m_words.push_back(argument);
            continue;
        }
        const auto equals = argument.find('=');
        const std::string name = argument.substr(2, equals == std::string::npos ? equals : equals - 2);
        const auto known = options.find(name);
        if (known == options.end()) return "There is no option --" + name + " here.";
        if (known->second == Kind::Flag) {
            if (equals != std::string::npos) return "--" + name + " takes no value.";
            out.m_values[name];
            continue;
        }
        if (known->second == Kind::Value && out.has(name)) return "--" + name + " was given twice.";
        if (equals == std::string::npos && i + 1 == arguments.size()) return "--" + name + " needs a value.";
        out.m_values[name].push_back(equals == std::string::npos ? arguments[++i] : argument.substr(equals + 1));
    }
    return std::nullopt;
}

std::string CommandLine::value(std::string_view option) const {
    const auto at = m_values.find(option);
    return at == m_values.end() || at->second.empty() ? std::string() : at->second.back();
}

std::vector<std::string> CommandLine::values(std::string_view option) const {
    const auto at = m_values.find(option);
    return at == m_values.end() ? std::vector<std::string>() : at->second;
}

std::optional<unsigned> numberOf(std::string_view text, unsigned least, unsigned most) {
    unsigned out = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (failure != std::errc{} || end != text.data() + text.size() || out < least || out > most) return std::nullopt;
    return out;
}

}  // namespace kith::app
