// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kith {

using Bytes = std::vector<std::byte>;
using ByteView = std::span<const std::byte>;
using ByteSpan = std::span<std::byte>;
template <std::size_t N>
using ByteArray = std::array<std::byte, N>;

Bytes toBytes(std::string_view text);
inline Bytes toBytes(ByteView view) {
    return {view.begin(), view.end()};
}
/// The bytes as characters, unchecked; the view lives as long as what it looks at.
std::string_view asText(ByteView bytes);
ByteView asBytes(std::string_view text);

void append(Bytes& to, ByteView what);

std::string toHex(ByteView bytes);
std::optional<Bytes> fromHex(std::string_view text);
/// RFC 4648 section 5, no padding.
std::string toBase64Url(ByteView bytes);
std::optional<Bytes> fromBase64Url(std::string_view text);

/// Takes the same time wherever the two differ; different lengths are told at once.
bool equalInConstantTime(ByteView a, ByteView b);

/// Overwrites so that the compiler can't leave it out.
void wipe(ByteSpan secret);

/// Whether the text is well-formed UTF-8 (RFC 3629) without NUL.
bool isUtf8(std::string_view text);

template <std::size_t N>
std::optional<ByteArray<N>> toArray(ByteView bytes) {
    if (bytes.size() != N) return std::nullopt;
    ByteArray<N> out;
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}

}  // namespace kith
