// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/store/serverdatabase.h"

#include <QFile>
#include <QScopeGuard>
#include <QTemporaryDir>
#include <QTest>

#include "protocol/crypto/hash.h"
#include "protocol/store/serverstore.h"
#include "tests/protocol/store/failingdisk.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::store;
using namespace std::chrono_literals;

namespace {

constexpr UnixTime kNow{1'800'000'000s};

UserName name(std::string_view text) {
    return UserName::parse(text).value();
}
template <class T>
T filled(int value) {
    T out;
    out.bytes.fill(static_cast<std::byte>(value));
    return out;
}
ByteArray<32> digest(int value) {
    ByteArray<32> out;
    out.fill(static_cast<std::byte>(value));
    return out;
}

directory::SignedDeviceList devicesOf(std::uint64_t epoch, std::vector<int> devices) {
    directory::DeviceList list{UserKey{}, epoch, {}};
    for (const int device : devices) list.devices.push_back(filled<DeviceId>(device));
    directory::SignedDeviceList out;
    out.list = wire::encodeObjects(list);
    out.signature.fill(std::byte{7});
    out.server = toBytes("chain");
    return out;
}

login::InsertAccount account(std::string_view user, std::optional<ByteArray<32>> invitation = {}) {
    login::InsertAccount out;
    out.ticket = 1;
    out.account.user = name(user);
    out.account.userKey = UserKey{crypto::sha256(asBytes(user))};
    out.account.loginHash = digest(2);
    out.account.recoveryHash = digest(3);
    out.account.created = kNow;
    out.account.epoch = 1;
    out.account.devices = devicesOf(1, {1});
    out.account.vaultVersion = 1;
    out.vault = {toBytes("wrap"), toBytes("recovery"), Bytes(5000, std::byte{9})};
    out.invitation = invitation;
    out.now = kNow;
    return out;
}

struct Disk {
    QTemporaryDir directory{};
    std::filesystem::path file = std::filesystem::path(directory.path().toStdString()) / "server.db";

    ServerDatabase open() const { return ServerDatabase::open(file).value(); }
    QByteArray read() const {
        QFile in(QString::fromStdString(file.string()));
        return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
    }
    void write(const QByteArray& bytes) const {
        QFile out(QString::fromStdString(file.string()));
        if (!out.open(QIODevice::WriteOnly) || out.write(bytes) != bytes.size()) qFatal("write");
    }
};

template <class Answer>
Answer ask(ServerDatabase& database, login::StoreRequest request) {
    const auto answers = database.apply(std::vector<server::StoreOrder>{std::move(request)});
    if (answers.size() != 1) qFatal("not one answer");
    return std::get<Answer>(std::get<login::StoreAnswer>(answers[0]));
}
std::optional<Fault> outcome(ServerDatabase& database, login::StoreRequest request) {
    const auto done = ask<login::StoreDone>(database, std::move(request));
    if (!done.error) return std::nullopt;
    return done.error->fault;
}
std::optional<login::Account> load(ServerDatabase& database, std::string_view user) {
    const auto answer = ask<login::AccountLoaded>(database, login::LoadAccount{1, name(user)});
    if (answer.error) qFatal("load");
    return answer.account;
}

}  // namespace

class ServerDatabaseTest : public QObject {
    Q_OBJECT

private slots:
    void anAccountIsThereAfterItWasInserted() {
        Disk disk;
        const auto inserted = account("anna");
        {
            auto database = disk.open();
            QVERIFY(!load(database, "anna"));
            QVERIFY(!outcome(database, inserted));
            QVERIFY(outcome(database, account("anna")) == Fault::NameTaken);
        }
        auto database = disk.open();
        QVERIFY(load(database, "anna") == inserted.account);
        const auto part = ask<login::VaultPartLoaded>(database, login::LoadVaultPart{9, name("anna"), 4000, 4000});
        QVERIFY(!part.error && part.ticket == 9);
        QCOMPARE(part.part.size(), 1000U);
        QCOMPARE(part.total, 5000U);
        QVERIFY(part.version == 1 && asText(part.passwordWrap) == "wrap" && asText(part.recoveryWrap) == "recovery");
        const auto none = ask<login::VaultPartLoaded>(database, login::LoadVaultPart{9, name("bert"), 0, 10});
        QVERIFY(none.error && none.error->fault == Fault::NotFound);
        const auto beyond = ask<login::VaultPartLoaded>(database, login::LoadVaultPart{9, name("anna"), 9000, 10});
        QVERIFY(!beyond.error && beyond.part.empty());
    }

