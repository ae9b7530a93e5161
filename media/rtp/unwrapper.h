// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <type_traits>

namespace kith::rtp {

/// Continues a number that wraps (sequence, timestamp) as a wide one: each value is taken as the one nearest to the
/// value before, so it may go back as well as forward. The first keeps its value.
template <class T>
class Unwrapper {
    static_assert(std::is_unsigned_v<T> && sizeof(T) < 8);

public:
    std::int64_t unwrap(T value) {
        const std::int64_t wide = peek(value);
        m_last = wide;
        return wide;
    }
    /// The same without moving on.
    [[nodiscard]] std::int64_t peek(T value) const {
        if (!m_last) return value;
        using Signed = std::make_signed_t<T>;
        return *m_last + static_cast<Signed>(static_cast<T>(value - static_cast<T>(*m_last)));
    }

private:
    std::optional<std::int64_t> m_last;
};

}  // namespace kith::rtp
