// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <memory>

#include "protocol/base/bytes.h"

namespace kith::crypto {

/// AES-256-GCM over buffers of the caller. Holds one OpenSSL context a direction, which is keyed anew when the key
/// differs from the last one: a link stores only its 32 + 12 bytes. Allocates nothing after construction.
/// Not for two threads at once; ofThisThread() is the one that everything on a thread shares.
class AeadCipher {
public:
    static constexpr std::size_t kKeySize = 32;
    static constexpr std::size_t kNonceSize = 12;
    static constexpr std::size_t kTagSize = 16;
    using Key = ByteArray<kKeySize>;
    using Nonce = ByteArray<kNonceSize>;

    static AeadCipher& ofThisThread();

    AeadCipher();
    ~AeadCipher();
    AeadCipher(const AeadCipher&) = delete;
    AeadCipher& operator=(const AeadCipher&) = delete;

    /// `out` has the size of `plain` and the tag after it, and may start where `plain` starts. A nonce is used once
    /// under a key.
    void seal(const Key& key, const Nonce& nonce, ByteView associated, ByteView plain, ByteSpan out);
    /// `out` is kTagSize shorter than `sealed` and may start where that starts. False: altered, or another key; then
    /// `out` is zeroed.
    [[nodiscard]] bool open(const Key& key, const Nonce& nonce, ByteView associated, ByteView sealed, ByteSpan out);

    /// The mask of header protection (RFC 9001 5.4.3): AES-256-ECB of a sample of the sealed body.
    ByteArray<16> headerMask(const Key& key, const ByteArray<16>& sample);

private:
    class Contexts;
    std::unique_ptr<Contexts> m_contexts;
};

}  // namespace kith::crypto
