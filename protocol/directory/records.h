// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "protocol/base/ids.h"
#include "protocol/base/instant.h"
#include "protocol/crypto/certificate.h"
#include "protocol/crypto/hash.h"
#include "protocol/crypto/suite.h"
#include "protocol/wire/message.h"

/// What the directory holds: records that prove themselves. Each is an object list (the blob) that was signed as the
/// bytes it is; whoever passes it on, passes on these bytes. See SPEC.md, "Records".
namespace kith::directory {

inline constexpr crypto::Days kUserRecordLife{40};
inline constexpr std::chrono::hours kLocationLife{72};
/// A record may expire this much later than its life allows: the writer's clock is not ours.
inline constexpr std::chrono::hours kClockTolerance{24};
inline constexpr std::size_t kMaxDevices = 16;
inline constexpr std::size_t kMaxDisplayName = 64;  ///< characters
inline constexpr std::size_t kMaxRecordBlob = 2048;
inline constexpr std::size_t kMaxEncodedChain = 6200;  ///< three certificates (crypto::encodeChain)

/// The index of a person's records: SHA-256 of the user key.
using PersonKey = Id<struct PersonKeyTag, 32>;
PersonKey personKey(const UserKey& userKey);

enum class Findable : std::uint8_t { Nobody, ExactName, Everybody };

/// Who somebody is; signed by the user key.
struct UserRecord {
    UserName name;
    UserKey userKey;
    std::string displayName;
    Findable findable = Findable::ExactName;
    std::uint64_t sequence = 0;
    UnixTime expires{};

    static constexpr auto fields() {
        return std::tuple{wire::field<&UserRecord::name>(0, "name"),
                          wire::field<&UserRecord::userKey>(1, "userKey"),
                          wire::field<&UserRecord::displayName>(2, "displayName", wire::Max{4 * kMaxDisplayName}),
                          wire::field<&UserRecord::findable>(3, "findable"),
                          wire::field<&UserRecord::sequence>(4, "sequence"),
                          wire::field<&UserRecord::expires>(5, "expires")};
    }
    friend bool operator==(const UserRecord&, const UserRecord&) = default;
};

/// Which devices count; signed by the user key, countersigned by a login server.
struct DeviceList {
    UserKey userKey;
    std::uint64_t epoch = 0;  ///< grows with each change; an older list is refused
    std::vector<DeviceId> devices;

    static constexpr auto fields() {
        return std::tuple{wire::field<&DeviceList::userKey>(0, "userKey"), wire::field<&DeviceList::epoch>(1, "epoch"),
                          wire::field<&DeviceList::devices>(2, "devices", wire::Max{kMaxDevices})};
    }
    friend bool operator==(const DeviceList&, const DeviceList&) = default;
};

/// Where a device is; signed by the device key. No addresses: those are for people who were let in.
struct Location {
    PersonKey person;
    DeviceId device;
    NodeId home;  ///< the supernode that holds its link
    LocationId location;
    ByteArray<32> sealingKey{};  ///< weekly X25519 key that rendezvous messages are sealed to
    std::uint64_t sequence = 0;
    UnixTime expires{};

    static constexpr auto fields() {
        return std::tuple{wire::field<&Location::person>(0, "person"),
                          wire::field<&Location::device>(1, "device"),
                          wire::field<&Location::home>(2, "home"),
                          wire::field<&Location::location>(3, "location"),
                          wire::field<&Location::sealingKey>(4, "sealingKey"),
                          wire::field<&Location::sequence>(5, "sequence"),
                          wire::field<&Location::expires>(6, "expires")};
    }
    friend bool operator==(const Location&, const Location&) = default;
};

// The same as they travel and are kept.

struct SignedUserRecord {
    Bytes record;               ///< encodeObjects(UserRecord)
    ByteArray<64> signature{};  ///< user key
    Bytes credential;           ///< chain of one of the person's devices: ties the name to the user key