    void invitationsAreUsedUp() {
        Disk disk;
        auto database = disk.open();
        QVERIFY(database.invite({digest(1), {}, 2, kNow + 24h}).has_value());
        QVERIFY(outcome(database, account("anna", digest(9))) == Fault::InvitationInvalid);
        QVERIFY(!outcome(database, account("anna", digest(1))));
        // A name that is taken uses nothing up.
        QVERIFY(outcome(database, account("anna", digest(1))) == Fault::NameTaken);
        QVERIFY(!outcome(database, account("bert", digest(1))));
        QVERIFY(outcome(database, account("carl", digest(1))) == Fault::InvitationInvalid);
        QVERIFY(!load(database, "carl"));
        QVERIFY(database.invite({digest(2), {}, 1, kNow}).has_value());
        QVERIFY(outcome(database, account("carl", digest(2))) == Fault::InvitationInvalid);
    }

    void aNameThatIsSetAsideIsForOnePerson() {
        Disk disk;
        auto database = disk.open();
        QVERIFY(database.invite({digest(1), name("anna"), 1, kNow + 24h}).has_value());
        QVERIFY(database.invite({digest(2), {}, 9, kNow + 24h}).has_value());
        QVERIFY(outcome(database, account("anna")) == Fault::NameTaken);
        QVERIFY(outcome(database, account("anna", digest(2))) == Fault::NameTaken);
        QVERIFY(outcome(database, account("bert", digest(1))) == Fault::InvitationInvalid);
        auto named = account("bert", digest(2));
        named.namedInvitationOnly = true;
        QVERIFY(outcome(database, named) == Fault::InvitationInvalid);
        named = account("anna", digest(1));
        named.namedInvitationOnly = true;
        QVERIFY(!outcome(database, named));
        const auto late = database.invite({digest(3), name("anna"), 1, kNow + 24h});
        QVERIFY(!late && late.error().fault == Fault::NameTaken);
        // An invitation that ran out sets nothing aside.
        QVERIFY(database.invite({digest(4), name("carl"), 1, kNow}).has_value());
        QVERIFY(!outcome(database, account("carl")));
    }

    void vaultsAreSwappedByVersion() {
        Disk disk;
        auto database = disk.open();
        outcome(database, account("anna"));
        const login::StoredVault vault{toBytes("w2"), {}, toBytes("box2")};
        QVERIFY(outcome(database, login::SaveVault{1, name("anna"), 7, vault, {}}) == Fault::VersionConflict);
        QVERIFY(outcome(database, login::SaveVault{1, name("bert"), 1, vault, {}}) == Fault::NotFound);
        QVERIFY(!outcome(database, login::SaveVault{1, name("anna"), 1, vault, digest(8)}));
        QVERIFY(outcome(database, login::SaveVault{1, name("anna"), 1, vault, {}}) == Fault::VersionConflict);
        const auto held = load(database, "anna");
        QVERIFY(held->vaultVersion == 2 && held->loginHash == digest(8) && held->recoveryHash == digest(3));
        const auto part = ask<login::VaultPartLoaded>(database, login::LoadVaultPart{1, name("anna"), 0, 100});
        QVERIFY(asText(part.part) == "box2" && part.recoveryWrap.empty());
    }

