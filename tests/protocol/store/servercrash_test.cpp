// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <QTemporaryDir>
#include <QTest>

#include "protocol/crypto/hash.h"
#include "protocol/store/serverdatabase.h"
#include "tests/protocol/store/failingdisk.h"
#include "tests/support/seededrandom.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::store;
using test::syncs;
using test::syncsUntilFailure;

namespace {

UserName userNumber(unsigned number) {
    return UserName::parse("user" + std::to_string(number)).value();
}

server::StoreOrder insertion(unsigned number) {
    login::InsertAccount out;
    out.ticket = number;
    out.account.user = userNumber(number);
    out.account.userKey = UserKey{crypto::sha256(asBytes(out.account.user.text()))};
    out.account.devices.list = wire::encodeObjects(directory::DeviceList{out.account.userKey, 1, {DeviceId{}}});
    out.vault.box = Bytes(3000, std::byte{9});
    return login::StoreRequest{out};
}

std::optional<Error> errorOf(const server::StoreAnswer& answer) {
    return std::get<login::StoreDone>(std::get<login::StoreAnswer>(answer)).error;
}

/// Whether the account is there, whole: its vault with it.
bool isThere(ServerDatabase& database, unsigned number) {
    const auto answers = database.apply(
        std::vector<server::StoreOrder>{login::StoreRequest{login::LoadAccount{1, userNumber(number)}},
                                        login::StoreRequest{login::LoadVaultPart{2, userNumber(number), 0, 10}}});
    const auto& account = std::get<login::AccountLoaded>(std::get<login::StoreAnswer>(answers.at(0)));
    const auto& vault = std::get<login::VaultPartLoaded>(std::get<login::StoreAnswer>(answers.at(1)));
    if (account.error || account.account.has_value() != (vault.total == 3000)) qFatal("half an account");
    return account.account.has_value();
}

/// Inserts accounts in batches until it is killed; writes a byte for each that was reported as stored.
[[noreturn]] void insertForEver(const std::filesystem::path& file, unsigned first, int acknowledged) {
    auto database = ServerDatabase::open(file);
    if (!database) ::_exit(1);
    for (unsigned next = first;; next += 3) {
        const auto answers =
            database->apply(std::vector<server::StoreOrder>{insertion(next), insertion(next + 1), insertion(next + 2)});
        for (const auto& answer : answers)
            if (errorOf(answer) || ::write(acknowledged, "x", 1) != 1) ::_exit(1);
    }
}

}  // namespace

class ServerCrashTest : public QObject {
    Q_OBJECT

private slots:
    void cleanup() { syncsUntilFailure = -1; }

    void whatWasReportedSurvives200Kills() {
        const QTemporaryDir directory;
        const auto file = std::filesystem::path(directory.path().toStdString()) / "server.db";
        test::SeededRandom random(7);
        unsigned known = 0;
        for (int round = 0; round < 200; ++round) {
            int ends[2];
            QVERIFY(::pipe(ends) == 0);
            const pid_t child = ::fork();
            if (child == 0) insertForEver(file, known, ends[1]);
            ::close(ends[1]);
            ::usleep(static_cast<useconds_t>(random.below(60'000)));
            ::kill(child, SIGKILL);
            unsigned acknowledged = 0;
            for (char byte = 0; ::read(ends[0], &byte, 1) == 1;) ++acknowledged;
            ::close(ends[0]);
            ::waitpid(child, nullptr, 0);

            auto database = ServerDatabase::open(file, ServerDatabase::Check::Quick);
            QVERIFY(database.has_value());
            for (unsigned i = known; i < known + acknowledged; ++i) QVERIFY(isThere(*database, i));
            known += acknowledged;
            while (isThere(*database, known)) ++known;  // stored, but killed before it could say so
        }
        QVERIFY(known > 200);
    }

    void aSyncThatFailsIsReported() {
        int failures = 0;
        for (int nth = 0; nth < 25; ++nth) {
            const QTemporaryDir directory;
            const auto file = std::filesystem::path(directory.path().toStdString()) / "server.db";
            std::vector<bool> reported;
            {
                auto database = ServerDatabase::open(file);
                QVERIFY(database.has_value());
                syncsUntilFailure = nth;
                for (unsigned i = 0; i < 8; ++i) {
                    const auto error = errorOf(database->apply(std::vector<server::StoreOrder>{insertion(i)}).at(0));
                    if (error) QVERIFY(error->fault == Fault::StorageBroken);
                    failures += error.has_value();
                    reported.push_back(!error);
                }
                syncsUntilFailure = -1;
                // The disk is well again: what failed can be done now.
                for (unsigned i = 0; i < 8; ++i) {
                    if (reported[i]) continue;
                    QVERIFY(!errorOf(database->apply(std::vector<server::StoreOrder>{insertion(i)}).at(0)));
                }
            }
            auto database = ServerDatabase::open(file, ServerDatabase::Check::Quick);
            QVERIFY(database.has_value());
            for (unsigned i = 0; i < 8; ++i) QVERIFY(isThere(*database, i));
        }
        QVERIFY(failures > 5);
    }

    void aDatabaseThatIsBeingMadeWhenASyncFailsIsMadeLater() {
        int failures = 0;
        int nth = 0;
        for (bool reached = true; reached && nth < 100; ++nth) {
            const QTemporaryDir directory;
            const auto file = std::filesystem::path(directory.path().toStdString()) / "server.db";
            syncsUntilFailure = nth;
            {
                auto database = ServerDatabase::open(file);
                failures += !database.has_value();
                reached = syncsUntilFailure < 0;
                syncsUntilFailure = -1;
                // What opened all the same holds what it says it holds.
                if (database) QVERIFY(!errorOf(database->apply(std::vector<server::StoreOrder>{insertion(0)}).at(0)));
            }
            auto database = ServerDatabase::open(file, ServerDatabase::Check::Quick);
            QVERIFY(database.has_value());
            if (!isThere(*database, 0))
                QVERIFY(!errorOf(database->apply(std::vector<server::StoreOrder>{insertion(0)}).at(0)));
            QVERIFY(isThere(*database, 0));
        }
        QVERIFY(failures > 0 && nth < 100);
    }

    void everyReportCostsASync() {
        const QTemporaryDir directory;
        const auto file = std::filesystem::path(directory.path().toStdString()) / "server.db";
        auto database = ServerDatabase::open(file);
        const int before = syncs;
        for (unsigned i = 0; i < 10; ++i) database->apply(std::vector<server::StoreOrder>{insertion(i)});
        QVERIFY(syncs - before >= 10);
        const int alone = syncs;
        std::vector<server::StoreOrder> together;
        for (unsigned i = 10; i < 20; ++i) together.push_back(insertion(i));
        database->apply(together);
        QVERIFY(syncs - alone < 5);
    }
};

KITH_TEST(ServerCrashTest);

#include "servercrash_test.moc"
