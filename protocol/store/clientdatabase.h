// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <span>

#include "protocol/client/storage.h"
#include "protocol/store/keyfile.h"
#include "protocol/store/sqlite.h"

namespace kith::store {

/// What a client keeps: one SQLite file for everything but the secret keys. Lives on one thread.
class ClientDatabase {
public:
    static Result<ClientDatabase> open(const std::filesystem::path& file, std::unique_ptr<KeyKeeper> keys);

    /// StorageBroken: a row can't be read.
    Result<client::StoredState> load();
    Result<std::map<client::Item, Bytes>> items();
    Result<std::vector<client::Summary>> summaries();
    /// All in one transaction, on disk when it returns; one outcome for each, in order. If one fails, none was done.
    std::vector<client::Written> apply(std::span<const client::Write> writes);
    client::HistoryRead read(const client::ReadHistory& request);

private:
    ClientDatabase(std::unique_ptr<Sqlite> database, std::unique_ptr<KeyKeeper> keys)
        : m_database(std::move(database)), m_keys(std::move(keys)) {}

    struct Outcome {
        bool alreadyThere = false;
    };
    Result<Outcome> carryOut(const client::Write& write);
    Result<Outcome> store(const client::SaveItem& write);
    Result<Outcome> store(const client::EraseItem& write);
    Result<Outcome> store(const contacts::SaveRecord& write);
    Result<Outcome> store(const contacts::EraseRecord& write);
    Result<Outcome> store(const contacts::AddTrustEvent& write);
    Result<Outcome> store(const presence::SaveTopic& write);
    Result<Outcome> store(const presence::SaveChoice& write);
    Result<Outcome> store(const presence::SaveAudience& write);
    Result<Outcome> store(const presence::EraseAudience& write);
    Result<Outcome> store(const chat::AddMessage& write);
    Result<Outcome> store(const chat::SetStatus& write);
    Result<Outcome> store(const call::AddRecord& write);
    Result<Outcome> change(const char* statement, std::initializer_list<QVariant> values);

    Result<void> loadPeople(client::StoredState& state);
    Result<void> loadChat(client::StoredState& state);
    Result<std::vector<client::HistoryEntry>> newestMessages(const UserName& user, UnixMillis before,
                                                             std::size_t limit);
    Result<std::vector<client::HistoryEntry>> newestCalls(const UserName& user, UnixMillis before, std::size_t limit);
    Result<std::vector<client::HistoryEntry>> newestTrustEvents(const UserName& user, UnixMillis before,
                                                                std::size_t limit);

    std::unique_ptr<Sqlite> m_database;
    std::unique_ptr<KeyKeeper> m_keys;
};

}  // namespace kith::store
