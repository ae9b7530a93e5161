// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>

#include "protocol/base/bytes.h"
#include "protocol/base/random.h"
#include "protocol/base/result.h"
#include "protocol/crypto/keys.h"
#include "protocol/crypto/secret.h"

/// HPKE (RFC 9180), base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
namespace kith::crypto {

inline constexpr std::size_t kHpkeKeySize = 32;   ///< of the encapsulated key
inline constexpr std::size_t kHpkeOverhead = 48;  ///< encapsulated key and tag

/// One end of an encryption context: messages in order, and secrets that both ends can derive (RFC 9180 5.3).
class HpkeContext {
public:
    /// BadKey if the receiver's key is no good. `encapsulated` is what the receiver needs.
    static Result<HpkeContext> toReceiver(const ByteArray<32>& receiverKey, ByteView info, RandomSource& random,
                                          ByteArray<32>& encapsulated);
    static Result<HpkeContext> toReceiver(const ByteArray<32>& receiverKey, ByteView info, const SealingKey& ephemeral);
    static Result<HpkeContext> fromSender(const ByteArray<32>& encapsulated, const SealingKey& receiver, ByteView info);

    Bytes seal(ByteView associated, ByteView plain);
    /// After BadSeal the next message can still be opened.
    Result<Bytes> open(ByteView associated, ByteView sealed);
    /// RFC 9180 5.3; fills `out`, at most 255 * 32 bytes.
    void exportSecret(ByteView exporterContext, ByteSpan out) const;

private:
    HpkeContext() = default;
    static HpkeContext schedule(const ByteArray<32>& sharedSecret, ByteView info);
    [[nodiscard]] ByteArray<12> nextNonce() const;

    Secret<32> m_key;
    ByteArray<12> m_baseNonce{};
    Secret<32> m_exporterSecret;
    std::uint64_t m_sequence = 0;
};

/// One message: encapsulated key (32), ciphertext and tag.
Result<Bytes> hpkeSeal(const ByteArray<32>& receiverKey, ByteView info, ByteView associated, ByteView plain,
                       RandomSource& random);
Result<Bytes> hpkeOpen(const SealingKey& receiver, ByteView info, ByteView associated, ByteView sealed);

}  // namespace kith::crypto
