// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "protocol/base/instant.h"
#include "protocol/base/result.h"
#include "protocol/crypto/certificate.h"
#include "protocol/crypto/keys.h"
#include "protocol/crypto/revocations.h"
#include "protocol/directory/records.h"
#include "protocol/wire/message.h"

/// What everybody of a network has to know of it, in two parts that are signed and numbered by themselves.
namespace kith::login {

inline constexpr std::size_t kMaxDocument = 32 * 1024;  ///< both parts together
inline constexpr std::size_t kMaxRevoked = 512;         ///< users, and accesses
inline constexpr std::size_t kMaxRevokedIntermediates = 64;

/// Signed by the root key: changes when the operator takes it out of the drawer.
struct RootPart {
    std::uint64_t number = 0;  ///< grows; older ones are refused
    UnixTime made{};
    std::uint32_t protocol = 1;
    std::vector<std::string> loginServers;            ///< host:port
    std::vector<ByteArray<32>> revokedIntermediates;  ///< SHA-256 of the certificate

    static constexpr auto fields() {
        return std::tuple{wire::field<&RootPart::number>(0, "number"), wire::field<&RootPart::made>(1, "made"),
                          wire::field<&RootPart::protocol>(2, "protocol"),
                          wire::field<&RootPart::loginServers>(3, "loginServers", wire::Max{16, 300}),
                          wire::field<&RootPart::revokedIntermediates>(4, "revokedIntermediates",
                                                                       wire::Max{kMaxRevokedIntermediates})};
    }
    friend bool operator==(const RootPart&, const RootPart&) = default;
};
struct SignedRootPart {
    Bytes part;  ///< encodeObjects(RootPart)
    ByteArray<64> signature{};
    ByteArray<32> rootKey{};  ///< public; its hash is what is pinned

    static constexpr auto fields() {
        return std::tuple{wire::field<&SignedRootPart::part>(0, "part", wire::Max{kMaxDocument}),
                          wire::field<&SignedRootPart::signature>(1, "signature"),
                          wire::field<&SignedRootPart::rootKey>(2, "rootKey")};
    }
    friend bool operator==(const SignedRootPart&, const SignedRootPart&) = default;
};

/// Signed by a login server, anew every hour.
struct ServerPart {
    std::uint64_t rootNumber = 0;  ///< of the root part it belongs to
    std::uint64_t number = 0;      ///< counts within that
    UnixTime made{};
    std::uint32_t slotCount = 1;  ///< of the directory; a power of two
    Bytes revokedUsers;           ///< SHA-256 of the user keys of disabled accounts, 32 bytes each
    Bytes revokedAccess;          ///< ids of access certificates, 16 bytes each

    static constexpr auto fields() {
        return std::tuple{wire::field<&ServerPart::rootNumber>(0, "rootNumber"),
                          wire::field<&ServerPart::number>(1, "number"),
                          wire::field<&ServerPart::made>(2, "made"),
                          wire::field<&ServerPart::slotCount>(3, "slotCount"),
                          wire::field<&ServerPart::revokedUsers>(4, "revokedUsers", wire::Max{kMaxRevoked * 32}),
                          wire::field<&ServerPart::revokedAccess>(5, "revokedAccess", wire::Max{kMaxRevoked * 16})};
    }
    friend bool operator==(const ServerPart&, const ServerPart&) = default;
};
struct SignedServerPart {
    Bytes part;  ///< encodeObjects(ServerPart)
    ByteArray<64> signature{};
    Bytes server;  ///< the login server's chain

    static constexpr auto fields() {
        return std::tuple{wire::field<&SignedServerPart::part>(0, "part", wire::Max{kMaxDocument}),
                          wire::field<&SignedServerPart::signature>(1, "signature"),
                          wire::field<&SignedServerPart::server>(2, "server", wire::Max{directory::kMaxEncodedChain})};
    }
    friend bool operator==(const SignedServerPart&, const SignedServerPart&) = default;
};

SignedRootPart signRootPart(crypto::Suite& suite, const NetworkId& network, const RootPart& part,
                            const crypto::SigningKey& rootKey);
SignedServerPart signServerPart(crypto::Suite& suite, const NetworkId& network, const ServerPart& part,
                                const crypto::Credentials& server);

/// What the two parts withdraw, as they are kept: they were judged when they came. What can't be read, or is empty,
/// withdraws nothing.
crypto::Revocations revocationsOf(ByteView rootDocument, ByteView serverDocument);

/// The newest parts that are known. Each new one is judged against the network's key and against what is held.
class NetworkDocument {
public:
    /// WrongRootKey, BadSignature, CertificateInvalid …, Malformed; VersionConflict: older than the one that is held.
    /// The same again is fine. What a withdrawn intermediate has signed is not taken: learn the root's part first.
    Result<void> learnRoot(crypto::Suite& suite, const crypto::Trust& trust, ByteView document);
    Result<void> learnServer(crypto::Suite& suite, const crypto::Trust& trust, ByteView document, UnixTime now);

    [[nodiscard]] const std::optional<RootPart>& root() const { return m_root; }
    [[nodiscard]] const std::optional<ServerPart>& server() const { return m_server; }
    [[nodiscard]] const crypto::Revocations& revocations() const { return m_revocations; }
    [[nodiscard]] bool isRevokedAccess(const ByteArray<16>& id) const;

private:
    std::optional<RootPart> m_root;
    std::optional<ServerPart> m_server;
    crypto::Revocations m_revocations;
};

}  // namespace kith::login
