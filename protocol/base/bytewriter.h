// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>

#include "protocol/base/bytes.h"

namespace kith {

/// Appends to a byte string that the caller owns, the counterpart of ByteReader.
class ByteWriter {
public:
    explicit ByteWriter(Bytes& out) : m_out(out) {}

    ByteWriter& u8(std::uint8_t value);
    ByteWriter& u16(std::uint16_t value);
    ByteWriter& u32(std::uint32_t value);
    ByteWriter& u64(std::uint64_t value);
    ByteWriter& varint(std::uint64_t value);
    ByteWriter& bytes(ByteView value);

    static std::size_t varintSize(std::uint64_t value);

private:
    Bytes& m_out;
};

}  // namespace kith
