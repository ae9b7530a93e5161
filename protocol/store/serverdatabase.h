// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <span>
#include <string>

#include "protocol/server/storage.h"
#include "protocol/store/accounttables.h"

namespace kith::store {

/// What a server keeps: one SQLite file for accounts, invitations, settings and the directory's records. Lives on one
/// thread; several programs may have it open (the operator's commands while the server runs).
class ServerDatabase {
public:
    enum class Check { None, Quick };

    /// StorageBroken: no database, or damaged (with Check::Quick every page is looked at); UnknownVersion: written by a
    /// newer program.
    static Result<ServerDatabase> open(const std::filesystem::path& file, Check check = Check::None);

    /// In order, each done whole or not at all; on disk when it returns, all with one sync. One answer for each
    /// request, in order; server::KeepFailed only for what failed.
    std::vector<server::StoreAnswer> apply(std::span<const server::StoreOrder> orders);

    Result<std::vector<directory::KeepRecords>> records();
    Result<std::vector<AccountLine>> accounts();
    Result<void> setDisabled(const UserName& user, bool disabled);
    Result<void> invite(const login::Invitation& invitation);
    /// Empty: not set.
    Result<std::string> setting(const std::string& name);
    Result<void> setSetting(const std::string& name, const std::string& value);

private:
    explicit ServerDatabase(std::unique_ptr<Sqlite> database)
        : m_database(std::move(database)), m_accounts(std::make_unique<AccountTables>(*m_database)) {}

    /// Nothing: done, and nobody asked for an answer.
    std::optional<server::StoreAnswer> carryOut(const server::StoreOrder& order);
    /// An error: the disk's, and the transaction is of no use any more.
    Result<std::optional<server::StoreAnswer>> carryOutWhole(const server::StoreOrder& order);
    Result<std::vector<server::StoreAnswer>> applyTogether(std::span<const server::StoreOrder> orders);
    Result<void> keep(const directory::KeepRequest& request);

    std::unique_ptr<Sqlite> m_database;
    std::unique_ptr<AccountTables> m_accounts;
};

}  // namespace kith::store
