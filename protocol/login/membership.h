// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "protocol/crypto/certificate.h"
#include "protocol/crypto/keys.h"
#include "protocol/crypto/secret.h"
#include "protocol/directory/records.h"
#include "protocol/login/vault.h"

namespace kith::login {

/// A client's certificate for supernodes, of one week.
struct AccessPaper {
    Bytes leaf;
    std::shared_ptr<const crypto::SigningKey> key;
    crypto::Validity validity{};
};

/// Everything that signing in gave this device, and that lets it start again without asking anybody. Kept on disk in
/// three pieces: account() and vault hold nothing that opens anything, keys() is secret. The password is nowhere.
struct Membership {
    NetworkId network;
    UserName user;
    UserKey userKey;
    std::shared_ptr<const crypto::SigningKey> userSigningKey;  ///< from the vault
    std::shared_ptr<const crypto::Credentials> device;         ///< credential and device key
    UnixTime credentialExpires{};
    std::vector<AccessPaper> access;      ///< this week's and those to come
    directory::SignedDeviceList devices;  ///< the newest
    crypto::Secret<32> vaultKey;
    SealedVault vault;     ///< the newest
    VaultContent content;  ///< of `vault`
    Bytes rootDocument;    ///< network document, as fetched; empty: none
    Bytes serverDocument;
    UnixTime renewed{};  ///< when the papers were issued, by the server's clock

    /// What to show supernodes at this time; null: all are over, the login server has to be asked.
    [[nodiscard]] std::shared_ptr<const crypto::Credentials> accessAt(UnixTime now) const;
    /// The chain of an access certificate.
    [[nodiscard]] std::shared_ptr<const crypto::Credentials> credentialsOf(const AccessPaper& paper) const;

    [[nodiscard]] Bytes account() const;
    [[nodiscard]] Bytes keys() const;
    /// From what account(), keys() and encodeSealed(vault) gave. StorageBroken: they don't fit together.
    static Result<Membership> restore(const NetworkId& network, ByteView account, ByteView keys, ByteView vault);
};

}  // namespace kith::login
