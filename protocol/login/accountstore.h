// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "protocol/base/ids.h"
#include "protocol/base/instant.h"
#include "protocol/base/result.h"
#include "protocol/base/ticket.h"
#include "protocol/directory/records.h"

/// What a login server keeps, and how its machine asks for it. The store carries requests out in the order they were
/// taken, each as one transaction, and brings the answer with the same ticket back to LoginService::receive(). An
/// answer to a write comes when the write survives a power cut.
///
/// Errors that the store adds by itself: DiskFull, StorageBroken, PermissionDenied.
namespace kith::login {

/// One account, all but its vault's content. The key is the user name; names are never removed.
struct Account {
    UserName user;
    UserKey userKey;
    ByteArray<32> loginHash{};     ///< keyed hash of the login key; tells nothing without the server's secret
    ByteArray<32> recoveryHash{};  ///< the same of the recovery login key
    bool disabled = false;
    UnixTime created{};
    std::uint64_t epoch = 0;  ///< of the device list
    directory::SignedDeviceList devices;
    std::uint64_t vaultVersion = 0;
    friend bool operator==(const Account&, const Account&) = default;
};

/// The sealed vault as it is kept: the server can't read any of it.
struct StoredVault {
    Bytes passwordWrap;  ///< at most kMaxWrap
    Bytes recoveryWrap;  ///< at most kMaxWrap
    Bytes box;           ///< at most kMaxVault + overhead
    friend bool operator==(const StoredVault&, const StoredVault&) = default;
};

/// A right to register: `kith-server invite` and `kith-server add` make them. Kept by the SHA-256 of the code.
struct Invitation {
    ByteArray<32> codeHash{};
    std::optional<UserName> onlyFor{};  ///< the name that the operator set aside with it; others can't take it
    std::uint32_t usesLeft = 1;
    UnixTime expires{};
    friend bool operator==(const Invitation&, const Invitation&) = default;
};

/// An access certificate's id, remembered so that it can be withdrawn with its account or device.
struct IssuedAccess {
    ByteArray<16> id{};
    DeviceId device;
    UnixTime expires{};
    friend bool operator==(const IssuedAccess&, const IssuedAccess&) = default;
};

// Requests.

/// Answer: AccountLoaded.
struct LoadAccount {
    StoreTicket ticket = 0;
    UserName user;
};
/// Answer: StoreDone with, in this order of precedence:
///   InvitationInvalid  a code is given and there is no such invitation, it is used up, expired, or for another name
///   NameTaken          the account exists, or an invitation for this name is open and it isn't this one
/// The invitation loses a use in the same transaction.
struct InsertAccount {
    StoreTicket ticket = 0;
    Account account;
    StoredVault vault;
    std::optional<ByteArray<32>> invitation{};  ///< codeHash; none: registration is open to everybody
    bool namedInvitationOnly = false;           ///< an invitation without `onlyFor` counts as none (InvitationInvalid)
    UnixTime now{};                             ///< expiry is judged by this
};
/// Replaces the list if the account's epoch is smaller; if it is the same, only the countersignature and chain may
/// differ (`list` equal). Answer: StoreDone with NotFound or VersionConflict.
struct SaveDevices {
    StoreTicket ticket = 0;
    UserName user;
    std::uint64_t epoch = 0;
    directory::SignedDeviceList devices;
};
/// Answer: VaultPartLoaded: up to `length` bytes of the box from `offset`.
struct LoadVaultPart {
    StoreTicket ticket = 0;
    UserName user;
    std::uint32_t offset = 0;
    std::uint32_t length = 0;
};
/// Compare and swap: replaces vault and version if the account's version is `baseVersion`; the new one is
/// baseVersion + 1. A new login hash is set in the same transaction. Answer: StoreDone with NotFound or
/// VersionConflict.
struct SaveVault {
    StoreTicket ticket = 0;
    UserName user;
    std::uint64_t baseVersion = 0;
    StoredVault vault;
    std::optional<ByteArray<32>> loginHash{};
};
/// Answer: StoreDone. Expired ids (by `now`) of the account may be forgotten.
struct SaveAccess {
    StoreTicket ticket = 0;
    UserName user;
    std::vector<IssuedAccess> access;
    UnixTime now{};
};
/// What has to be withdrawn: for the server's part of the network document. Answer: RevocationsLoaded.
struct LoadRevocations {
    StoreTicket ticket = 0;
    UnixTime now{};
};

/// A node shows its code. The code is that node's from then on: the same may come again. Answer: StoreDone with
/// InvitationInvalid.
struct ClaimNodeCode {
    StoreTicket ticket = 0;
    ByteArray<32> codeHash{};
    NodeId node;
    UnixTime now{};
};

using StoreRequest = std::variant<LoadAccount, InsertAccount, SaveDevices, LoadVaultPart, SaveVault, SaveAccess,
                                  LoadRevocations, ClaimNodeCode>;

// Answers.

/// `account` is empty if there is none; that is no error.
struct AccountLoaded {
    StoreTicket ticket = 0;
    std::optional<Account> account;
    std::optional<Error> error;
};
struct VaultPartLoaded {
    StoreTicket ticket = 0;
    std::uint64_t version = 0;
    std::uint32_t total = 0;  ///< size of the whole box
    Bytes passwordWrap;
    Bytes recoveryWrap;
    Bytes part;
    std::optional<Error> error;  ///< NotFound
};
struct RevocationsLoaded {
    StoreTicket ticket = 0;
    std::vector<ByteArray<32>> users;   ///< SHA-256 of the user keys of disabled accounts, ascending
    std::vector<ByteArray<16>> access;  ///< ids not expired yet of disabled accounts and of devices that are on no
                                        ///< list any more, ascending
    std::optional<Error> error;
};
struct StoreDone {
    StoreTicket ticket = 0;
    std::optional<Error> error;
};

using StoreAnswer = std::variant<AccountLoaded, VaultPartLoaded, RevocationsLoaded, StoreDone>;

// Invitations' codes; for whoever makes and for whoever checks them.

/// 120 random bits as 24 characters of the recovery key's alphabet, in groups of four.
std::string newInvitationCode(RandomSource& random);
/// Case, spaces and hyphens don't matter.
ByteArray<32> invitationHash(std::string_view code);
/// Of a code for a supernode: neither is good for the other's purpose.
ByteArray<32> nodeCodeHash(std::string_view code);

}  // namespace kith::login