    void deviceListsGoForward() {
        Disk disk;
        auto database = disk.open();
        outcome(database, account("anna"));
        QVERIFY(!outcome(database, login::SaveDevices{1, name("anna"), 3, devicesOf(3, {1, 2})}));
        QVERIFY(outcome(database, login::SaveDevices{1, name("anna"), 2, devicesOf(2, {1})}) == Fault::VersionConflict);
        QVERIFY(outcome(database, login::SaveDevices{1, name("anna"), 3, devicesOf(3, {1})}) == Fault::VersionConflict);
        auto again = devicesOf(3, {1, 2});
        again.countersignature.fill(std::byte{4});
        QVERIFY(!outcome(database, login::SaveDevices{1, name("anna"), 3, again}));
        QVERIFY(load(database, "anna")->devices == again);
        QVERIFY(outcome(database, login::SaveDevices{1, name("bert"), 1, again}) == Fault::NotFound);
    }

    void whatIsWithdrawnIsTold() {
        Disk disk;
        auto database = disk.open();
        outcome(database, account("anna"));
        outcome(database, account("bert"));
        outcome(database, login::SaveDevices{1, name("anna"), 2, devicesOf(2, {1, 2})});
        const auto save = [&](const char* user, int id, int device, UnixTime expires) {
            const login::IssuedAccess access{filled<Id<struct AnyTag, 16>>(id).bytes, filled<DeviceId>(device),
                                             expires};
            QVERIFY(!outcome(database, login::SaveAccess{1, name(user), {access}, kNow}));
        };
        save("anna", 1, 1, kNow + 24h);
        save("anna", 2, 2, kNow + 24h);
        save("bert", 4, 1, kNow + 24h);
        save("bert", 3, 1, kNow + 48h);
        const auto told = [&](UnixTime now) {
            return ask<login::RevocationsLoaded>(database, login::LoadRevocations{1, now});
        };
        QVERIFY(told(kNow).users.empty() && told(kNow).access.empty());
        outcome(database, login::SaveDevices{1, name("anna"), 3, devicesOf(3, {1})});
        QCOMPARE(told(kNow).access.size(), 1U);
        QVERIFY(database.setDisabled(name("bert"), true).has_value());
        QCOMPARE(told(kNow).access.size(), 3U);
        const auto access = told(kNow).access;
        QVERIFY(std::is_sorted(access.begin(), access.end()));
        QVERIFY(told(kNow).users == std::vector{crypto::sha256(crypto::sha256(asBytes("bert")))});
        QCOMPARE(told(kNow + 30h).access.size(), 1U);
        QVERIFY(load(database, "bert")->disabled);
        QVERIFY(database.setDisabled(name("bert"), false).has_value());
        QVERIFY(told(kNow).users.empty());
        QVERIFY(database.setDisabled(name("carl"), true).error().fault == Fault::NotFound);
    }

    void theOperatorSeesTheAccounts() {
        Disk disk;
        auto database = disk.open();
        outcome(database, account("bert"));
        outcome(database, account("anna"));
        outcome(database, login::SaveDevices{1, name("anna"), 2, devicesOf(2, {1, 2, 3})});
        QVERIFY(database.setDisabled(name("bert"), true).has_value());
        const auto lines = database.accounts().value();
        QCOMPARE(lines.size(), 2U);
        QVERIFY(lines[0].user == name("anna") && lines[0].devices == 3 && !lines[0].disabled);
        QVERIFY(lines[1].user == name("bert") && lines[1].disabled && lines[1].created == kNow);
    }

    void recordsAndSettingsAreKept() {
        Disk disk;
        const auto person = filled<directory::PersonKey>(1);
        {
            auto database = disk.open();
            const std::vector<server::StoreOrder> orders{
                directory::KeepRequest{directory::KeepRecords{person, toBytes("one")}},
                directory::KeepRequest{directory::KeepRecords{filled<directory::PersonKey>(2), toBytes("gone")}},
                directory::KeepRequest{directory::KeepRecords{person, toBytes("two")}},
                directory::KeepRequest{directory::DropRecords{filled<directory::PersonKey>(2)}}};
            QVERIFY(database.apply(orders).empty());
            QVERIFY(database.setSetting("name", "Familie Müller").has_value());
            QVERIFY(database.setSetting("name", "Familie Meier").has_value());
        }
        auto database = disk.open();
        const auto records = database.records().value();
        QCOMPARE(records.size(), 1U);
        QVERIFY(records[0].person == person && asText(records[0].records) == "two");
        QCOMPARE(database.setting("name").value(), std::string("Familie Meier"));
        QCOMPARE(database.setting("other").value(), std::string());
    }

