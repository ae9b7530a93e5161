// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/base/bytereader.h"

#include <utility>

namespace kith {

template <class T>
Result<T> ByteReader::bigEndian() {
    const auto view = bytes(sizeof(T));
    if (!view) return tl::make_unexpected(view.error());
    std::uint64_t value = 0;
    for (const std::byte b : *view) value = value << 8 | std::to_integer<std::uint64_t>(b);
    return static_cast<T>(value);
}

Result<std::uint8_t> ByteReader::u8() {
    return bigEndian<std::uint8_t>();
}
Result<std::uint16_t> ByteReader::u16() {
    return bigEndian<std::uint16_t>();
}
Result<std::uint32_t> ByteReader::u32() {
    return bigEndian<std::uint32_t>();
}
Result<std::uint64_t> ByteReader::u64() {
    return bigEndian<std::uint64_t>();
}

Result<std::uint64_t> ByteReader::varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 70; shift += 7) {
        const auto byte = u8();
        if (!byte) return tl::make_unexpected(byte.error());
        const std::uint64_t group = *byte & 0x7fU;
        if (shift == 63 && group > 1) return fail(Fault::TooLarge, "varint over 64 bits");
        if (shift > 0 && *byte == 0) return fail(Fault::Malformed, "varint not in its shortest form");
        value |= group << shift;
        if ((*byte & 0x80U) == 0) return value;
    }
    return fail(Fault::TooLarge, "varint over ten bytes");
}

Result<ByteView> ByteReader::bytes(std::size_t count) {
    if (count > m_rest.size()) return fail(Fault::Truncated);
    const ByteView out = m_rest.first(count);
    m_rest = m_rest.subspan(count);
    return out;
}

ByteView ByteReader::rest() {
    return std::exchange(m_rest, {});
}

}  // namespace kith
