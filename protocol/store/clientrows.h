// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <vector>

#include "protocol/client/storage.h"
#include "protocol/store/rows.h"
#include "protocol/store/sqlite.h"

/// The tables of a client's database, and their rows as values.
namespace kith::store {

/// See Sqlite::open().
const std::vector<std::vector<const char*>>& clientMigrations();

// Rows of all columns, in the order of the table.
Result<chat::StoredMessage> messageOf(const QSqlQuery& row);
Result<call::Record> callOf(const QSqlQuery& row);
/// conversation, at, change.
Result<contacts::TrustEvent> trustEventOf(const QSqlQuery& row);

}  // namespace kith::store
