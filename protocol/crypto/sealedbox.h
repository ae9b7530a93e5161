// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/base/bytes.h"
#include "protocol/base/random.h"
#include "protocol/base/result.h"

/// Something kept where others can reach it: nonce (12 random bytes), AES-256-GCM ciphertext, tag (16).
namespace kith::crypto {

inline constexpr std::size_t kSealedBoxOverhead = 28;

/// At most 2^32 boxes under one key (NIST SP 800-38D 8.3).
Bytes sealBox(const ByteArray<32>& key, ByteView associated, ByteView plain, RandomSource& random);
/// BadSeal: altered, other key or other associated data; Truncated: too short to be one.
Result<Bytes> openBox(const ByteArray<32>& key, ByteView associated, ByteView box);

}  // namespace kith::crypto
