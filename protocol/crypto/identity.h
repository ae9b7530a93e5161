// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <variant>
#include <vector>

#include "protocol/base/ids.h"
#include "protocol/base/instant.h"

namespace kith::crypto {

/// X.509 certificates, DER, leaf first, root last.
using CertificateChain = std::vector<Bytes>;

/// Ed25519, 32 bytes; wiped when it goes.
class SigningKey;

/// What a certificate is for; an extended key usage each, so none can stand in for another.
enum class Use { LoginServer, Supernode, Access, Person };

/// The login server of the network.
struct LoginServerIdentity {};
struct SupernodeIdentity {
    NodeId node;
};
/// A client as supernodes see it: a random id, valid for a week.
struct AccessIdentity {
    ByteArray<16> id{};
};
/// A person's device as other people and the login server see it: the credential.
struct PersonIdentity {
    UserName user;
    DeviceId device;
    ByteArray<32> userKeyHash{};  ///< SHA-256 of the user key; the device list under that key has to name the device
    UnixTime expires{};
};
/// No certificate was shown.
struct Anonymous {};

/// Who is at the other end, from a certificate chain that was verified under the network's root key.
using PeerIdentity = std::variant<Anonymous, LoginServerIdentity, SupernodeIdentity, AccessIdentity, PersonIdentity>;

}  // namespace kith::crypto
