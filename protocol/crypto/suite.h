// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "protocol/base/instant.h"
#include "protocol/base/result.h"
#include "protocol/crypto/identity.h"

namespace kith::crypto {

enum class Side { Client, Server };

/// What the TLS exporter gives, once: everything a link's keys come from. Wiped by whoever is done with it.
struct LinkSecrets {
    ByteArray<32> secret{};           ///< secret(0)
    ByteArray<32> clientHeaderKey{};  ///< AES-256 key that masks the headers the TLS client sends
    ByteArray<32> serverHeaderKey{};
};

/// What one side shows: its chain and the key of the leaf. Shared: a server shows the same to thousands.
struct Credentials {
    CertificateChain chain;
    std::shared_ptr<const SigningKey> key;
};

/// Under which root certificates count, and when.
struct Trust {
    NetworkId network;
    ByteArray<32> rootKeyHash{};  ///< SHA-256 of the root's public key, from the network's link
};

struct HandshakeOptions {
    Side side = Side::Client;
    std::string_view alpn;                   ///< static: "kith-login", "kith-node", "kith-peer"
    std::shared_ptr<const Credentials> own;  ///< null: show nothing (a client only)
    bool demandPeer = true;                  ///< false: an anonymous client is let in
    std::optional<Use> peerUse{};            ///< what the other's certificate has to be for; none: any
    Trust trust;
    UnixTime now{};  ///< certificates' dates are judged by this
};

/// TLS 1.3 over memory: bytes in, bytes out, no records of its own on the wire. Freed as soon as it is done.
class Handshake {
public:
    virtual ~Handshake() = default;

    /// Takes what the other end sent (may be empty: starts a client) and appends what is to be sent to `out`.
    /// An error ends it: CertificateInvalid, CertificateDates, WrongRootKey, Malformed …; `out` may still hold an
    /// alert.
    virtual Result<void> advance(ByteView received, Bytes& out) = 0;
    /// This side has the other's Finished and has sent its own.
    [[nodiscard]] virtual bool isDone() const = 0;
    /// Who is there; only when done.
    [[nodiscard]] virtual PeerIdentity peer() const = 0;
    /// The chain that was shown, leaf first, empty if none; only when done.
    [[nodiscard]] virtual CertificateChain peerChain() const = 0;
    /// Only when done, and once.
    virtual LinkSecrets takeSecrets() = 0;
};

using Signature = ByteArray<64>;

/// The operations that a simulation of a million nodes replaces by cheap ones (tests/support); programs have one
/// implementation, ModernSuite. Everything else in this room is plain functions.
class Suite {
public:
    virtual ~Suite() = default;

    virtual std::unique_ptr<Handshake> handshake(const HandshakeOptions& options) = 0;
    virtual Signature sign(const SigningKey& key, ByteView message) = 0;
    virtual bool verify(const ByteArray<32>& publicKey, ByteView message, const Signature& signature) = 0;
};

}  // namespace kith::crypto
