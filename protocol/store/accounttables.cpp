// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/store/accounttables.h"

#include <algorithm>
#include <limits>
#include <QSqlError>

#include "protocol/crypto/hash.h"
#include "protocol/store/rows.h"

namespace kith::store {

namespace {

/// What went wrong on the way through the rows of a query: a damaged page shows there and not before.
Result<void> finished(const QSqlQuery& rows) {
    if (rows.lastError().isValid()) return tl::make_unexpected(errorOf(rows.lastError()));
    return {};
}

template <class Answer>
login::StoreAnswer answered(StoreTicket ticket, Answer answer, const Result<void>& done) {
    answer.ticket = ticket;
    if (!done) answer.error = done.error();
    return answer;
}

Result<login::Account> accountOf(const QSqlQuery& row) {
    login::Account out;
    const auto user = UserName::parse(textOf(row.value(0)));
    bool good = user.has_value();
    good = good && readArray(row.value(1), out.userKey.bytes);
    good = good && readArray(row.value(2), out.loginHash);
    good = good && readArray(row.value(3), out.recoveryHash);
    good = good && readArray(row.value(8), out.devices.signature);
    good = good && readArray(row.value(9), out.devices.countersignature);
    if (!good) return fail(Fault::StorageBroken, "stored account");
    out.user = *user;
    out.disabled = row.value(4).toInt() != 0;
    out.created = timeOf(row.value(5));
    out.epoch = row.value(6).toULongLong();
    out.devices.list = bytesOf(row.value(7));
    out.devices.server = bytesOf(row.value(10));
    out.vaultVersion = row.value(11).toULongLong();
    return out;
}

}  // namespace

const std::vector<const char*>& AccountTables::schema() {
    static const std::vector<const char*> statements{
        "CREATE TABLE accounts (user_name TEXT PRIMARY KEY, user_key BLOB NOT NULL, user_key_hash BLOB NOT NULL,"
        " login_hash BLOB NOT NULL, recovery_hash BLOB NOT NULL, disabled INTEGER NOT NULL, created BIGINT NOT NULL,"
        " epoch BIGINT NOT NULL, device_list BLOB NOT NULL, list_signature BLOB NOT NULL,"
        " countersignature BLOB NOT NULL, server_chain BLOB NOT NULL, vault_version BIGINT NOT NULL)",
        "CREATE TABLE devices (device BLOB NOT NULL, user_name TEXT NOT NULL REFERENCES accounts,"
        " PRIMARY KEY (user_name, device))",
        "CREATE TABLE vaults (user_name TEXT PRIMARY KEY REFERENCES accounts, password_wrap BLOB NOT NULL,"
        " recovery_wrap BLOB NOT NULL, box BLOB NOT NULL)",
        "CREATE TABLE access_ids (id BLOB PRIMARY KEY, user_name TEXT NOT NULL REFERENCES accounts,"
        " device BLOB NOT NULL, expires BIGINT NOT NULL)",
        "CREATE INDEX access_ids_of ON access_ids (user_name, expires)",
        "CREATE TABLE invitations (code_hash BLOB PRIMARY KEY, only_for TEXT, uses_left BIGINT NOT NULL,"
        " expires BIGINT NOT NULL)",
        "CREATE INDEX invitations_for ON invitations (only_for)",
    };
    return statements;
}

Result<int> AccountTables::change(const char* statement, std::initializer_list<QVariant> values) {
    const auto query = m_database.query(statement, values);
    if (!query) return tl::make_unexpected(query.error());
    return (*query)->numRowsAffected();
}

login::StoreAnswer AccountTables::carryOut(const login::LoadAccount& request) {
    login::AccountLoaded out{request.ticket, {}, {}};
    auto account = load(request.user);
    if (account)
        out.account = std::move(*account);
    else
        out.error = account.error();
    return out;
}

Result<std::optional<login::Account>> AccountTables::load(const UserName& user) {
    const auto rows = m_database.query(
        "SELECT user_name, user_key, login_hash, recovery_hash, disabled, created, epoch, device_list, list_signature,"
        " countersignature, server_chain, vault_version FROM accounts WHERE user_name = ?",
        {text(user)});
    if (!rows) return tl::make_unexpected(rows.error());
    if (!(*rows)->next()) {
        if (const auto end = finished(**rows); !end) return tl::make_unexpected(end.error());
        return std::optional<login::Account>();
    }
    auto account = accountOf(**rows);
    if (!account) return tl::make_unexpected(account.error());
    return std::optional(std::move(*account));
}

login::StoreAnswer AccountTables::carryOut(const login::InsertAccount& request) {
    return answered(request.ticket, login::StoreDone{}, insert(request));
}

Result<void> AccountTables::insert(const login::InsertAccount& request) {
    const login::Account& account = request.account;
    if (const auto used = useInvitation(request); !used) return used;
    const auto setAside = isSetAside(request);
    if (!setAside) return tl::make_unexpected(setAside.error());
    if (*setAside) return fail(Fault::NameTaken);
    const auto inserted =
        change("INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (user_name) DO NOTHING",
               {text(account.user), blob(account.userKey.bytes), blob(crypto::sha256(account.userKey.bytes)),
                blob(account.loginHash), blob(account.recoveryHash), account.disabled ? 1 : 0, seconds(account.created),
                number(account.epoch), blob(account.devices.list), blob(account.devices.signature),
                blob(account.devices.countersignature), blob(account.devices.server), number(account.vaultVersion)});
    if (!inserted) return tl::make_unexpected(inserted.error());
    if (*inserted == 0) return fail(Fault::NameTaken);
    if (const auto done = replaceDeviceRows(account.user, account.devices); !done) return done;
    const auto vault =
        change("INSERT INTO vaults VALUES (?, ?, ?, ?)", {text(account.user), blob(request.vault.passwordWrap),
                                                          blob(request.vault.recoveryWrap), blob(request.vault.box)});
    if (!vault) return tl::make_unexpected(vault.error());
    return {};
}

Result<void> AccountTables::useInvitation(const login::InsertAccount& request) {
    if (!request.invitation) {
        if (request.namedInvitationOnly) return fail(Fault::InvitationInvalid);
        return {};
    }
    const auto used = change(
        "UPDATE invitations SET uses_left = uses_left - 1 WHERE code_hash = ? AND uses_left > 0 AND expires > ?"
        " AND (only_for = ? OR (only_for IS NULL AND ? = 0))",
        {blob(*request.invitation), seconds(request.now), text(request.account.user),
         request.namedInvitationOnly ? 1 : 0});
    if (!used) return tl::make_unexpected(used.error());
    if (*used == 0) return fail(Fault::InvitationInvalid);
    return {};
}

Result<bool> AccountTables::isSetAside(const login::InsertAccount& request) {
    const auto rows = m_database.query(
        "SELECT 1 FROM invitations WHERE only_for = ? AND uses_left > 0 AND expires > ? AND code_hash <> ?",
        {text(request.account.user), seconds(request.now), blob(request.invitation.value_or(ByteArray<32>{}))});
    if (!rows) return tl::make_unexpected(rows.error());
    const bool found = (*rows)->next();
    if (const auto end = finished(**rows); !end) return tl::make_unexpected(end.error());
    return found;
}

Result<void> AccountTables::replaceDeviceRows(const UserName& user, const directory::SignedDeviceList& devices) {
    const auto list = wire::decodeObjects<directory::DeviceList>(devices.list);
    if (!list) return fail(Fault::InvalidArgument, "device list");
    if (const auto gone = change("DELETE FROM devices WHERE user_name = ?", {text(user)}); !gone)
        return tl::make_unexpected(gone.error());
    for (const DeviceId& device : list->devices) {
        const auto added = change("INSERT INTO devices (device, user_name) VALUES (?, ?) ON CONFLICT DO NOTHING",
                                  {blob(device.bytes), text(user)});
        if (!added) return tl::make_unexpected(added.error());
    }
    return {};
}

login::StoreAnswer AccountTables::carryOut(const login::SaveDevices& request) {
    return answered(request.ticket, login::StoreDone{}, saveDevices(request));
}

Result<void> AccountTables::saveDevices(const login::SaveDevices& request) {
    const auto held = load(request.user);
    if (!held) return tl::make_unexpected(held.error());
    if (!*held) return fail(Fault::NotFound);
    const bool newer = request.epoch > (*held)->epoch;
    const bool same = request.epoch == (*held)->epoch && request.devices.list == (*held)->devices.list;
    if (!newer && !same) return fail(Fault::VersionConflict);
    const auto changed = change(
        "UPDATE accounts SET epoch = ?, device_list = ?, list_signature = ?, countersignature = ?, server_chain = ?"
        " WHERE user_name = ?",
        {number(request.epoch), blob(request.devices.list), blob(request.devices.signature),
         blob(request.devices.countersignature), blob(request.devices.server), text(request.user)});
    if (!changed) return tl::make_unexpected(changed.error());
    return replaceDeviceRows(request.user, request.devices);
}

login::StoreAnswer AccountTables::carryOut(const login::LoadVaultPart& request) {
    login::VaultPartLoaded out;
    const auto done = loadPart(request, out);
    return answered(request.ticket, std::move(out), done);
}

Result<void> AccountTables::loadPart(const login::LoadVaultPart& request, login::VaultPartLoaded& answer) {
    const auto rows = m_database.query(
        "SELECT vault_version, length(box), password_wrap, recovery_wrap, substr(box, ?, ?) FROM vaults"
        " JOIN accounts ON accounts.user_name = vaults.user_name WHERE vaults.user_name = ?",
        {number(std::uint64_t{request.offset} + 1), number(request.length), text(request.user)});
    if (!rows) return tl::make_unexpected(rows.error());
    if (!(*rows)->next()) {
        if (const auto end = finished(**rows); !end) return end;
        return fail(Fault::NotFound);
    }
    answer.version = (*rows)->value(0).toULongLong();
    answer.total = (*rows)->value(1).toUInt();
    answer.passwordWrap = bytesOf((*rows)->value(2));
    answer.recoveryWrap = bytesOf((*rows)->value(3));
    answer.part = bytesOf((*rows)->value(4));
    return {};
}

login::StoreAnswer AccountTables::carryOut(const login::SaveVault& request) {
    return answered(request.ticket, login::StoreDone{}, saveVault(request));
}

Result<void> AccountTables::saveVault(const login::SaveVault& request) {
    const auto held = load(request.user);
    if (!held) return tl::make_unexpected(held.error());
    if (!*held) return fail(Fault::NotFound);
    if ((*held)->vaultVersion != request.baseVersion) return fail(Fault::VersionConflict);
    const auto vault = change("UPDATE vaults SET password_wrap = ?, recovery_wrap = ?, box = ? WHERE user_name = ?",
                              {blob(request.vault.passwordWrap), blob(request.vault.recoveryWrap),
                               blob(request.vault.box), text(request.user)});
    if (!vault) return tl::make_unexpected(vault.error());
    const auto account = change(
        "UPDATE accounts SET vault_version = ?, login_hash = ? WHERE user_name = ?",
        {number(request.baseVersion + 1), blob(request.loginHash.value_or((*held)->loginHash)), text(request.user)});
    if (!account) return tl::make_unexpected(account.error());
    return {};
}

login::StoreAnswer AccountTables::carryOut(const login::ClaimNodeCode& request) {
    return answered(request.ticket, login::StoreDone{}, claimNodeCode(request));
}

Result<void> AccountTables::claimNodeCode(const login::ClaimNodeCode& request) {
    // No user name has a space in it.
    const QString owner = QStringLiteral("node ") + QString::fromStdString(toHex(request.node.bytes));
    const auto claimed = change(
        "UPDATE invitations SET uses_left = 0, only_for = ? WHERE code_hash = ? AND expires > ?"
        " AND (uses_left > 0 OR only_for = ?)",
        {owner, blob(request.codeHash), seconds(request.now), owner});
    if (!claimed) return tl::make_unexpected(claimed.error());
    if (*claimed == 0) return fail(Fault::InvitationInvalid);
    return {};
}

login::StoreAnswer AccountTables::carryOut(const login::SaveAccess& request) {
    return answered(request.ticket, login::StoreDone{}, saveAccess(request));
}

Result<void> AccountTables::saveAccess(const login::SaveAccess& request) {
    if (const auto gone = change("DELETE FROM access_ids WHERE user_name = ? AND expires <= ?",
                                 {text(request.user), seconds(request.now)});
        !gone)
        return tl::make_unexpected(gone.error());
    for (const login::IssuedAccess& access : request.access) {
        const auto added =
            change("INSERT INTO access_ids (id, user_name, device, expires) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                   {blob(access.id), text(request.user), blob(access.device.bytes), seconds(access.expires)});
        if (!added) return tl::make_unexpected(added.error());
    }
    return {};
}

login::StoreAnswer AccountTables::carryOut(const login::LoadRevocations& request) {
    login::RevocationsLoaded out;
    const auto done = loadRevocations(request, out);
    return answered(request.ticket, std::move(out), done);
}

Result<void> AccountTables::loadRevocations(const login::LoadRevocations& request, login::RevocationsLoaded& answer) {
    const auto users =
        m_database.query("SELECT user_key_hash FROM accounts WHERE disabled <> 0 ORDER BY user_key_hash", {});
    if (!users) return tl::make_unexpected(users.error());
    while ((*users)->next())
        if (!readArray((*users)->value(0), answer.users.emplace_back())) return fail(Fault::StorageBroken);
    if (const auto end = finished(**users); !end) return end;
    const auto access = m_database.query(
        "SELECT id FROM access_ids JOIN accounts ON accounts.user_name = access_ids.user_name"
        " WHERE expires > ? AND (disabled <> 0 OR NOT EXISTS (SELECT 1 FROM devices"
        " WHERE devices.user_name = access_ids.user_name AND devices.device = access_ids.device)) ORDER BY id",
        {seconds(request.now)});
    if (!access) return tl::make_unexpected(access.error());
    while ((*access)->next())
        if (!readArray((*access)->value(0), answer.access.emplace_back())) return fail(Fault::StorageBroken);
    return finished(**access);
}

Result<std::vector<AccountLine>> AccountTables::list() {
    const auto rows = m_database.query(
        "SELECT user_name, disabled, created, (SELECT count(*) FROM devices"
        " WHERE devices.user_name = accounts.user_name) FROM accounts ORDER BY user_name",
        {});
    if (!rows) return tl::make_unexpected(rows.error());
    std::vector<AccountLine> out;
    while ((*rows)->next()) {
        const auto user = UserName::parse(textOf((*rows)->value(0)));
        if (!user) return fail(Fault::StorageBroken, "stored account");
        out.push_back({*user, (*rows)->value(1).toInt() != 0, timeOf((*rows)->value(2)),
                       static_cast<std::size_t>((*rows)->value(3).toULongLong())});
    }
    if (const auto end = finished(**rows); !end) return tl::make_unexpected(end.error());
    return out;
}

Result<void> AccountTables::setDisabled(const UserName& user, bool disabled) {
    const auto changed = change("UPDATE accounts SET disabled = ? WHERE user_name = ?", {disabled ? 1 : 0, text(user)});
    if (!changed) return tl::make_unexpected(changed.error());
    if (*changed == 0) return fail(Fault::NotFound);
    return {};
}

Result<void> AccountTables::invite(const login::Invitation& invitation) {
    if (invitation.onlyFor) {
        const auto held = load(*invitation.onlyFor);
        if (!held) return tl::make_unexpected(held.error());
        if (*held) return fail(Fault::NameTaken);
    }
    const auto added = change("INSERT INTO invitations (code_hash, only_for, uses_left, expires) VALUES (?, ?, ?, ?)",
                              {blob(invitation.codeHash), invitation.onlyFor ? text(*invitation.onlyFor) : QVariant(),
                               number(invitation.usesLeft), seconds(invitation.expires)});
    if (!added) return tl::make_unexpected(added.error());
    return {};
}

}  // namespace kith::store
