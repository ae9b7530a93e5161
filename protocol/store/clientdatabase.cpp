// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/store/clientdatabase.h"

#include <algorithm>

#include "protocol/store/clientrows.h"

namespace kith::store {

namespace {

template <class M>
Result<M> recordOf(const QVariant& value) {
    auto record = wire::decodeObjects<M>(bytesOf(value));
    if (!record) return fail(Fault::StorageBroken, "stored record");
    return record;
}

}  // namespace

Result<ClientDatabase> ClientDatabase::open(const std::filesystem::path& file, std::unique_ptr<KeyKeeper> keys) {
    auto database = Sqlite::open(file, clientMigrations());
    if (!database) return tl::make_unexpected(database.error());
    return ClientDatabase(std::move(*database), std::move(keys));
}

Result<client::StoredState> ClientDatabase::load() {
    client::StoredState state;
    auto items = this->items();
    if (!items) return tl::make_unexpected(items.error());
    state.items = std::move(*items);
    if (const auto done = loadPeople(state); !done) return tl::make_unexpected(done.error());
    if (const auto done = loadChat(state); !done) return tl::make_unexpected(done.error());
    return state;
}

Result<std::map<client::Item, Bytes>> ClientDatabase::items() {
    std::map<client::Item, Bytes> out;
    const auto rows = m_database->query("SELECT item, value FROM items", {});
    if (!rows) return tl::make_unexpected(rows.error());
    while ((*rows)->next()) out[static_cast<client::Item>((*rows)->value(0).toUInt())] = bytesOf((*rows)->value(1));
    const auto keys = m_keys->read();
    if (!keys) return tl::make_unexpected(keys.error());
    if (*keys) out[client::Item::Keys] = **keys;
    return out;
}

Result<void> ClientDatabase::loadPeople(client::StoredState& state) {
    const auto contacts = m_database->query("SELECT record FROM contacts ORDER BY user", {});
    if (!contacts) return tl::make_unexpected(contacts.error());
    while ((*contacts)->next()) {
        auto record = recordOf<contacts::Record>((*contacts)->value(0));
        if (!record) return tl::make_unexpected(record.error());
        state.contacts.push_back(std::move(*record));
    }
    const auto audiences = m_database->query("SELECT record FROM audiences ORDER BY user", {});
    if (!audiences) return tl::make_unexpected(audiences.error());
    while ((*audiences)->next()) {
        auto record = recordOf<presence::Audience>((*audiences)->value(0));
        if (!record) return tl::make_unexpected(record.error());
        state.audiences.push_back(std::move(*record));
    }
    const auto topic = m_database->query("SELECT record FROM topic", {});
    if (!topic) return tl::make_unexpected(topic.error());
    if ((*topic)->next()) {
        auto record = recordOf<presence::OwnTopic>((*topic)->value(0));
        if (!record) return tl::make_unexpected(record.error());
        state.topic = *record;
    }
    const auto choice = m_database->query("SELECT record FROM choice", {});
    if (!choice) return tl::make_unexpected(choice.error());
    if ((*choice)->next()) {
        auto record = recordOf<presence::Choice>((*choice)->value(0));
        if (!record) return tl::make_unexpected(record.error());
        state.choice = std::move(*record);
    }
    return {};
}

Result<void> ClientDatabase::loadChat(client::StoredState& state) {
    const auto rows = m_database->query(
        "SELECT conversation, ours, id, author, writer_order, position, written, text, status, settled FROM messages"
        " WHERE settled = 0 ORDER BY position",
        {});
    if (!rows) return tl::make_unexpected(rows.error());
    while ((*rows)->next()) {
        auto message = messageOf(**rows);
        if (!message) return tl::make_unexpected(message.error());
        state.chat.unsettled.push_back(std::move(*message));
    }
    const auto newest = m_database->query("SELECT max(position) FROM messages", {});
    if (!newest) return tl::make_unexpected(newest.error());
    if ((*newest)->next()) state.chat.newestPosition = millisOf((*newest)->value(0));
    (*newest)->finish();
    return {};
}

Result<std::vector<client::Summary>> ClientDatabase::summaries() {
    std::vector<UserName> users;
    const auto rows = m_database->query(
        "SELECT DISTINCT conversation FROM messages UNION SELECT DISTINCT conversation FROM calls", {});
    if (!rows) return tl::make_unexpected(rows.error());
    while ((*rows)->next())
        if (const auto user = UserName::parse(textOf((*rows)->value(0)))) users.push_back(*user);

    std::vector<client::Summary> out;
    for (const auto& user : users) {
        auto newest = newestMessages(user, UnixMillis::max(), 1);
        const auto calls = newestCalls(user, UnixMillis::max(), 1);
        if (!newest || !calls) return tl::make_unexpected(newest ? calls.error() : newest.error());
        newest->insert(newest->end(), calls->begin(), calls->end());
        const auto unread =
            m_database->query("SELECT count(*) FROM messages WHERE conversation = ? AND status = 3", {text(user)});
        if (!unread) return tl::make_unexpected(unread.error());
        const auto count = (*unread)->next() ? (*unread)->value(0).toULongLong() : 0;
        (*unread)->finish();
        if (!newest->empty()) out.push_back({user, count, *std::ranges::max_element(*newest, {}, client::positionOf)});
    }
    return out;
}

std::vector<client::Written> ClientDatabase::apply(std::span<const client::Write> writes) {
    std::vector<client::Written> out;
    const auto done = m_database->transaction([&]() -> Result<void> {
        for (const auto& write : writes) {
            const auto outcome = carryOut(write);
            if (!outcome) return tl::make_unexpected(outcome.error());
            out.push_back({client::roomOf(write), {client::ticketOf(write), outcome->alreadyThere, {}}});
        }
        return {};
    });
    if (done) return out;
    out.clear();
    for (const auto& write : writes)
        out.push_back({client::roomOf(write), {client::ticketOf(write), false, done.error()}});
    return out;
}

Result<ClientDatabase::Outcome> ClientDatabase::carryOut(const client::Write& write) {
    return std::visit([this](const auto& it) { return store(it); }, write);
}

Result<ClientDatabase::Outcome> ClientDatabase::change(const char* statement, std::initializer_list<QVariant> values) {
    const auto done = m_database->query(statement, values);
    if (!done) return tl::make_unexpected(done.error());
    return Outcome{(*done)->numRowsAffected() == 0};
}

Result<ClientDatabase::Outcome> ClientDatabase::store(const client::SaveItem& write) {
    if (client::isSecret(write.item)) {
        const auto done = m_keys->write(write.value);
        if (!done) return tl::make_unexpected(done.error());
        return Outcome{};
    }
    return change("INSERT INTO items VALUES (?, ?) ON CONFLICT (item) DO UPDATE SET value = excluded.value",
                  {static_cast<int>(write.item), blob(write.value)});
}

Result<ClientDatabase::Outcome> ClientDatabase::store(const client::EraseItem& write) {
    const auto done = client::isSecret(write.item)
                          ? m_keys->erase().map([] { return Outcome{}; })
                          : change("DELETE FROM items WHERE item = ?", {static_cast<int>(write.item)});
    return done.map([](const Outcome&) { return Outcome{}; });
}

Result<ClientDatabase::Outcome> ClientDatabase::store(const contacts::SaveRecord& write) {
    return change("INSERT INTO contacts VALUES (?, ?) ON CONFLICT (user) DO UPDATE SET record = excluded.record",
                  {text(write.record.user), blob(wire::encodeObjects(write.record))});
}

Result<ClientDatabase::Outcome> ClientDatabase::store(const contacts::EraseRecord& write) {
    return change("DELETE FROM contacts WHERE user = ?", {text(write.user)}).map([](const Outcome&) {
        return Outcome{};
    });
}

Result<ClientDatabase::Outcome> ClientDatabase::store(const contacts::AddTrustEvent& write) {
    const auto& event = write.event;
    return change("INSERT INTO trust VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                  {text(event.user), millis(event.at), static_cast<int>(event.change)});
}

Result<ClientDatabase::Outcome> ClientDatabase::store(const presence::SaveTopic& write) {
    return change("INSERT INTO topic VALUES (0, ?) ON CONFLICT (one) DO UPDATE SET record = excluded.record",
                  {blob(wire::encodeObjects(write.topic))});
}

Result<ClientDatabase::Outcome> ClientDatabase::store(const presence::SaveChoice& write) {
    return change("INSERT INTO choice VALUES (0, ?) ON CONFLICT (one) DO UPDATE SET record = excluded.record",
                  {blob(wire::encodeObjects(write.choice))});
}

Result<ClientDatabase::Outcome> ClientDatabase::store(const presence::SaveAudience& write) {
    return change("INSERT INTO audiences VALUES (?, ?) ON CONFLICT (user) DO UPDATE SET record = excluded.record",
                  {text(write.audience.user), blob(wire::encodeObjects(write.audience))});
}

Result<ClientDatabase::Outcome> ClientDatabase::store(const presence::EraseAudience& write) {
    return change("DELETE FROM audiences WHERE user = ?", {text(write.user)}).map([](const Outcome&) {
        return Outcome{};
    });
}

Result<ClientDatabase::Outcome> ClientDatabase::store(const chat::AddMessage& write) {
    const auto& message = write.message;
    return change(
        "INSERT INTO messages (conversation, ours, id, author, writer_order, position, written, text, status, settled)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        {text(message.conversation), message.ours, blob(message.id.bytes), blob(message.author.bytes),
         number(message.order), millis(message.position), millis(message.written), text(message.text),
         static_cast<int>(message.status), message.settled});
}

Result<ClientDatabase::Outcome> ClientDatabase::store(const chat::SetStatus& write) {
    for (const auto& id : write.ids) {
        const auto done = change(
            "UPDATE messages SET status = ?, settled = ? WHERE conversation = ? AND ours = ? AND id = ?",
            {static_cast<int>(write.status), write.settled, text(write.conversation), write.ours, blob(id.bytes)});
        if (!done) return done;
    }
    return Outcome{};
}

Result<ClientDatabase::Outcome> ClientDatabase::store(const call::AddRecord& write) {
    const auto& record = write.record;
    return change(
        "INSERT INTO calls (conversation, id, ours, started, talked, reason, missed) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        {text(record.conversation), blob(record.id.bytes), record.ours, millis(record.started),
         static_cast<qlonglong>(record.talked.count()), static_cast<int>(record.end), record.missed});
}

