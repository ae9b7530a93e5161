// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/store/clientrows.h"

namespace kith::store {

const std::vector<std::vector<const char*>>& clientMigrations() {
    static const std::vector<std::vector<const char*>> migrations{{
        "CREATE TABLE items (item INTEGER PRIMARY KEY, value BLOB NOT NULL)",
        "CREATE TABLE contacts (user TEXT PRIMARY KEY, record BLOB NOT NULL) WITHOUT ROWID",
        "CREATE TABLE audiences (user TEXT PRIMARY KEY, record BLOB NOT NULL) WITHOUT ROWID",
        "CREATE TABLE topic (one INTEGER PRIMARY KEY CHECK (one = 0), record BLOB NOT NULL)",
        "CREATE TABLE choice (one INTEGER PRIMARY KEY CHECK (one = 0), record BLOB NOT NULL)",
        ("CREATE TABLE messages (conversation TEXT NOT NULL, ours INTEGER NOT NULL, id BLOB NOT NULL,"
         " author BLOB NOT NULL, writer_order INTEGER NOT NULL, position INTEGER NOT NULL, written INTEGER NOT NULL,"
         " text TEXT NOT NULL, status INTEGER NOT NULL, settled INTEGER NOT NULL,"
         " UNIQUE (conversation, ours, id))"),
        "CREATE INDEX messages_by_position ON messages (conversation, position)",
        "CREATE INDEX messages_newest ON messages (position)",
        "CREATE INDEX messages_unsettled ON messages (position) WHERE settled = 0",
        "CREATE INDEX messages_unread ON messages (conversation) WHERE status = 3",
        ("CREATE TABLE calls (conversation TEXT NOT NULL, id BLOB NOT NULL, ours INTEGER NOT NULL,"
         " started INTEGER NOT NULL, talked INTEGER NOT NULL, reason INTEGER NOT NULL, missed INTEGER NOT NULL,"
         " UNIQUE (conversation, id))"),
        "CREATE INDEX calls_by_time ON calls (conversation, started)",
        ("CREATE TABLE trust (conversation TEXT NOT NULL, at INTEGER NOT NULL, change INTEGER NOT NULL,"
         " PRIMARY KEY (conversation, at)) WITHOUT ROWID"),
    }};
    return migrations;
}

Result<chat::StoredMessage> messageOf(const QSqlQuery& row) {
    chat::StoredMessage message;
    const auto user = UserName::parse(textOf(row.value(0)));
    const auto status = row.value(8).toUInt();
    if (!user || !readArray(row.value(2), message.id.bytes) || !readArray(row.value(3), message.author.bytes) ||
        status > static_cast<unsigned>(chat::StoredStatus::Seen))
        return fail(Fault::StorageBroken, "message row");
    message.conversation = *user;
    message.ours = row.value(1).toBool();
    message.order = row.value(4).toULongLong();
    message.position = millisOf(row.value(5));
    message.written = millisOf(row.value(6));
    message.text = textOf(row.value(7));
    message.status = static_cast<chat::StoredStatus>(status);
    message.settled = row.value(9).toBool();
    return message;
}

Result<contacts::TrustEvent> trustEventOf(const QSqlQuery& row) {
    const auto user = UserName::parse(textOf(row.value(0)));
    const auto change = row.value(2).toUInt();
    if (!user || change > static_cast<unsigned>(contacts::TrustChange::Unverified))
        return fail(Fault::StorageBroken, "trust row");
    return contacts::TrustEvent{*user, millisOf(row.value(1)), static_cast<contacts::TrustChange>(change)};
}

Result<call::Record> callOf(const QSqlQuery& row) {
    call::Record record;
    const auto user = UserName::parse(textOf(row.value(0)));
    const auto reason = row.value(5).toUInt();
    if (!user || !readArray(row.value(1), record.id.bytes) ||
        reason > static_cast<unsigned>(call::EndReason::IdentityMismatch))
        return fail(Fault::StorageBroken, "call row");
    record.conversation = *user;
    record.ours = row.value(2).toBool();
    record.started = millisOf(row.value(3));
    record.talked = std::chrono::seconds{row.value(4).toLongLong()};
    record.end = static_cast<call::EndReason>(reason);
    record.missed = row.value(6).toBool();
    return record;
}

}  // namespace kith::store
