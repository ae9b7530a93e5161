// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <vector>

#include "protocol/client/storage.h"
#include "protocol/store/sqlite.h"

/// The tables of a client's database, and their rows as values.
namespace kith::store {

/// See Sqlite::open().
const std::vector<std::vector<const char*>>& clientMigrations();

inline QVariant text(const std::string& value) {
    return QString::fromUtf8(value.data(), static_cast<qsizetype>(value.size()));
}
inline QVariant text(const UserName& user) {
    return text(user.text());
}
inline QVariant number(std::uint64_t value) {
    return static_cast<qlonglong>(value);
}
inline QVariant millis(UnixMillis time) {
    return static_cast<qlonglong>(time.time_since_epoch().count());
}
std::string textOf(const QVariant& value);
UnixMillis millisOf(const QVariant& value);

// Rows of all columns, in the order of the table.
Result<chat::StoredMessage> messageOf(const QSqlQuery& row);
Result<call::Record> callOf(const QSqlQuery& row);

}  // namespace kith::store
