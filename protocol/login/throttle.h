// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "protocol/base/bytes.h"
#include "protocol/base/instant.h"

namespace kith::login {

/// Slows down who guesses: after a few free tries each wrong one doubles the time until the next is looked at. Nothing
/// is locked for ever: what was quiet for long enough is forgotten. Bounded; when it is full, who was quiet longest is
/// forgotten first.
class Throttle {
public:
    struct Options {
        int freeTries = 3;
        Duration first = std::chrono::seconds(1);
        Duration most = std::chrono::minutes(5);
        Duration forgetAfter = std::chrono::hours(6);
        std::size_t capacity = 50'000;
    };

    explicit Throttle(const Options& options) : m_options(options) {}

    /// How long this one still has to wait; zero: may try.
    [[nodiscard]] Duration waitOf(Now now, const std::string& key) const;
    void failed(Now now, const std::string& key);
    /// It was right: forgets the failures.
    void succeeded(const std::string& key);
    [[nodiscard]] std::size_t size() const { return m_entries.size(); }

private:
    struct Entry {
        int failures = 0;
        Instant last{};
        Instant until{};
    };
    void forget(const std::string& key);

    Options m_options;
    std::map<std::string, Entry> m_entries;
    std::set<std::pair<Instant, std::string>> m_byAge;
};

}  // namespace kith::login
