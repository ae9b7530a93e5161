// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <algorithm>

#include "protocol/base/bytes.h"

namespace kith::rtp {

/// Writes big-endian numbers into memory of the caller's, who has seen to it that there is room.
class SpanWriter {
public:
    explicit SpanWriter(ByteSpan out) : m_out(out) {}

    template <class T>
    SpanWriter& number(T value) {
        for (std::size_t i = 0; i < sizeof(T); ++i)
            m_out[m_size++] = static_cast<std::byte>(value >> (8 * (sizeof(T) - 1 - i)));
        return *this;
    }
    SpanWriter& bytes(ByteView view) {
        std::copy(view.begin(), view.end(), m_out.subspan(m_size, view.size()).begin());
        m_size += view.size();
        return *this;
    }
    [[nodiscard]] std::size_t size() const { return m_size; }

private:
    ByteSpan m_out;
    std::size_t m_size = 0;
};

}  // namespace kith::rtp
