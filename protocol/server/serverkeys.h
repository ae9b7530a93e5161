// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <tuple>

#include "protocol/crypto/certificate.h"
#include "protocol/crypto/keys.h"
#include "protocol/crypto/secret.h"
#include "protocol/wire/message.h"

namespace kith::server {

/// Everything secret that a running server needs, and the certificates above it. Not the root key: that makes a new
/// intermediate every 90 days and otherwise lies off line.
struct ServerKeys {
    Bytes rootCertificate;
    Bytes intermediateCertificate;
    ByteArray<32> intermediateSeed{};
    ByteArray<32> loginServerSeed{};
    ByteArray<32> supernodeSeed{};
    ByteArray<32> secret{};  ///< what the server derives secrets of its own from: derive()

    /// A new network at this time, under this root key.
    static ServerKeys make(const crypto::SigningKey& rootKey, UnixTime now, RandomSource& random);
    /// A new intermediate certificate for a new key; the leaves under the old one stay good until their dates.
    /// WrongRootKey: it is not the root key of this network.
    Result<void> renew(const crypto::SigningKey& rootKey, UnixTime now, RandomSource& random);

    ServerKeys() = default;
    ServerKeys(const ServerKeys&) = default;
    ServerKeys(ServerKeys&&) = default;
    ServerKeys& operator=(const ServerKeys&) = default;
    ServerKeys& operator=(ServerKeys&&) = default;
    ~ServerKeys();

    static constexpr auto fields() {
        return std::tuple{wire::field<&ServerKeys::rootCertificate>(0, "rootCertificate"),
                          wire::field<&ServerKeys::intermediateCertificate>(1, "intermediateCertificate"),
                          wire::field<&ServerKeys::intermediateSeed>(2, "intermediateSeed"),
                          wire::field<&ServerKeys::loginServerSeed>(3, "loginServerSeed"),
                          wire::field<&ServerKeys::supernodeSeed>(4, "supernodeSeed"),
                          wire::field<&ServerKeys::secret>(5, "secret")};
    }
};

/// What a supernode needs that stands apart from its login server: nothing to sign with but its own key.
struct NodeKeys {
    ByteArray<32> seed{};    ///< of the node's key
    ByteArray<32> secret{};  ///< as in ServerKeys
    Bytes chain;             ///< its certificate as the login server gave it; empty before
    std::string code;        ///< what it asks for the first one with

    static NodeKeys make(std::string code, RandomSource& random);

    NodeKeys() = default;
    NodeKeys(const NodeKeys&) = default;
    NodeKeys(NodeKeys&&) = default;
    NodeKeys& operator=(const NodeKeys&) = default;
    NodeKeys& operator=(NodeKeys&&) = default;
    ~NodeKeys();

    static constexpr auto fields() {
        return std::tuple{wire::field<&NodeKeys::seed>(0, "seed"), wire::field<&NodeKeys::secret>(1, "secret"),
                          wire::field<&NodeKeys::chain>(2, "chain"), wire::field<&NodeKeys::code>(3, "code")};
    }
};

/// Either, checked and ready for use. Copies share the keys.
class ServerIdentity {
public:
    /// CertificateInvalid: the certificates don't fit together or not the keys.
    static Result<ServerIdentity> make(const ServerKeys& keys);
    /// CertificateInvalid: the chain can't be read.
    static Result<ServerIdentity> ofNode(const NodeKeys& keys, const crypto::Trust& trust);

    /// Not of a supernode that stands alone, nor loginServer().
    [[nodiscard]] const crypto::Issuer& issuer() const { return *m_issuer; }
    [[nodiscard]] const crypto::Trust& trust() const { return m_trust; }
    [[nodiscard]] NodeId node() const { return NodeId{m_supernodeKey->publicKey()}; }

    /// Leaves of today under the intermediate; they last kLoginServerLife and kSupernodeLife, or until the intermediate
    /// ends.
    [[nodiscard]] std::shared_ptr<const crypto::Credentials> loginServer(UnixTime now, RandomSource& random) const;
    /// What a supernode that stands alone was given; null: nothing yet.
    [[nodiscard]] std::shared_ptr<const crypto::Credentials> supernode(UnixTime now, RandomSource& random) const;

    /// A secret for one purpose.
    [[nodiscard]] ByteArray<32> derive(std::string_view label) const;

private:
    ServerIdentity() = default;

    crypto::Trust m_trust;
    std::shared_ptr<const crypto::Issuer> m_issuer;
    std::shared_ptr<const crypto::Credentials> m_given;  ///< without an issuer
    std::shared_ptr<const crypto::SigningKey> m_loginServerKey;
    std::shared_ptr<const crypto::SigningKey> m_supernodeKey;
    crypto::Secret<32> m_secret;
};

}  // namespace kith::server
