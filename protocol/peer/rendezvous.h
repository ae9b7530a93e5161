// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <set>
#include <tuple>

#include "protocol/base/ids.h"
#include "protocol/base/instant.h"
#include "protocol/crypto/certificate.h"
#include "protocol/crypto/keys.h"
#include "protocol/crypto/suite.h"
#include "protocol/wire/message.h"

/// The first thing a device says to another one: who calls, sealed to the weekly key of the other's location record, so
/// that the supernodes between learn neither who nor why. See SPEC.md, "Rendezvous".
namespace kith::peer {

using AttemptId = Id<struct AttemptTag, 16>;

/// What the caller comes for. A device answers strangers for a contact request only.
enum class Purpose : std::uint8_t { Person, ContactRequest };

inline constexpr std::size_t kMaxRendezvous = 4096;                  ///< sealed
inline constexpr std::chrono::seconds kRendezvousTolerance{5 * 60};  ///< between the clocks of the two devices

/// What the caller signs, with network and receiver (rendezvousMessage).
struct RendezvousBody {
    AttemptId attempt;
    ByteArray<16> secret{};  ///< direct packets of this attempt prove themselves with it
    UnixTime time{};
    Purpose purpose = Purpose::Person;

    static constexpr auto fields() {
        return std::tuple{
            wire::field<&RendezvousBody::attempt>(0, "attempt"), wire::field<&RendezvousBody::secret>(1, "secret"),
            wire::field<&RendezvousBody::time>(2, "time"), wire::field<&RendezvousBody::purpose>(3, "purpose")};
    }
    friend bool operator==(const RendezvousBody&, const RendezvousBody&) = default;
};

struct Rendezvous {
    RendezvousBody body;
    ByteArray<64> signature{};  ///< the caller's device key
    Bytes credential;           ///< the caller's chain (crypto::encodeChain)

    static constexpr auto fields() {
        return std::tuple{wire::field<&Rendezvous::body>(0, "body"),
                          wire::field<&Rendezvous::signature>(1, "signature"),
                          wire::field<&Rendezvous::credential>(2, "credential", wire::Max{kMaxRendezvous})};
    }
    friend bool operator==(const Rendezvous&, const Rendezvous&) = default;
};

/// To whom: from a verified location record.
struct Receiver {
    DeviceId device;
    ByteArray<32> sealingKey{};
};

/// Who called, proven.
struct Caller {
    crypto::PersonIdentity identity;
    RendezvousBody body;
};

/// HPKE's info: label, network, receiver's device. What one device was told can't be given to another.
Bytes rendezvousSealInfo(const NetworkId& network, const DeviceId& receiver);
/// What the signature is over: label, network, receiver's device, encodeObjects(body).
Bytes rendezvousMessage(const NetworkId& network, const DeviceId& receiver, const RendezvousBody& body);

/// BadKey if the receiver's key is no good; TooLarge if the chain doesn't fit.
Result<Bytes> sealRendezvous(crypto::Suite& suite, const NetworkId& network, const crypto::Credentials& caller,
                             const Receiver& receiver, const RendezvousBody& body, RandomSource& random);

/// Opens with one of our weekly keys and checks chain, signature and time. Faults: BadSeal (not for this key, or
/// altered), Malformed …, those of crypto::verifyChain, BadSignature, ClockOff (more than 5 min from our time).
Result<Caller> openRendezvous(crypto::Suite& suite, const crypto::Trust& trust, const DeviceId& receiver,
                              const crypto::SealingKey& key, ByteView sealed, UnixTime now);

/// Lets every attempt in once, and of one person only so many in ten minutes. Bounded; when it is full, newcomers are
/// refused: an attempt that could be forgotten could be replayed.
class ReplayGuard {
public:
    static constexpr std::size_t kMost = 1024;
    static constexpr std::size_t kMostOfOne = 30;

    /// Replayed, TooManyTries (of this person), or Busy (full).
    Result<void> admit(const UserName& user, const RendezvousBody& body, UnixTime now);

private:
    void forget(UnixTime now);

    struct Seen {
        UserName user;
        AttemptId attempt;
        UnixTime until;
    };
    std::vector<Seen> m_seen;  ///< oldest first
    std::set<AttemptId> m_attempts;
    std::map<UserName, std::size_t> m_counts;
};

}  // namespace kith::peer

template <>
struct kith::wire::EnumRange<kith::peer::Purpose> {
    static constexpr auto kLast = kith::peer::Purpose::ContactRequest;
};
