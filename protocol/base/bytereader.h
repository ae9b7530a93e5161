// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>

#include "protocol/base/bytes.h"
#include "protocol/base/result.h"

namespace kith {

/// Reads a byte string from front to back. Numbers are big-endian. Nothing is copied: views live as long as the input.
/// After an error the position is unspecified; stop reading.
class ByteReader {
public:
    explicit ByteReader(ByteView input) : m_rest(input) {}

    [[nodiscard]] std::size_t remaining() const { return m_rest.size(); }
    [[nodiscard]] bool atEnd() const { return m_rest.empty(); }

    Result<std::uint8_t> u8();
    Result<std::uint16_t> u16();
    Result<std::uint32_t> u32();
    Result<std::uint64_t> u64();
    /// Groups of 7 bits, least significant first, high bit = more follow; at most ten bytes. Only the shortest form of
    /// a number is accepted.
    Result<std::uint64_t> varint();
    Result<ByteView> bytes(std::size_t count);
    template <std::size_t N>
    Result<ByteArray<N>> array() {
        const auto view = bytes(N);
        if (!view) return tl::make_unexpected(view.error());
        return *toArray<N>(*view);
    }
    /// Everything that is left.
    ByteView rest();

private:
    template <class T>
    Result<T> bigEndian();

    ByteView m_rest;
};

}  // namespace kith
