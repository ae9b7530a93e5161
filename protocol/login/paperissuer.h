// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <memory>
#include <vector>

#include "protocol/crypto/certificate.h"
#include "protocol/crypto/revocations.h"
#include "protocol/crypto/suite.h"
#include "protocol/login/accountstore.h"
#include "protocol/login/messages.h"

namespace kith::login {

/// Writes what a login server signs for people: credentials, access certificates, countersignatures.
class PaperIssuer {
public:
    /// `server`: the login server's own leaf, which countersigns.
    PaperIssuer(crypto::Suite& suite, RandomSource& random, crypto::Issuer issuer,
                std::shared_ptr<const crypto::Credentials> server);

    void setServer(std::shared_ptr<const crypto::Credentials> server) { m_server = std::move(server); }
    [[nodiscard]] const NetworkId& network() const { return m_issuer.network(); }
    [[nodiscard]] const crypto::Credentials& server() const { return *m_server; }

    struct Issued {
        Papers papers;  ///< but for the numbers of the network document
        std::vector<IssuedAccess> access;
    };
    /// All dates end with the intermediate's; weeks that would begin after that are left out.
    [[nodiscard]] Issued issue(UnixTime now, const Account& account, const DeviceId& device,
                               const std::vector<ByteArray<32>>& accessKeys);
    /// The same list under today's server certificate: nothing is vouched for that wasn't before.
    [[nodiscard]] directory::SignedDeviceList countersign(const Bytes& list, const crypto::Signature& signature);
    /// A supernode's certificate as a chain.
    [[nodiscard]] Bytes certifyNode(UnixTime now, const NodeId& node);
    /// Whether this chain makes it one. Not under a withdrawn intermediate: whoever stole that can have made it.
    [[nodiscard]] bool isNode(ByteView chain, const NodeId& node, const crypto::Revocations& revocations,
                              UnixTime now) const;

private:
    crypto::Suite& m_suite;
    RandomSource& m_random;
    crypto::Issuer m_issuer;
    std::shared_ptr<const crypto::Credentials> m_server;
};

/// Whether the person signed this list for this network and it is one that can be countersigned: 1 to 16 different
/// devices. Malformed, BadSignature …
Result<directory::DeviceList> checkDeviceList(crypto::Suite& suite, const NetworkId& network, ByteView list,
                                              const crypto::Signature& signature);

}  // namespace kith::login
