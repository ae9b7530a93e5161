// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/login/accountstore.h"
#include "protocol/login/messages.h"
#include "protocol/login/networkdocument.h"

namespace kith::login {

/// The network document as a login server hands it out: the root's part from the operator's disk, its own part made
/// anew every hour from what the store says is withdrawn. See NetworkDocument for the reading side.
class PublishedDocument {
public:
    /// How long a server's part is handed out.
    static constexpr Duration kLife = std::chrono::hours(1);

    /// encodeObjects(SignedRootPart). Malformed …: the one before stays.
    Result<void> setRoot(Bytes document);
    /// Under the root part that is known; signed by the server.
    void makeServerPart(Now now, crypto::Suite& suite, const NetworkId& network, const crypto::Credentials& server,
                        const RevocationsLoaded& revocations, std::uint32_t slotCount);

    /// Empty: there is none yet.
    [[nodiscard]] const Bytes& part(DocumentPart which) const {
        return which == DocumentPart::Root ? m_root : m_server;
    }
    /// By the root's part.
    [[nodiscard]] const crypto::Revocations& revocations() const { return m_revocations; }
    [[nodiscard]] std::uint64_t rootNumber() const { return m_rootNumber; }
    [[nodiscard]] std::uint64_t serverNumber() const { return m_serverNumber; }

private:
    Bytes m_root;
    std::uint64_t m_rootNumber = 0;
    crypto::Revocations m_revocations;
    Bytes m_server;
    std::uint64_t m_serverNumber = 0;
};

}  // namespace kith::login