    void aNodesCodeIsOneNodes() {
        Disk disk;
        auto database = disk.open();
        const auto now = UnixTime{std::chrono::seconds{1'800'000'000}};
        const auto hash = login::nodeCodeHash("some code");
        QVERIFY(database.invite({hash, {}, 1, now + 24h}).has_value());
        const auto claim = [&](std::byte node, UnixTime at) {
            const login::ClaimNodeCode request{1, hash, NodeId{{node}}, at};
            const auto answers = database.apply(std::vector<server::StoreOrder>{login::StoreRequest{request}});
            return std::get<login::StoreDone>(std::get<login::StoreAnswer>(answers.front())).error;
        };
        QVERIFY(claim(std::byte{1}, now + 25h)->fault == Fault::InvitationInvalid);
        QVERIFY(!claim(std::byte{1}, now));
        QVERIFY(!claim(std::byte{1}, now + 1h));
        QVERIFY(claim(std::byte{2}, now)->fault == Fault::InvitationInvalid);
        QVERIFY(claim(std::byte{1}, now + 25h)->fault == Fault::InvitationInvalid);
    }

    void oneThatFailsDoesNotStopTheOthers() {
        Disk disk;
        auto database = disk.open();
        auto broken = account("carl");
        broken.account.devices.list = toBytes("no list");
        const auto answers = database.apply(
            std::vector<server::StoreOrder>{login::StoreRequest{account("anna")}, login::StoreRequest{account("anna")},
                                            login::StoreRequest{broken}, login::StoreRequest{account("bert")}});
        QCOMPARE(answers.size(), 4U);
        const auto error = [&](std::size_t i) {
            return std::get<login::StoreDone>(std::get<login::StoreAnswer>(answers[i])).error;
        };
        QVERIFY(!error(0) && error(1)->fault == Fault::NameTaken && error(2)->fault == Fault::InvalidArgument &&
                !error(3));
        QVERIFY(load(database, "anna") && load(database, "bert") && !load(database, "carl"));
    }

    void aFullDiskIsSaidAndNothingIsLost() {
        Disk disk;
        auto database = disk.open();
        QVERIFY(!outcome(database, account("anna")));
        test::bytesUntilFull = 200'000;
        const auto roomAgain = qScopeGuard([] { test::bytesUntilFull = -1; });
        std::vector<server::StoreOrder> orders;
        for (int i = 0; i < 40; ++i) {
            auto one = account("user" + std::to_string(i));
            one.ticket = 100U + static_cast<unsigned>(i);
            one.vault.box = Bytes(20'000, std::byte{1});
            orders.push_back(login::StoreRequest{one});
        }
        const auto answers = database.apply(orders);
        QCOMPARE(answers.size(), orders.size());
        int full = 0;
        for (std::size_t i = 0; i < answers.size(); ++i) {
            const auto& done = std::get<login::StoreDone>(std::get<login::StoreAnswer>(answers[i]));
            QCOMPARE(done.ticket, StoreTicket{100 + i});
            const bool there = load(database, "user" + std::to_string(i)).has_value();
            QCOMPARE(there, !done.error);
            if (done.error) QVERIFY(done.error->fault == Fault::DiskFull);
            full += done.error.has_value();
        }
        QVERIFY(full > 0);
        QVERIFY(load(database, "anna"));
        test::bytesUntilFull = -1;
        QVERIFY(!outcome(database, account("again")));
    }

    void aDatabaseThatIsNoneIsSaid() {
        Disk disk;
        disk.write(QByteArray(20'000, 'x'));
        const auto opened = ServerDatabase::open(disk.file);
        QVERIFY(!opened && opened.error().fault == Fault::StorageBroken);
    }

    void damageIsFound() {
        Disk disk;
        {
            auto database = disk.open();
            for (int i = 0; i < 50; ++i) outcome(database, account("user" + std::to_string(i)));
        }
        auto bytes = disk.read();
        QVERIFY(bytes.size() > 100'000);
        for (qsizetype at = 8192; at < bytes.size(); at += 4096) bytes.replace(at, 2000, QByteArray(2000, '\x5a'));
        disk.write(bytes);
        const auto opened = ServerDatabase::open(disk.file, ServerDatabase::Check::Quick);
        QVERIFY(!opened && opened.error().fault == Fault::StorageBroken);
        // Without the check every request still has an answer, and none of them lies.
        if (auto unchecked = ServerDatabase::open(disk.file)) {
            const auto answers = unchecked->apply(
                std::vector<server::StoreOrder>{login::StoreRequest{login::LoadAccount{5, name("user7")}},
                                                login::StoreRequest{login::LoadRevocations{6, kNow}}});
            QCOMPARE(answers.size(), 2U);
        }
    }

    void aNewerProgramsDatabaseIsLeftAlone() {
        Disk disk;
        { auto database = disk.open(); }
        {
            auto raw = Sqlite::open(disk.file, std::vector<std::vector<const char*>>(1));
            QVERIFY(raw && (*raw)->run("PRAGMA user_version=99"));
        }
        const auto opened = ServerDatabase::open(disk.file);
        QVERIFY(!opened && opened.error().fault == Fault::UnknownVersion);
    }

    void twoProgramsShareIt() {
        Disk disk;
        auto server = disk.open();
        auto tool = disk.open();
        outcome(server, account("anna"));
        QVERIFY(tool.setDisabled(name("anna"), true).has_value());
        QVERIFY(load(server, "anna")->disabled);
    }
};

KITH_TEST(ServerDatabaseTest);

class ServerStoreTest : public QObject {
    Q_OBJECT

    static std::vector<server::StoreAnswer> wait(ServerStore& store, std::atomic<int>& woken, std::size_t count) {
        std::vector<server::StoreAnswer> out;
        while (out.size() < count) {
            const int before = woken.load();
            store.take(out);
            if (out.size() < count) woken.wait(before);
        }
        return out;
    }

private slots:
    void answersComeInOrder() {
        Disk disk;
        std::atomic<int> woken = 0;
        auto store = ServerStore::start(disk.file, [&] {
            ++woken;
            woken.notify_one();
        });
        QVERIFY(store.has_value());
        for (unsigned i = 1; i <= 200; ++i) {
            auto one = account("user" + std::to_string(i));
            one.ticket = i;
            (*store)->order(login::StoreRequest{one});
        }
        const auto answers = wait(**store, woken, 200);
        for (unsigned i = 0; i < 200; ++i) {
            const auto& done = std::get<login::StoreDone>(std::get<login::StoreAnswer>(answers[i]));
            QVERIFY(done.ticket == i + 1 && !done.error);
        }
    }

    void whatWasOrderedIsDoneBeforeItEnds() {
        Disk disk;
        for (int round = 0; round < 100; ++round) {
            auto store = ServerStore::start(disk.file, [] {});
            QVERIFY(store.has_value());
            (*store)->order(login::StoreRequest{account("user" + std::to_string(round))});
        }
        QCOMPARE(disk.open().accounts().value().size(), 100U);
    }

    void aBrokenDatabaseIsSaidAtOnce() {
        Disk disk;
        disk.write(QByteArray(20'000, 'x'));
        const auto store = ServerStore::start(disk.file, [] {});
        QVERIFY(!store && store.error().fault == Fault::StorageBroken);
    }
};

KITH_TEST(ServerStoreTest);

#include "serverdatabase_test.moc"
