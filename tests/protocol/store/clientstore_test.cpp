// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/store/clientstore.h"

#include <sys/stat.h>

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <semaphore>

#include "tests/support/testmain.h"

using namespace kith;

namespace {

const UserName kAlice = UserName::parse("alice").value();
const NetworkId kNetwork{};

/// A store thread and its answers, one at a time.
struct Running {
    explicit Running(const QTemporaryDir& directory)
        : store(directory.path().toStdString(), [this] { woken.release(); }) {}

    std::vector<client::StoreAnswer> answers(std::size_t count) {
        std::vector<client::StoreAnswer> out;
        while (out.size() < count) {
            woken.acquire();
            store.take(out);
        }
        return out;
    }
    client::StoreOpened open() {
        store.order(client::OpenStore{kNetwork, kAlice});
        return std::get<client::StoreOpened>(answers(1).front());
    }

    std::counting_semaphore<> woken{0};
    store::ClientStore store;
};

chat::AddMessage add(StoreTicket ticket) {
    chat::StoredMessage message;
    message.id.bytes[0] = static_cast<std::byte>(ticket);
    message.conversation = kAlice;
    message.position = UnixMillis{std::chrono::milliseconds{ticket}};
    return {ticket, message};
}

}  // namespace

class ClientStoreTest : public QObject {
    Q_OBJECT

private slots:
    void ordersAreAnsweredInTheirOrder() {
        const QTemporaryDir directory;
        Running running(directory);
        QVERIFY(running.open().state.has_value());
        running.store.order(client::Write(add(1)));
        running.store.order(client::Write(add(2)));
        running.store.order(client::ReadHistory{9, kAlice, {}, 10});
        running.store.order(client::Write(add(3)));
        const auto answers = running.answers(4);
        QVERIFY(std::get<client::Written>(answers[0]).stored.ticket == 1);
        QVERIFY(std::get<client::Written>(answers[1]).stored.ticket == 2);
        QCOMPARE(std::get<client::HistoryRead>(answers[2]).entries.size(), std::size_t{2});
        QVERIFY(std::get<client::Written>(answers[3]).stored.ticket == 3);
    }

    void itemsAreReadAsTheyWereWrittenBefore() {
        const QTemporaryDir directory;
        Running running(directory);
        running.store.order(client::ReadItems{1});
        QVERIFY(std::get<client::ItemsRead>(running.answers(1).front()).items.error().fault == Fault::NotSignedIn);
        QVERIFY(running.open().state.has_value());
        running.store.order(client::Write(client::SaveItem{2, client::Item::Account, toBytes("papers")}));
        running.store.order(client::Write(client::SaveItem{3, client::Item::Keys, toBytes("keys")}));
        running.store.order(client::ReadItems{4});
        const auto answers = running.answers(3);
        const auto& read = std::get<client::ItemsRead>(answers.back());
        QCOMPARE(read.ticket, StoreTicket{4});
        QVERIFY(read.items->at(client::Item::Account) == toBytes("papers"));
        QVERIFY(read.items->at(client::Item::Keys) == toBytes("keys"));
    }

    void whatWasOrderedIsDoneBeforeTheEnd() {
        const QTemporaryDir directory;
        {
            Running running(directory);
            QVERIFY(running.open().state.has_value());
            for (StoreTicket i = 1; i <= 200; ++i) running.store.order(client::Write(add(i)));
        }
        Running again(directory);
        QCOMPARE(again.open().state->chat.unsettled.size(), std::size_t{200});
    }

    void twoProgramsDontShareAnAccount() {
        const QTemporaryDir directory;
        Running first(directory);
        QVERIFY(first.open().state.has_value());
        Running second(directory);
        QVERIFY(second.open().state.error().fault == Fault::InUse);
        first.store.order(client::CloseStore{});
        first.store.order(client::ReadHistory{1, kAlice, {}, 1});
        QVERIFY(std::get<client::HistoryRead>(first.answers(1).front()).error);
        QVERIFY(second.open().state.has_value());
    }

    void theDataAreTheOwnersAlone() {
        const QTemporaryDir directory;
        Running running(directory);
        QVERIFY(running.open().state.has_value());
        struct stat status {};
        const auto path = store::accountDirectory(directory.path().toStdString(), kNetwork, kAlice);
        QVERIFY(::stat(path.c_str(), &status) == 0);
        QCOMPARE(status.st_mode & 0777u, 0700u);
    }

    void noPlaceForDataIsTold() {
        const QTemporaryDir directory;
        std::filesystem::create_directory(directory.path().toStdString() + "/" + kNetwork.hex());
        std::FILE* file = std::fopen((directory.path().toStdString() + "/" + kNetwork.hex() + "/alice").c_str(), "w");
        std::fclose(file);
        Running running(directory);
        QVERIFY(running.open().state.error().fault == Fault::StorageBroken);
    }

    void writesWithoutAnAccountFail() {
        const QTemporaryDir directory;
        Running running(directory);
        running.store.order(client::Write(add(1)));
        QVERIFY(std::get<client::Written>(running.answers(1).front()).stored.error);
    }

    void itStartsAndStopsAHundredTimes() {
        const QTemporaryDir directory;
        for (int i = 0; i < 100; ++i) {
            Running running(directory);
            running.store.order(client::OpenStore{kNetwork, kAlice});
        }
    }
};

KITH_TEST(ClientStoreTest);
#include "clientstore_test.moc"
