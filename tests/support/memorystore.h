// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <optional>
#include <set>

#include "protocol/client/storage.h"
#include "tests/support/diskfaults.h"

namespace kith::test {

/// A client's disk in memory, with the promises of client/storage.h. Outlives the client that writes to it.
class MemoryStore {
public:
    DiskFaults faults;
    std::size_t writes = 0;             ///< that were done
    std::optional<Fault> itemsFault{};  ///< why the items can't be read again

    /// Nothing: the order wants no answer.
    std::optional<client::StoreAnswer> carryOut(const client::StoreOrder& order);
    /// The account that could be gone on with.
    [[nodiscard]] std::optional<client::OpenStore> kept() const;
    /// As after the program was killed: nobody holds it open.
    void reopen() { m_open = false; }

    [[nodiscard]] const Bytes& item(client::Item item) { return m_items[item]; }
    [[nodiscard]] const std::vector<client::HistoryEntry> history(const UserName& conversation);

private:
    using MessageKey = std::tuple<UserName, bool, MessageId>;

    client::StoreOpened open(const client::OpenStore& order);
    client::Written write(const client::Write& write);
    client::HistoryRead read(const client::ReadHistory& order);
    client::ItemsRead read(const client::ReadItems& order) const;
    bool store(const client::SaveItem& write);
    bool store(const client::EraseItem& write);
    bool store(const contacts::SaveRecord& write);
    bool store(const contacts::EraseRecord& write);
    bool store(const contacts::AddTrustEvent& write);
    bool store(const presence::SaveTopic& write);
    bool store(const presence::SaveChoice& write);
    bool store(const presence::SaveAudience& write);
    bool store(const presence::EraseAudience& write);
    bool store(const chat::AddMessage& write);
    bool store(const chat::SetStatus& write);
    bool store(const call::AddRecord& write);

    bool m_open = false;
    std::optional<client::OpenStore> m_account;
    std::map<client::Item, Bytes> m_items;
    std::map<UserName, contacts::Record> m_contacts;
    std::optional<presence::OwnTopic> m_topic;
    presence::Choice m_choice;
    std::map<UserName, presence::Audience> m_audiences;
    std::map<MessageKey, chat::StoredMessage> m_messages;
    std::map<std::pair<UserName, CallId>, call::Record> m_calls;
    std::map<std::pair<UserName, UnixMillis>, contacts::TrustEvent> m_trust;
};

}  // namespace kith::test