client::HistoryRead ClientDatabase::read(const client::ReadHistory& request) {
    client::HistoryRead page{request.ticket, {}, false, {}};
    const auto before = request.before.value_or(UnixMillis::max());
    const auto limit = std::min<std::size_t>(request.limit, 1000);
    // One more than asked for tells whether there is something older.
    auto messages = newestMessages(request.conversation, before, limit + 1);
    auto calls = newestCalls(request.conversation, before, limit + 1);
    auto trust = newestTrustEvents(request.conversation, before, limit + 1);
    if (!messages || !calls || !trust) {
        page.error = !messages ? messages.error() : !calls ? calls.error() : trust.error();
        return page;
    }
    std::vector<client::HistoryEntry> others;
    std::ranges::merge(*calls, *trust, std::back_inserter(others), std::ranges::greater{}, client::positionOf,
                       client::positionOf);
    std::ranges::merge(*messages, others, std::back_inserter(page.entries), std::ranges::greater{}, client::positionOf,
                       client::positionOf);
    // Entries of one instant stay on one page: the next one begins before it.
    auto end = std::min(limit, page.entries.size());
    while (end > 0 && end < page.entries.size() &&
           client::positionOf(page.entries[end]) == client::positionOf(page.entries[end - 1]))
        ++end;
    page.complete =
        end == page.entries.size() && messages->size() <= limit && calls->size() <= limit && trust->size() <= limit;
    page.entries.resize(end);
    std::ranges::reverse(page.entries);
    return page;
}

