// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/store/serverdatabase.h"

#include <QSqlError>

#include "protocol/store/rows.h"

namespace kith::store {

namespace {

const std::vector<std::vector<const char*>>& migrations() {
    static const std::vector<std::vector<const char*>> list = [] {
        std::vector<const char*> first = AccountTables::schema();
        first.push_back("CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL)");
        first.push_back("CREATE TABLE records (person BLOB PRIMARY KEY, records BLOB NOT NULL)");
        return std::vector<std::vector<const char*>>{std::move(first)};
    }();
    return list;
}

Result<void> checkPages(Sqlite& database) {
    const auto rows = database.query("PRAGMA quick_check(1)", {});
    if (!rows) return tl::make_unexpected(rows.error());
    if (!(*rows)->next() || textOf((*rows)->value(0)) != "ok") return fail(Fault::StorageBroken, "damaged pages");
    (*rows)->finish();
    return {};
}

server::StoreAnswer failed(const server::StoreOrder& order, const Error& error) {
    const auto* request = std::get_if<login::StoreRequest>(&order);
    if (!request) return server::KeepFailed{error};
    return std::visit(
        [&](const auto& it) -> login::StoreAnswer {
            using Request = std::remove_cvref_t<decltype(it)>;
            if constexpr (std::is_same_v<Request, login::LoadAccount>)
                return login::AccountLoaded{it.ticket, {}, error};
            else if constexpr (std::is_same_v<Request, login::LoadVaultPart>)
                return login::VaultPartLoaded{it.ticket, 0, 0, {}, {}, {}, error};
            else if constexpr (std::is_same_v<Request, login::LoadRevocations>)
                return login::RevocationsLoaded{it.ticket, {}, {}, error};
            else
                return login::StoreDone{it.ticket, error};
        },
        *request);
}

std::optional<Error> errorIn(const server::StoreAnswer& answer) {
    if (const auto* kept = std::get_if<server::KeepFailed>(&answer)) return kept->error;
    return std::visit([](const auto& it) { return it.error; }, std::get<login::StoreAnswer>(answer));
}

bool isOfTheDisk(Fault fault) {
    return fault == Fault::DiskFull || fault == Fault::StorageBroken || fault == Fault::PermissionDenied ||
           fault == Fault::InUse;
}

}  // namespace

Result<ServerDatabase> ServerDatabase::open(const std::filesystem::path& file, Check check) {
    auto database = Sqlite::open(file, migrations());
    if (!database) return tl::make_unexpected(database.error());
    if (check == Check::Quick)
        if (const auto good = checkPages(**database); !good) return tl::make_unexpected(good.error());
    return ServerDatabase(std::move(*database));
}

std::vector<server::StoreAnswer> ServerDatabase::apply(std::span<const server::StoreOrder> orders) {
    auto together = applyTogether(orders);
    if (together) return std::move(*together);
    std::vector<server::StoreAnswer> out;
    if (orders.size() == 1) {
        out.push_back(failed(orders.front(), together.error()));
        return out;
    }
    // The disk refused something and all was undone. What is small, or only reads, may still be possible.
    for (const server::StoreOrder& order : orders) {
        auto alone = apply(std::span(&order, 1));
        std::move(alone.begin(), alone.end(), std::back_inserter(out));
    }
    return out;
}

Result<std::vector<server::StoreAnswer>> ServerDatabase::applyTogether(std::span<const server::StoreOrder> orders) {
    std::vector<server::StoreAnswer> out;
    const auto done = m_database->transaction([&]() -> Result<void> {
        for (const server::StoreOrder& order : orders) {
            auto answer = carryOutWhole(order);
            if (!answer) return tl::make_unexpected(answer.error());
            if (*answer) out.push_back(std::move(**answer));
        }
        return {};
    });
    if (!done) return tl::make_unexpected(done.error());
    return out;
}

Result<std::optional<server::StoreAnswer>> ServerDatabase::carryOutWhole(const server::StoreOrder& order) {
    if (const auto begun = m_database->run("SAVEPOINT one"); !begun) return tl::make_unexpected(begun.error());
    auto answer = carryOut(order);
    if (const auto error = answer ? errorIn(*answer) : std::nullopt) {
        // What the disk says is about more than this order; SQLite may have undone everything by itself.
        if (isOfTheDisk(error->fault)) return tl::make_unexpected(*error);
        if (const auto undone = m_database->run("ROLLBACK TO one"); !undone) return tl::make_unexpected(undone.error());
    }
    if (const auto released = m_database->run("RELEASE one"); !released) return tl::make_unexpected(released.error());
    return answer;
}

std::optional<server::StoreAnswer> ServerDatabase::carryOut(const server::StoreOrder& order) {
    if (const auto* request = std::get_if<login::StoreRequest>(&order))
        return std::visit([&](const auto& it) { return m_accounts->carryOut(it); }, *request);
    if (const auto kept = keep(std::get<directory::KeepRequest>(order)); !kept) return server::KeepFailed{kept.error()};
    return std::nullopt;
}

Result<void> ServerDatabase::keep(const directory::KeepRequest& request) {
    const auto change = [&](const char* statement, std::initializer_list<QVariant> values) -> Result<void> {
        if (const auto done = m_database->query(statement, values); !done) return tl::make_unexpected(done.error());
        return {};
    };
    if (const auto* drop = std::get_if<directory::DropRecords>(&request))
        return change("DELETE FROM records WHERE person = ?", {blob(drop->person.bytes)});
    const auto& keep = std::get<directory::KeepRecords>(request);
    return change(
        "INSERT INTO records (person, records) VALUES (?, ?)"
        " ON CONFLICT (person) DO UPDATE SET records = excluded.records",
        {blob(keep.person.bytes), blob(keep.records)});
}

Result<std::vector<directory::KeepRecords>> ServerDatabase::records() {
    const auto rows = m_database->query("SELECT person, records FROM records ORDER BY person", {});
    if (!rows) return tl::make_unexpected(rows.error());
    std::vector<directory::KeepRecords> out;
    while ((*rows)->next()) {
        auto& kept = out.emplace_back();
        if (!readArray((*rows)->value(0), kept.person.bytes)) return fail(Fault::StorageBroken, "stored records");
        kept.records = bytesOf((*rows)->value(1));
    }
    if ((*rows)->lastError().isValid()) return tl::make_unexpected(errorOf((*rows)->lastError()));
    return out;
}

Result<std::vector<AccountLine>> ServerDatabase::accounts() {
    return m_accounts->list();
}

Result<void> ServerDatabase::setDisabled(const UserName& user, bool disabled) {
    return m_database->transaction([&] { return m_accounts->setDisabled(user, disabled); });
}

Result<void> ServerDatabase::invite(const login::Invitation& invitation) {
    return m_database->transaction([&] { return m_accounts->invite(invitation); });
}

Result<std::string> ServerDatabase::setting(const std::string& name) {
    const auto rows = m_database->query("SELECT value FROM settings WHERE name = ?", {text(name)});
    if (!rows) return tl::make_unexpected(rows.error());
    std::string out = (*rows)->next() ? textOf((*rows)->value(0)) : std::string();
    (*rows)->finish();
    return out;
}

Result<void> ServerDatabase::setSetting(const std::string& name, const std::string& value) {
    return m_database->transaction([&]() -> Result<void> {
        const auto done = m_database->query(
            "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            {text(name), text(value)});
        if (!done) return tl::make_unexpected(done.error());
        return {};
    });
}

}  // namespace kith::store
