// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <vector>

#include "protocol/login/accountstore.h"
#include "protocol/store/sqlite.h"

namespace kith::store {

/// An account as the operator sees it.
struct AccountLine {
    UserName user;
    bool disabled = false;
    UnixTime created{};
    std::size_t devices = 0;
};

/// Accounts, vaults, access ids and invitations in their tables. Statements keep to what SQLite and PostgreSQL both
/// understand; only the names of two column types differ. Each verb wants a transaction around it.
class AccountTables {
public:
    /// Migration 1 of the server's database.
    static const std::vector<const char*>& schema();

    explicit AccountTables(Sqlite& database) : m_database(database) {}

    // Requests of the login service.
    login::StoreAnswer carryOut(const login::LoadAccount& request);
    login::StoreAnswer carryOut(const login::InsertAccount& request);
    login::StoreAnswer carryOut(const login::SaveDevices& request);
    login::StoreAnswer carryOut(const login::LoadVaultPart& request);
    login::StoreAnswer carryOut(const login::SaveVault& request);
    login::StoreAnswer carryOut(const login::SaveAccess& request);
    login::StoreAnswer carryOut(const login::LoadRevocations& request);
    login::StoreAnswer carryOut(const login::ClaimNodeCode& request);

    // Verbs of the operator.
    Result<std::vector<AccountLine>> list();
    /// NotFound.
    Result<void> setDisabled(const UserName& user, bool disabled);
    /// NameTaken: the invitation is for a name that has an account.
    Result<void> invite(const login::Invitation& invitation);

private:
    Result<std::optional<login::Account>> load(const UserName& user);
    Result<void> insert(const login::InsertAccount& request);
    Result<void> useInvitation(const login::InsertAccount& request);
    /// Whether the name is set aside for somebody with another invitation.
    Result<void> claimNodeCode(const login::ClaimNodeCode& request);
    Result<bool> isSetAside(const login::InsertAccount& request);
    Result<void> saveDevices(const login::SaveDevices& request);
    Result<void> replaceDeviceRows(const UserName& user, const directory::SignedDeviceList& devices);
    Result<void> loadPart(const login::LoadVaultPart& request, login::VaultPartLoaded& answer);
    Result<void> saveVault(const login::SaveVault& request);
    Result<void> saveAccess(const login::SaveAccess& request);
    Result<void> loadRevocations(const login::LoadRevocations& request, login::RevocationsLoaded& answer);
    /// A statement that changes rows; how many.
    Result<int> change(const char* statement, std::initializer_list<QVariant> values);

    Sqlite& m_database;
};

}  // namespace kith::store
