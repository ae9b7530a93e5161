// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/crypto/sealedbox.h"

#include <algorithm>

#include "protocol/crypto/aead.h"

namespace kith::crypto {

Bytes sealBox(const ByteArray<32>& key, ByteView associated, ByteView plain, RandomSource& random) {
    Bytes box(plain.size() + kSealedBoxOverhead);
    const auto nonce = random.bytes<AeadCipher::kNonceSize>();
    std::copy(nonce.begin(), nonce.end(), box.begin());
    AeadCipher::ofThisThread().seal(key, nonce, associated, plain, ByteSpan(box).subspan(nonce.size()));
    return box;
}

Result<Bytes> openBox(const ByteArray<32>& key, ByteView associated, ByteView box) {
    if (box.size() < kSealedBoxOverhead) return fail(Fault::Truncated, "sealed box");
    const auto nonce = *toArray<AeadCipher::kNonceSize>(box.first(AeadCipher::kNonceSize));
    Bytes plain(box.size() - kSealedBoxOverhead);
    if (!AeadCipher::ofThisThread().open(key, nonce, associated, box.subspan(nonce.size()), plain))
        return fail(Fault::BadSeal, "sealed box");
    return plain;
}

}  // namespace kith::crypto
