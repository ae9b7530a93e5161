// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <filesystem>
#include <functional>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QVariant>
#include <span>

#include "protocol/base/bytes.h"
#include "protocol/base/result.h"

namespace kith::store {

/// What the caller of a database has to be told: DiskFull, StorageBroken, InUse, PermissionDenied.
Error errorOf(const QSqlError& error);

/// Values to and from the database.
QVariant blob(ByteView bytes);
Bytes bytesOf(const QVariant& value);
template <std::size_t N>
bool readArray(const QVariant& value, ByteArray<N>& out) {
    const auto array = toArray<N>(bytesOf(value));
    if (array) out = *array;
    return array.has_value();
}

/// One SQLite file: WAL, synchronous=FULL, so that a commit that was reported survives a power cut. Lives on the
/// thread that opened it.
class Sqlite {
public:
    /// Creates the file (0600) if it isn't there. `migrations`: statement lists; number n brings schema version n to
    /// n + 1. UnknownVersion: written by a newer program.
    static Result<std::unique_ptr<Sqlite>> open(const std::filesystem::path& file,
                                                std::span<const std::vector<const char*>> migrations);
    ~Sqlite();
    Sqlite(const Sqlite&) = delete;
    Sqlite& operator=(const Sqlite&) = delete;

    Result<void> run(const char* statement);
    /// A prepared statement that is kept; null error detail. `bind` sets its values.
    Result<QSqlQuery*> query(const char* statement, std::span<const QVariant> values);
    Result<QSqlQuery*> query(const char* statement, std::initializer_list<QVariant> values) {
        return query(statement, std::span(values.begin(), values.size()));
    }
    /// All of it or nothing: an error of `work` or of the commit undoes everything.
    Result<void> transaction(const std::function<Result<void>()>& work);

private:
    explicit Sqlite(QString connection) : m_connection(std::move(connection)) {}
    Result<void> migrate(std::span<const std::vector<const char*>> migrations);
    Result<void> migrateFrom(std::size_t version, std::span<const std::vector<const char*>> migrations);

    QString m_connection;
    QSqlDatabase m_database;
    std::map<const char*, QSqlQuery> m_prepared;  ///< by the statement's address: all are literals
};

}  // namespace kith::store
