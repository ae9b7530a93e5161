// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <bit>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace kith::test {

/// One number for a whole run. What goes in must not depend on ciphertext: times, ends, lengths, types, decoded events.
class TraceHash {
public:
    void add(std::initializer_list<std::uint64_t> values) {
        for (const std::uint64_t value : values) mix(value);
    }
    void add(std::string_view text) {
        mix(text.size());
        for (const char c : text) mix(static_cast<unsigned char>(c));
    }
    [[nodiscard]] std::uint64_t value() const { return m_state; }

private:
    void mix(std::uint64_t value) {
        m_state = std::rotl((m_state ^ value) * 0x9e3779b97f4a7c15U, 29);
        m_state ^= m_state >> 32;
    }

    std::uint64_t m_state = 0x6b697468;
};

}  // namespace kith::test