    static constexpr auto fields() {
        return std::tuple{wire::field<&SignedUserRecord::record>(0, "record", wire::Max{kMaxRecordBlob}),
                          wire::field<&SignedUserRecord::signature>(1, "signature"),
                          wire::field<&SignedUserRecord::credential>(2, "credential", wire::Max{kMaxEncodedChain})};
    }
    friend bool operator==(const SignedUserRecord&, const SignedUserRecord&) = default;
};

struct SignedDeviceList {
    Bytes list;                        ///< encodeObjects(DeviceList)
    ByteArray<64> signature{};         ///< user key
    ByteArray<64> countersignature{};  ///< login server, over list and signature
    Bytes server;                      ///< the login server's chain; as long as it is valid, so is the list

    static constexpr auto fields() {
        return std::tuple{wire::field<&SignedDeviceList::list>(0, "list", wire::Max{kMaxRecordBlob}),
                          wire::field<&SignedDeviceList::signature>(1, "signature"),
                          wire::field<&SignedDeviceList::countersignature>(2, "countersignature"),
                          wire::field<&SignedDeviceList::server>(3, "server", wire::Max{kMaxEncodedChain})};
    }
    friend bool operator==(const SignedDeviceList&, const SignedDeviceList&) = default;
};

struct SignedLocation {
    Bytes location;             ///< encodeObjects(Location)
    ByteArray<64> signature{};  ///< device key
    Bytes credential;           ///< that device's chain

    static constexpr auto fields() {
        return std::tuple{wire::field<&SignedLocation::location>(0, "location", wire::Max{kMaxRecordBlob}),
                          wire::field<&SignedLocation::signature>(1, "signature"),
                          wire::field<&SignedLocation::credential>(2, "credential", wire::Max{kMaxEncodedChain})};
    }
    friend bool operator==(const SignedLocation&, const SignedLocation&) = default;
};

// Making them.

SignedUserRecord sign(crypto::Suite& suite, const NetworkId& network, const UserRecord& record,
                      const crypto::SigningKey& userKey, const crypto::CertificateChain& credential);
/// What the user key signs and the login server countersigns; `list` = encodeObjects(DeviceList).
Bytes deviceListMessage(const NetworkId& network, ByteView list);
Bytes countersignatureMessage(const NetworkId& network, ByteView list, const crypto::Signature& signature);
SignedLocation sign(crypto::Suite& suite, const NetworkId& network, const Location& location,
                    const crypto::SigningKey& deviceKey, const crypto::CertificateChain& credential);

// Judging them. All parts of the proof are checked: chains under the network's root, dates, signatures, and that what
// the blob says is what the certificates say. Faults: as crypto::verifyChain and wire::decodeObjects; BadSignature;
// CertificateInvalid (somebody else's certificate); CredentialExpired (the record); Malformed; ClockOff (lives too
// long).

struct Judge {
    crypto::Suite& suite;
    crypto::Trust trust;
};

struct VerifiedUserRecord {
    UserRecord record;
    UnixTime credentialExpires{};  ///< of two user keys that claim one name, the later credential counts
    UnixTime expires{};            ///< the earliest of all dates in it; so with the others
};
struct VerifiedDeviceList {
    DeviceList list;
    UnixTime expires{};
};
struct VerifiedLocation {
    Location location;
    UserName user;
    crypto::CertificateChain credential;
    UnixTime expires{};
};

Result<VerifiedUserRecord> verify(const Judge& judge, const SignedUserRecord& record, UnixTime now);
Result<VerifiedDeviceList> verify(const Judge& judge, const SignedDeviceList& list, UnixTime now);
Result<VerifiedLocation> verify(const Judge& judge, const SignedLocation& location, UnixTime now);

}  // namespace kith::directory

template <>
struct kith::wire::EnumRange<kith::directory::Findable> {
    static constexpr auto kLast = kith::directory::Findable::Everybody;
};
