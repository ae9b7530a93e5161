// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/base/bytewriter.h"

namespace kith {

namespace {

void bigEndian(Bytes& out, std::uint64_t value, unsigned bytes) {
    for (unsigned i = bytes; i-- > 0;) out.push_back(static_cast<std::byte>(value >> (8 * i) & 0xff));
}

}  // namespace

ByteWriter& ByteWriter::u8(std::uint8_t value) {
    bigEndian(m_out, value, 1);
    return *this;
}

ByteWriter& ByteWriter::u16(std::uint16_t value) {
    bigEndian(m_out, value, 2);
    return *this;
}

ByteWriter& ByteWriter::u32(std::uint32_t value) {
    bigEndian(m_out, value, 4);
    return *this;
}

ByteWriter& ByteWriter::u64(std::uint64_t value) {
    bigEndian(m_out, value, 8);
    return *this;
}

ByteWriter& ByteWriter::varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) m_out.push_back(static_cast<std::byte>(value | 0x80));
    m_out.push_back(static_cast<std::byte>(value));
    return *this;
}

ByteWriter& ByteWriter::bytes(ByteView value) {
    append(m_out, value);
    return *this;
}

std::size_t ByteWriter::varintSize(std::uint64_t value) {
    std::size_t size = 1;
    for (; value >= 0x80; value >>= 7) ++size;
    return size;
}

}  // namespace kith
