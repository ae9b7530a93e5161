// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <initializer_list>

#include "protocol/base/bytes.h"

/// Hashes and key derivation, all on SHA-256.
namespace kith::crypto {

using Digest = ByteArray<32>;

Digest sha256(ByteView data);
/// Of the parts one after another, as if they were joined.
Digest sha256(std::initializer_list<ByteView> parts);

Digest hmacSha256(ByteView key, ByteView data);

/// RFC 5869. An empty salt counts as 32 zero bytes.
Digest hkdfExtract(ByteView salt, ByteView keyMaterial);
/// Fills `out`; at most 255 * 32 bytes.
void hkdfExpand(ByteView pseudoRandomKey, ByteView info, ByteSpan out);

template <std::size_t N>
ByteArray<N> hkdfExpand(ByteView pseudoRandomKey, std::string_view info) {
    ByteArray<N> out;
    hkdfExpand(pseudoRandomKey, asBytes(info), out);
    return out;
}

}  // namespace kith::crypto
