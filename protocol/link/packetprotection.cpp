// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/link/packetprotection.h"

#include <algorithm>
#include <cassert>

#include "protocol/crypto/hash.h"
#include "protocol/link/packetnumber.h"

namespace kith::link {

namespace {

using Cipher = crypto::AeadCipher;

constexpr std::size_t kIdSize = 8;

void wipeAll(auto&... secrets) {
    (wipe(secrets), ...);
}

std::uint32_t lowNumber(ByteView header) {
    std::uint32_t low = 0;
    for (std::size_t i = kIdSize + 1; i < kHeaderSize; ++i) low = low << 8 | std::to_integer<std::uint32_t>(header[i]);
    return low;
}

/// Generation and number are five bytes; masking twice with the same sample undoes it.
void applyMask(Cipher& cipher, const Cipher::Key& key, ByteView sealed, ByteSpan header) {
    ByteArray<16> sample;
    std::copy_n(sealed.begin(), sample.size(), sample.begin());
    const ByteArray<16> mask = cipher.headerMask(key, sample);
    for (std::size_t i = kIdSize; i < kHeaderSize; ++i) header[i] ^= mask[i - kIdSize];
}

}  // namespace

PacketProtection::PacketProtection(Instant now, crypto::Side side, crypto::LinkSecrets& secrets)
    : m_side(side), m_since(now) {
    const bool isClient = side == crypto::Side::Client;
    m_sendMask = isClient ? secrets.clientHeaderKey : secrets.serverHeaderKey;
    m_receiveMask = isClient ? secrets.serverHeaderKey : secrets.clientHeaderKey;
    Generation keys = derive(secrets.secret);
    install(keys);
    wipeAll(secrets.secret, secrets.clientHeaderKey, secrets.serverHeaderKey);
}

PacketProtection::~PacketProtection() {
    wipeAll(m_sendMask, m_receiveMask, m_send.key, m_receive.key, m_media, m_next);
}

PacketProtection::Generation PacketProtection::derive(const ByteArray<32>& secret) {
    Generation keys;
    keys.client.key = crypto::hkdfExpand<32>(secret, "kith link client key");
    keys.client.iv = crypto::hkdfExpand<12>(secret, "kith link client iv");
    keys.server.key = crypto::hkdfExpand<32>(secret, "kith link server key");
    keys.server.iv = crypto::hkdfExpand<12>(secret, "kith link server iv");
    keys.media = crypto::hkdfExpand<32>(secret, "kith link media");
    keys.next = crypto::hkdfExpand<32>(secret, "kith link next");
    return keys;
}

void PacketProtection::install(Generation& keys) {
    const bool isClient = m_side == crypto::Side::Client;
    m_send = isClient ? keys.client : keys.server;
    m_receive = isClient ? keys.server : keys.client;
    m_media = keys.media;
    m_next = keys.next;
    wipeAll(keys.client.key, keys.server.key, keys.media, keys.next);
}

Cipher::Nonce PacketProtection::nonceOf(const Key& key, std::uint64_t number) {
    Cipher::Nonce nonce = key.iv;
    for (std::size_t i = 0; i < 8; ++i) nonce[nonce.size() - 1 - i] ^= std::byte(number >> (8 * i) & 0xff);
    return nonce;
}

void PacketProtection::seal(Cipher& cipher, std::uint64_t number, ByteSpan packet) {
    assert(packet.size() >= kHeaderSize + Cipher::kTagSize);
    const ByteSpan header = packet.first(kHeaderSize);
    const ByteSpan sealed = packet.subspan(kHeaderSize);
    header[kIdSize] = std::byte(m_generation & 0xff);
    for (std::size_t i = 0; i < 4; ++i) header[kHeaderSize - 1 - i] = std::byte(number >> (8 * i) & 0xff);
    cipher.seal(m_send.key, nonceOf(m_send, number), header, sealed.first(sealed.size() - Cipher::kTagSize), sealed);
    applyMask(cipher, m_sendMask, sealed, header);
    ++m_sealed;
}

std::optional<PacketProtection::Key> PacketProtection::keyFor(std::uint8_t generation, Instant now) const {
    if (generation == static_cast<std::uint8_t>(m_generation)) return m_receive;
    if (generation == static_cast<std::uint8_t>(m_generation - 1) && m_previous && now < m_previous->until)
        return m_previous->receive;
    if (generation != static_cast<std::uint8_t>(m_generation + 1)) return std::nullopt;
    // Derived anew for each packet that claims to be of the next generation: such claims are one hour apart, and a
    // forged one has to hit one of 256 values under the mask.
    Generation keys = derive(m_next);
    const Key key = m_side == crypto::Side::Client ? keys.server : keys.client;
    wipeAll(keys.client.key, keys.server.key, keys.media, keys.next);
    return key;
}

std::optional<PacketProtection::Opened> PacketProtection::open(Cipher& cipher, Instant now, std::uint64_t expected,
                                                               ByteView packet, ByteSpan body) {
    if (packet.size() < kHeaderSize + Cipher::kTagSize) return std::nullopt;
    ByteArray<kHeaderSize> header;
    std::copy_n(packet.begin(), kHeaderSize, header.begin());
    const ByteView sealed = packet.subspan(kHeaderSize);
    applyMask(cipher, m_receiveMask, sealed, header);

    const auto generation = std::to_integer<std::uint8_t>(header[kIdSize]);
    std::optional<Key> key = keyFor(generation, now);
    if (!key) return std::nullopt;
    const std::uint64_t number = decodePacketNumber(expected, lowNumber(header));
    const std::size_t bodySize = sealed.size() - Cipher::kTagSize;
    const bool isGood = cipher.open(key->key, nonceOf(*key, number), header, sealed, body.first(bodySize));
    wipe(key->key);
    if (!isGood) return std::nullopt;
    const auto ahead = static_cast<std::int8_t>(generation - static_cast<std::uint8_t>(m_generation));
    return Opened{number, ahead < 0 ? Age::Previous : ahead == 0 ? Age::Present : Age::Next, bodySize};
}

void PacketProtection::presentConfirmed(Instant now, Duration threePto) {
    if (m_previous && m_previous->until == kNever) m_previous->until = now + threePto;
}

void PacketProtection::advance(Instant now, std::uint64_t nextNumber) {
    m_previous = std::make_unique<Previous>();
    m_previous->receive = m_receive;
    m_previous->media = m_media;
    Generation keys = derive(m_next);
    install(keys);
    ++m_generation;
    m_since = now;
    m_sealed = 0;
    m_firstNumber = nextNumber;
    m_isAcknowledged = false;
}

void PacketProtection::acknowledged(std::uint64_t number) {
    if (number >= m_firstNumber) m_isAcknowledged = true;
}

bool PacketProtection::isWorn(Instant now) const {
    return m_isAcknowledged && (m_sealed >= kMaxPackets || now - m_since >= kMaxAge);
}

void PacketProtection::dropExpired(Instant now) {
    if (m_previous && now >= m_previous->until) wipe(m_previous->receive.key);
}

const ByteArray<32>* PacketProtection::mediaSecret(std::uint8_t generation) const {
    if (generation == static_cast<std::uint8_t>(m_generation)) return &m_media;
    if (m_previous && generation == static_cast<std::uint8_t>(m_generation - 1)) return &m_previous->media;
    return nullptr;
}

}  // namespace kith::link
