// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "protocol/base/instant.h"
#include "protocol/crypto/aead.h"
#include "protocol/crypto/suite.h"

namespace kith::link {

/// Link id 8, generation 1, low bytes of the number 4.
inline constexpr std::size_t kHeaderSize = 13;

/// Seals and opens the packets of one link and moves its keys on. secret(0) comes from the handshake; HKDF-Expand of
/// secret(g) gives a packet key and IV per direction, the media secret(g) and secret(g+1), then secret(g) is gone. Both
/// directions are in the same generation, up to a flight: whoever opens a packet of the next one follows at once.
///
/// In clear in the header is the link id alone; generation and number are masked after RFC 9001 5.4, with a key per
/// direction that doesn't change. The whole header is authenticated.
class PacketProtection {
public:
    static constexpr Duration kMaxAge = std::chrono::hours(1);
    static constexpr std::uint64_t kMaxPackets = std::uint64_t{1} << 24;

    /// Takes the secrets over and wipes them.
    PacketProtection(Instant now, crypto::Side side, crypto::LinkSecrets& secrets);
    ~PacketProtection();
    PacketProtection(const PacketProtection&) = delete;
    PacketProtection& operator=(const PacketProtection&) = delete;

    /// `packet` = 8 bytes of link id, 5 left free, the body, 16 left free. A number is used once in a link's life.
    void seal(crypto::AeadCipher& cipher, std::uint64_t number, ByteSpan packet);

    enum class Age : std::uint8_t { Previous, Present, Next };
    struct Opened {
        std::uint64_t number;
        Age age;  ///< Next: call advance()
        std::size_t bodySize;
    };
    /// Writes the body to the front of `body`, which is as long as the packet at least. `expected` is the number after
    /// the largest that was received. Nothing: not authentic, or a generation whose key we don't have.
    std::optional<Opened> open(crypto::AeadCipher& cipher, Instant now, std::uint64_t expected, ByteView packet,
                               ByteSpan body);

    /// A packet of the present generation was opened: the one before is needed for `threePto` longer.
    void presentConfirmed(Instant now, Duration threePto);
    /// Moves both directions on. `nextNumber` is the first number to be sealed with the new keys.
    void advance(Instant now, std::uint64_t nextNumber);
    /// The other end acknowledged this number of ours.
    void acknowledged(std::uint64_t number);
    /// It is time to advance(): old or much used, and known to the other end.
    [[nodiscard]] bool isWorn(Instant now) const;
    /// Wipes the keys of the generation before when nobody needs them any more.
    void dropExpired(Instant now);

    [[nodiscard]] std::uint32_t generation() const { return m_generation; }
    [[nodiscard]] const ByteArray<32>& mediaSecret() const { return m_media; }
    /// By the low byte of the generation: this one or the one before.
    [[nodiscard]] const ByteArray<32>* mediaSecret(std::uint8_t generation) const;

private:
    struct Key {
        crypto::AeadCipher::Key key{};
        crypto::AeadCipher::Nonce iv{};
    };
    /// What comes out of secret(g).
    struct Generation {
        Key client;
        Key server;
        ByteArray<32> media;
        ByteArray<32> next;
    };

    static Generation derive(const ByteArray<32>& secret);
    static crypto::AeadCipher::Nonce nonceOf(const Key& key, std::uint64_t number);
    void install(Generation& keys);
    [[nodiscard]] std::optional<Key> keyFor(std::uint8_t generation, Instant now) const;

    /// The generation before.
    struct Previous {
        Key receive;
        ByteArray<32> media{};
        Instant until = kNever;

        ~Previous() { wipe(receive.key), wipe(media); }
    };

    crypto::Side m_side;
    bool m_isAcknowledged = false;
    std::uint32_t m_generation = 0;
    crypto::AeadCipher::Key m_sendMask{};
    crypto::AeadCipher::Key m_receiveMask{};
    Key m_send;
    Key m_receive;
    ByteArray<32> m_media{};
    ByteArray<32> m_next{};
    std::unique_ptr<Previous> m_previous;  ///< most links never live long enough to have one
    Instant m_since;
    std::uint64_t m_firstNumber = 0;
    std::uint64_t m_sealed = 0;
};

}  // namespace kith::link
