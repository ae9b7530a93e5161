// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <chrono>
#include <string_view>

#include "protocol/base/ids.h"
#include "protocol/base/instant.h"
#include "protocol/base/random.h"
#include "protocol/base/result.h"
#include "protocol/crypto/identity.h"
#include "protocol/crypto/suite.h"

/// The network's X.509 certificates: root (Ed25519, self-signed, pinned by the hash of its raw public key) <-
/// intermediate of a login server <- leaves. All keys are Ed25519; a leaf has exactly one extended key usage, one of
/// our own; a chain is always these three. See SPEC.md.
namespace kith::crypto {

using Days = std::chrono::duration<std::int64_t, std::ratio<86400>>;
inline constexpr Days kRootLife{20 * 365};
inline constexpr Days kIntermediateLife{90};
inline constexpr Days kLoginServerLife{40};
inline constexpr Days kSupernodeLife{40};
inline constexpr Days kAccessLife{7};
inline constexpr Days kCredentialLife{40};
/// Begin of validity lies this much before the time of issue: clocks that are off by less than a day are corrected for.
inline constexpr std::chrono::hours kBackdate{25};
/// The same for what a login server shows: a clock that is further behind is told by how much, after the handshake.
inline constexpr Days kServerBackdate{31};

struct Validity {
    UnixTime notBefore;
    UnixTime notAfter;

    static Validity from(UnixTime now, Days life) { return {now - kBackdate, now + life}; }
    /// Of root, intermediate and login server.
    static Validity ofServer(UnixTime now, Days life) { return {now - kServerBackdate, now + life}; }
    friend bool operator==(const Validity&, const Validity&) = default;
};

ByteArray<32> rootKeyHash(const ByteArray<32>& rootPublicKey);
NetworkId networkOf(const ByteArray<32>& rootKeyHash);

/// DER. `random` gives the serial number.
Bytes makeRoot(const SigningKey& rootKey, const Validity& validity, RandomSource& random);
Bytes makeIntermediate(const SigningKey& rootKey, const Bytes& rootCertificate, const ByteArray<32>& publicKey,
                       const Validity& validity, RandomSource& random);

/// Makes leaves: `chain` = intermediate, root; `key` = the intermediate's. Keep the intermediate's last day beyond the
/// last day of what it issues, or chains fail by their dates early.
class Issuer {
public:
    /// CertificateInvalid if the chain is not that, or the key doesn't fit.
    static Result<Issuer> make(Credentials intermediate);

    [[nodiscard]] const ByteArray<32>& rootHash() const { return m_rootHash; }
    [[nodiscard]] const NetworkId& network() const { return m_network; }
    [[nodiscard]] UnixTime expires() const { return m_expires; }
    /// Intermediate and root: what follows every leaf.
    [[nodiscard]] const CertificateChain& chain() const { return m_own.chain; }

    [[nodiscard]] Bytes loginServer(const ByteArray<32>& publicKey, const Validity& v, RandomSource& random) const;
    [[nodiscard]] Bytes supernode(const ByteArray<32>& publicKey, const Validity& v, RandomSource& random) const;
    [[nodiscard]] Bytes access(const ByteArray<32>& publicKey, const ByteArray<16>& id, const Validity& v,
                               RandomSource& random) const;
    [[nodiscard]] Bytes person(const ByteArray<32>& publicKey, const UserName& user, const ByteArray<32>& userKeyHash,
                               const Validity& v, RandomSource& random) const;
    /// The leaf with what follows it.
    [[nodiscard]] CertificateChain chainOf(Bytes leaf) const;

private:
    Issuer() = default;

    Credentials m_own;
    ByteArray<32> m_rootHash{};
    NetworkId m_network;
    UnixTime m_expires{};
};

/// Who the chain says is there, or why it doesn't count: WrongRootKey (another network's root), CertificateDates
/// (nothing wrong but a date), CertificateInvalid, Malformed (no DER), TooLarge. Never Anonymous.
Result<PeerIdentity> verifyChain(const CertificateChain& chain, const Trust& trust, UnixTime now);

/// What a leaf says of itself, signatures and dates unchecked: for one's own certificates and for simulations.
struct CertificateFacts {
    PeerIdentity identity;
    ByteArray<32> publicKey{};
    Validity validity{};
};
Result<CertificateFacts> readLeaf(ByteView der, const NetworkId& network);

/// For signed records and sealed messages: number of certificates (1 byte), each with a 16-bit length in front.
Bytes encodeChain(const CertificateChain& chain);
Result<CertificateChain> decodeChain(ByteView bytes);
inline constexpr std::size_t kMaxCertificateSize = 2048;
inline constexpr std::size_t kMaxChainLength = 3;

}  // namespace kith::crypto
