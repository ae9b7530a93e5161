// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/crypto/hpke.h"

#include "protocol/base/bytereader.h"
#include "protocol/base/bytewriter.h"
#include "protocol/crypto/aead.h"
#include "protocol/crypto/hash.h"

namespace kith::crypto {

namespace {

// RFC 9180 7: KEM 0x0020, KDF 0x0001, AEAD 0x0002.
constexpr std::string_view kKemSuite{"KEM\x00\x20", 5};
constexpr std::string_view kHpkeSuite{"HPKE\x00\x20\x00\x01\x00\x02", 10};
constexpr std::string_view kVersion = "HPKE-v1";

Bytes labeled(std::string_view suite, std::string_view label, ByteView data) {
    Bytes out = toBytes(kVersion);
    append(out, asBytes(suite));
    append(out, asBytes(label));
    append(out, data);
    return out;
}

Digest labeledExtract(std::string_view suite, ByteView salt, std::string_view label, ByteView keyMaterial) {
    Bytes input = labeled(suite, label, keyMaterial);
    const WipeAtEnd wiped(input);
    return hkdfExtract(salt, input);
}

void labeledExpand(std::string_view suite, ByteView key, std::string_view label, ByteView info, ByteSpan out) {
    Bytes input;
    ByteWriter(input).u16(static_cast<std::uint16_t>(out.size()));
    append(input, labeled(suite, label, info));
    hkdfExpand(key, input, out);
}

/// ExtractAndExpand of RFC 9180 4.1.
Secret<32> kemSecret(const ByteArray<32>& agreed, const ByteArray<32>& encapsulated, const ByteArray<32>& receiver) {
    Bytes context = toBytes(encapsulated);
    append(context, receiver);
    Secret<32> extracted(labeledExtract(kKemSuite, {}, "eae_prk", agreed));
    Secret<32> out;
    labeledExpand(kKemSuite, extracted.bytes, "shared_secret", context, out.bytes);
    return out;
}

}  // namespace

Result<HpkeContext> HpkeContext::toReceiver(const ByteArray<32>& receiverKey, ByteView info, RandomSource& random,
                                            ByteArray<32>& encapsulated) {
    const SealingKey ephemeral = SealingKey::generate(random);
    encapsulated = ephemeral.publicKey();
    return toReceiver(receiverKey, info, ephemeral);
}

Result<HpkeContext> HpkeContext::toReceiver(const ByteArray<32>& receiverKey, ByteView info,
                                            const SealingKey& ephemeral) {
    auto agreed = ephemeral.agree(receiverKey);
    if (!agreed) return tl::make_unexpected(agreed.error());
    const auto secret = kemSecret(*agreed, ephemeral.publicKey(), receiverKey);
    wipe(*agreed);
    return schedule(secret.bytes, info);
}

Result<HpkeContext> HpkeContext::fromSender(const ByteArray<32>& encapsulated, const SealingKey& receiver,
                                            ByteView info) {
    auto agreed = receiver.agree(encapsulated);
    if (!agreed) return tl::make_unexpected(agreed.error());
    const auto secret = kemSecret(*agreed, encapsulated, receiver.publicKey());
    wipe(*agreed);
    return schedule(secret.bytes, info);
}

/// KeySchedule of RFC 9180 5.1, mode_base: no pre-shared key.
HpkeContext HpkeContext::schedule(const ByteArray<32>& sharedSecret, ByteView info) {
    Bytes context(1, std::byte{0});
    append(context, labeledExtract(kHpkeSuite, {}, "psk_id_hash", {}));
    append(context, labeledExtract(kHpkeSuite, {}, "info_hash", info));
    const Secret<32> secret(labeledExtract(kHpkeSuite, sharedSecret, "secret", {}));
    HpkeContext out;
    labeledExpand(kHpkeSuite, secret.bytes, "key", context, out.m_key.bytes);
    labeledExpand(kHpkeSuite, secret.bytes, "base_nonce", context, out.m_baseNonce);
    labeledExpand(kHpkeSuite, secret.bytes, "exp", context, out.m_exporterSecret.bytes);
    return out;
}

ByteArray<12> HpkeContext::nextNonce() const {
    ByteArray<12> nonce = m_baseNonce;
    for (std::size_t i = 0; i < 8; ++i) nonce[11 - i] ^= static_cast<std::byte>(m_sequence >> 8 * i & 255U);
    return nonce;
}

Bytes HpkeContext::seal(ByteView associated, ByteView plain) {
    Bytes out(plain.size() + AeadCipher::kTagSize);
    AeadCipher::ofThisThread().seal(m_key.bytes, nextNonce(), associated, plain, out);
    ++m_sequence;
    return out;
}

Result<Bytes> HpkeContext::open(ByteView associated, ByteView sealed) {
    if (sealed.size() < AeadCipher::kTagSize) return fail(Fault::Truncated, "HPKE");
    Bytes out(sealed.size() - AeadCipher::kTagSize);
    if (!AeadCipher::ofThisThread().open(m_key.bytes, nextNonce(), associated, sealed, out))
        return fail(Fault::BadSeal, "HPKE");
    ++m_sequence;
    return out;
}

void HpkeContext::exportSecret(ByteView exporterContext, ByteSpan out) const {
    labeledExpand(kHpkeSuite, m_exporterSecret.bytes, "sec", exporterContext, out);
}

Result<Bytes> hpkeSeal(const ByteArray<32>& receiverKey, ByteView info, ByteView associated, ByteView plain,
                       RandomSource& random) {
    ByteArray<32> encapsulated;
    auto context = HpkeContext::toReceiver(receiverKey, info, random, encapsulated);
    if (!context) return tl::make_unexpected(context.error());
    Bytes out = toBytes(encapsulated);
    append(out, context->seal(associated, plain));
    return out;
}

Result<Bytes> hpkeOpen(const SealingKey& receiver, ByteView info, ByteView associated, ByteView sealed) {
    ByteReader reader(sealed);
    const auto encapsulated = reader.array<32>();
    if (!encapsulated) return tl::make_unexpected(encapsulated.error());
    auto context = HpkeContext::fromSender(*encapsulated, receiver, info);
    if (!context) return tl::make_unexpected(context.error());
    return context->open(associated, reader.rest());
}

}  // namespace kith::crypto