Result<std::vector<client::HistoryEntry>> ClientDatabase::newestMessages(const UserName& user, UnixMillis before,
                                                                         std::size_t limit) {
    std::vector<client::HistoryEntry> out;
    const auto rows = m_database->query(
        "SELECT conversation, ours, id, author, writer_order, position, written, text, status, settled FROM messages"
        " WHERE conversation = ? AND position < ? ORDER BY position DESC LIMIT ?",
        {text(user), millis(before), number(limit)});
    if (!rows) return tl::make_unexpected(rows.error());
    while ((*rows)->next()) {
        auto message = messageOf(**rows);
        if (!message) return tl::make_unexpected(message.error());
        out.emplace_back(std::move(*message));
    }
    return out;
}

Result<std::vector<client::HistoryEntry>> ClientDatabase::newestCalls(const UserName& user, UnixMillis before,
                                                                      std::size_t limit) {
    std::vector<client::HistoryEntry> out;
    const auto rows = m_database->query(
        "SELECT conversation, id, ours, started, talked, reason, missed FROM calls"
        " WHERE conversation = ? AND started < ? ORDER BY started DESC LIMIT ?",
        {text(user), millis(before), number(limit)});
    if (!rows) return tl::make_unexpected(rows.error());
    while ((*rows)->next()) {
        auto record = callOf(**rows);
        if (!record) return tl::make_unexpected(record.error());
        out.emplace_back(std::move(*record));
    }
    return out;
}

Result<std::vector<client::HistoryEntry>> ClientDatabase::newestTrustEvents(const UserName& user, UnixMillis before,
                                                                            std::size_t limit) {
    std::vector<client::HistoryEntry> out;
    const auto rows = m_database->query(
        "SELECT conversation, at, change FROM trust WHERE conversation = ? AND at < ? ORDER BY at DESC LIMIT ?",
        {text(user), millis(before), number(limit)});
    if (!rows) return tl::make_unexpected(rows.error());
    while ((*rows)->next()) {
        auto event = trustEventOf(**rows);
        if (!event) return tl::make_unexpected(event.error());
        out.emplace_back(std::move(*event));
    }
    return out;
}

}  // namespace kith::store
