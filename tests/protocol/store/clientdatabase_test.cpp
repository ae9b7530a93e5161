// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/store/clientdatabase.h"

#include <QFile>
#include <QScopeGuard>
#include <QTemporaryDir>
#include <QTest>

#include "tests/protocol/store/failingdisk.h"
#include "tests/support/seededrandom.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace std::chrono_literals;

namespace {

const UserName kBob = UserName::parse("bob").value();
const UserName kCarol = UserName::parse("carol").value();

UnixMillis at(std::int64_t millis) {
    return UnixMillis{std::chrono::milliseconds{millis}};
}

chat::StoredMessage message(std::uint8_t number, const UserName& user = kBob) {
    chat::StoredMessage out;
    out.id.bytes[0] = static_cast<std::byte>(number);
    out.conversation = user;
    out.ours = true;
    out.author.bytes[3] = std::byte{9};
    out.order = std::uint64_t{1} << 40;
    out.position = at(1000 + number);
    out.written = at(900 + number);
    out.text = "Zażółć gęślą jaźń 🙂";
    return out;
}

call::Record callAt(std::int64_t time) {
    call::Record out;
    out.id.bytes[0] = static_cast<std::byte>(time);
    out.conversation = kBob;
    out.started = at(time);
    out.talked = 65s;
    out.end = call::EndReason::Declined;
    out.missed = true;
    return out;
}

/// A database in a directory of its own.
struct Disk {
    QTemporaryDir directory{};

    std::filesystem::path file(const char* name) const {
        return std::filesystem::path(directory.path().toStdString()) / name;
    }
    Result<store::ClientDatabase> open() const {
        return store::ClientDatabase::open(file("kith.db"), std::make_unique<store::KeyFile>(file("keys")));
    }
};

std::vector<client::Written> apply(store::ClientDatabase& database, std::vector<client::Write> writes) {
    return database.apply(writes);
}

}  // namespace

class ClientDatabaseTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsWrittenIsThereAfterReopening() {
        const Disk disk;
        contacts::Record contact;
        contact.user = kBob;
        contact.displayName = "Bob";
        contact.weWant = true;
        presence::OwnTopic topic;
        topic.version = 7;
        presence::Audience audience;
        audience.user = kBob;
        audience.theirs = presence::Granted{{}, {}, 3};
        audience.view = presence::View{kBob, presence::Availability::Away, "for Bob", ByteArray<32>{}, {}, 9};
        const presence::Choice choice{presence::Availability::DoNotDisturb, "Writing", 4};
        {
            auto database = disk.open().value();
            const auto written = apply(
                database,
                {client::SaveItem{1, client::Item::Account, toBytes("who")},
                 client::SaveItem{2, client::Item::Keys, toBytes("secret")}, contacts::SaveRecord{1, contact},
                 presence::SaveTopic{1, topic}, presence::SaveAudience{2, audience}, presence::SaveChoice{3, choice},
                 chat::AddMessage{1, message(1)}, chat::AddMessage{2, message(2)}, call::AddRecord{1, callAt(5)}});
            QCOMPARE(written.size(), std::size_t{9});
            for (const auto& it : written) QVERIFY(!it.stored.error && !it.stored.alreadyThere);
            QVERIFY(written[0].room == client::Room::Client && written[1].stored.ticket == 2);
            QVERIFY(written[6].room == client::Room::Chat && written[8].room == client::Room::Call);
        }
        auto database = disk.open().value();
        const auto state = database.load().value();
        QVERIFY(state.items.at(client::Item::Account) == toBytes("who"));
        QVERIFY(state.items.at(client::Item::Keys) == toBytes("secret"));
        QVERIFY(state.contacts == std::vector{contact});
        QVERIFY(state.topic == topic);
        QVERIFY(state.choice == choice);
        QVERIFY(state.audiences == std::vector{audience});
        QVERIFY(state.chat.unsettled == (std::vector{message(1), message(2)}));
        QVERIFY(state.chat.newestPosition == at(1002));
        const auto page = database.read({4, kBob, {}, 100});
        QVERIFY(page.complete && page.ticket == 4);
        QVERIFY(page.entries == (std::vector<client::HistoryEntry>{callAt(5), message(1), message(2)}));
    }

    void secretsAreNotInTheDatabase() {
        const Disk disk;
        auto database = disk.open().value();
        apply(database, {client::SaveItem{1, client::Item::Keys, toBytes("a very secret key")}});
        for (const char* name : {"kith.db", "kith.db-wal"}) {
            QFile file(QString::fromStdString(disk.file(name).string()));
            QVERIFY(file.open(QIODevice::ReadOnly));
            QVERIFY(!file.readAll().contains("a very secret key"));
            QVERIFY(!(file.permissions() & (QFile::ReadGroup | QFile::ReadOther)));
        }
    }

    void aMessageIsInsertedOnce() {
        const Disk disk;
        auto database = disk.open().value();
        apply(database, {chat::AddMessage{1, message(1)}});
        auto again = message(1);
        again.text = "another";
        QVERIFY(apply(database, {chat::AddMessage{2, again}}).front().stored.alreadyThere);
        // The same id in another conversation, or from the other side, is another message.
        auto theirs = message(1);
        theirs.ours = false;
        QVERIFY(!apply(database, {chat::AddMessage{3, theirs}}).front().stored.alreadyThere);
        QVERIFY(!apply(database, {chat::AddMessage{4, message(1, kCarol)}}).front().stored.alreadyThere);
        QVERIFY(database.read({1, kBob, {}, 10}).entries.size() == 2);
    }

    void aStatusReachesItsMessagesOnly() {
        const Disk disk;
        auto database = disk.open().value();
        apply(database, {chat::AddMessage{1, message(1)}, chat::AddMessage{2, message(2)},
                         chat::AddMessage{3, message(1, kCarol)}});
        apply(database,
              {chat::SetStatus{4, kBob, true, {message(1).id, message(77).id}, chat::StoredStatus::Read, true}});
        const auto unsettled = database.load().value().chat.unsettled;
        QVERIFY(unsettled == (std::vector{message(1, kCarol), message(2)}) ||
                unsettled == (std::vector{message(2), message(1, kCarol)}));
        const auto entries = database.read({1, kBob, {}, 10}).entries;
        QVERIFY(std::get<chat::StoredMessage>(entries[0]).status == chat::StoredStatus::Read);
        QVERIFY(std::get<chat::StoredMessage>(entries[1]).status == chat::StoredStatus::Waiting);
    }

    void pagesFollowEachOther() {
        const Disk disk;
        auto database = disk.open().value();
        std::vector<client::Write> writes;
        for (std::uint8_t i = 0; i < 9; ++i) writes.push_back(chat::AddMessage{i + 1u, message(i)});
        writes.push_back(call::AddRecord{1, callAt(1005)});
        apply(database, writes);
        std::vector<UnixMillis> seen;
        std::optional<UnixMillis> before;
        for (;;) {
            const auto page = database.read({1, kBob, before, 4});
            for (auto it = page.entries.rbegin(); it != page.entries.rend(); ++it)
                seen.push_back(client::positionOf(*it));
            if (page.complete) break;
            before = client::positionOf(page.entries.front());
        }
        // Entries of one instant must not fall between two pages.
        QCOMPARE(seen.size(), std::size_t{10});
        QVERIFY(std::ranges::is_sorted(seen, std::ranges::greater{}));
    }

    void summariesShowTheNewestAndTheUnread() {
        const Disk disk;
        auto database = disk.open().value();
        auto theirs = message(3);
        theirs.ours = false;
        theirs.status = chat::StoredStatus::Received;
        apply(database, {chat::AddMessage{1, message(1)}, chat::AddMessage{2, theirs},
                         chat::AddMessage{3, message(9, kCarol)}, call::AddRecord{1, callAt(50)}});
        const auto summaries = database.summaries().value();
        QCOMPARE(summaries.size(), std::size_t{2});
        QVERIFY(summaries[0].conversation == kBob && summaries[0].unread == 1);
        QVERIFY(summaries[0].newest == client::HistoryEntry(theirs));
        QVERIFY(summaries[1].conversation == kCarol && summaries[1].unread == 0);
    }

    void aHundredThousandMessagesArePagedQuickly() {
        const Disk disk;
        auto database = disk.open().value();
        std::vector<client::Write> writes;
        for (int i = 0; i < 100'000; ++i) {
            auto one = message(0, i % 10 ? kBob : kCarol);
            one.id.bytes[1] = static_cast<std::byte>(i >> 16);
            one.id.bytes[2] = static_cast<std::byte>(i >> 8);
            one.id.bytes[3] = static_cast<std::byte>(i);
            one.position = at(i);
            one.settled = true;
            writes.push_back(chat::AddMessage{static_cast<StoreTicket>(i + 1), one});
        }
        apply(database, writes);
        // What it costs is told by the plan, not by a stop-watch: index searches only.
        auto raw = store::Sqlite::open(disk.file("kith.db"), std::vector<std::vector<const char*>>(1)).value();
        auto* plan = raw->query(
                            "EXPLAIN QUERY PLAN SELECT * FROM messages WHERE conversation = ? AND position < ?"
                            " ORDER BY position DESC LIMIT ?",
                            {QString("bob"), 5, 5})
                         .value();
        QVERIFY(plan->next());
        QVERIFY(plan->value(3).toString().contains("USING INDEX messages_by_position"));
        QVERIFY(!plan->next());
        const auto page = database.read({1, kBob, at(50'000), 100});
        QCOMPARE(page.entries.size(), std::size_t{100});
        QVERIFY(client::positionOf(page.entries.back()) == at(49'999));
    }

    void itemsGo() {
        const Disk disk;
        auto database = disk.open().value();
        apply(database, {client::SaveItem{1, client::Item::Account, toBytes("who")},
                         client::SaveItem{2, client::Item::Keys, toBytes("secret")}});
        apply(database, {client::EraseItem{3, client::Item::Account}, client::EraseItem{4, client::Item::Keys}});
        QVERIFY(database.load().value().items.empty());
        QVERIFY(!std::filesystem::exists(disk.file("keys")));
    }

    void aBrokenFileIsTold() {
        const Disk disk;
        {
            QFile file(QString::fromStdString(disk.file("kith.db").string()));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(QByteArray(8192, 'x'));
        }
        QVERIFY(disk.open().error().fault == Fault::StorageBroken);
    }

    void aBrokenRowIsTold() {
        const Disk disk;
        auto database = disk.open().value();
        auto raw = store::Sqlite::open(disk.file("kith.db"), std::vector<std::vector<const char*>>(1)).value();
        QVERIFY(raw->run("INSERT INTO contacts VALUES ('bob', x'0102')"));
        QVERIFY(database.load().error().fault == Fault::StorageBroken);
    }

    void aNewerProgramsFileIsLeftAlone() {
        const Disk disk;
        disk.open().value();
        {
            auto raw = store::Sqlite::open(disk.file("kith.db"), std::vector<std::vector<const char*>>(1)).value();
            QVERIFY(raw->run("PRAGMA user_version=99"));
        }
        QVERIFY(disk.open().error().fault == Fault::UnknownVersion);
    }

    void aFullDiskLeavesWhatWasThere() {
        const Disk disk;
        auto database = disk.open().value();
        apply(database, {chat::AddMessage{1, message(1)}});
        auto big = message(2);
        big.text = std::string(3'000'000, 'x');
        test::bytesUntilFull = 200'000;
        const auto roomAgain = qScopeGuard([] { test::bytesUntilFull = -1; });
        const auto written = apply(database, {chat::AddMessage{2, message(3)}, chat::AddMessage{3, big}});
        QVERIFY(written[0].stored.error->fault == Fault::DiskFull);
        QVERIFY(written[1].stored.error->fault == Fault::DiskFull);
        QVERIFY(database.read({1, kBob, {}, 10}).entries.size() == 1);
        test::bytesUntilFull = 200'000;
        QVERIFY(!apply(database, {chat::AddMessage{4, message(3)}}).front().stored.error);
        test::bytesUntilFull = 0;
        QVERIFY(apply(database, {chat::AddMessage{5, message(4)}}).front().stored.error->fault == Fault::DiskFull);
        test::bytesUntilFull = -1;
        QVERIFY(!apply(database, {chat::AddMessage{6, message(4)}}).front().stored.error);
        QVERIFY(database.read({1, kBob, {}, 10}).entries.size() == 3);
    }
};

KITH_TEST(ClientDatabaseTest);
#include "clientdatabase_test.moc"
