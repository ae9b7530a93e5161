// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <QTemporaryDir>
#include <QTest>

#include "protocol/store/clientdatabase.h"
#include "tests/protocol/store/failingdisk.h"
#include "tests/support/seededrandom.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::store;

namespace {

const UserName kBob = UserName::parse("bob").value();

chat::AddMessage message(std::uint32_t number) {
    chat::StoredMessage out;
    for (std::size_t i = 0; i < 4; ++i) out.id.bytes[i] = static_cast<std::byte>(number >> (8 * i));
    out.conversation = kBob;
    out.position = UnixMillis{std::chrono::milliseconds{number}};
    out.text = std::string(200, 'x');
    return {number + 1u, out};
}

/// The keys of round n, long enough to be torn.
Bytes keysOf(std::uint8_t round) {
    return Bytes(20'000, static_cast<std::byte>(round));
}

Result<ClientDatabase> open(const QTemporaryDir& directory) {
    const std::filesystem::path root = directory.path().toStdString();
    return ClientDatabase::open(root / "kith.db", std::make_unique<KeyFile>(root / "keys"));
}

/// Writes messages, statuses and keys until it is killed; a byte for each message that was reported as stored.
[[noreturn]] void writeForEver(const QTemporaryDir& directory, std::uint32_t first, std::uint8_t round, int reported) {
    auto database = open(directory);
    if (!database) ::_exit(1);
    for (auto next = first;; next += 2) {
        const auto written = database->apply(std::vector<client::Write>{
            message(next), message(next + 1), client::SaveItem{1, client::Item::Keys, keysOf(round)},
            chat::SetStatus{2, kBob, false, {message(next).message.id}, chat::StoredStatus::Delivered, true}});
        for (const auto& it : written)
            if (it.stored.error) ::_exit(1);
        if (::write(reported, "xx", 2) != 2) ::_exit(1);
    }
}

std::size_t countOf(ClientDatabase& database) {
    std::size_t count = 0;
    std::optional<UnixMillis> before;
    for (;;) {
        const auto page = database.read({1, kBob, before, 1000});
        if (page.error) return 0;
        count += page.entries.size();
        if (page.complete) return count;
        before = client::positionOf(page.entries.front());
    }
}

}  // namespace

class ClientCrashTest : public QObject {
    Q_OBJECT

private slots:
    void cleanup() { test::syncsUntilFailure = -1; }

    void whatWasReportedSurvives200Kills() {
        const QTemporaryDir directory;
        test::SeededRandom random(7);
        std::uint32_t known = 0;
        for (int round = 0; round < 200; ++round) {
            int ends[2];
            QVERIFY(::pipe(ends) == 0);
            const pid_t child = ::fork();
            if (child == 0) writeForEver(directory, known, static_cast<std::uint8_t>(round), ends[1]);
            ::close(ends[1]);
            ::usleep(static_cast<useconds_t>(random.below(30'000)));
            ::kill(child, SIGKILL);
            std::uint32_t reported = 0;
            for (char byte = 0; ::read(ends[0], &byte, 1) == 1;) ++reported;
            ::close(ends[0]);
            ::waitpid(child, nullptr, 0);

            auto database = open(directory);
            QVERIFY(database.has_value());
            const auto count = countOf(*database);
            QVERIFY(count >= known + reported);
            QVERIFY(count <= known + reported + 2);  // stored, but killed before it could say so
            known = static_cast<std::uint32_t>(count);
            // The keys are whole: of this round or of one before.
            const auto state = database->load();
            QVERIFY(state.has_value());
            const auto keys = state->items.find(client::Item::Keys);
            if (keys == state->items.end()) continue;
            QCOMPARE(keys->second.size(), std::size_t{20'000});
            QVERIFY(std::ranges::count(keys->second, keys->second.front()) == 20'000);
        }
        QVERIFY(known > 100);
    }

    void aSyncThatFailsIsReported() {
        int failures = 0;
        for (int nth = 0; nth < 25; ++nth) {
            const QTemporaryDir directory;
            std::vector<bool> stored;
            {
                auto database = open(directory);
                QVERIFY(database.has_value());
                test::syncsUntilFailure = nth;
                for (std::uint32_t i = 0; i < 8; ++i) {
                    const auto written = database->apply(std::vector<client::Write>{message(i)});
                    stored.push_back(!written.front().stored.error);
                    failures += !stored.back();
                }
                test::syncsUntilFailure = -1;
                // The disk is well again: what failed can be done now.
                for (std::uint32_t i = 0; i < 8; ++i)
                    if (!stored[i])
                        QVERIFY(!database->apply(std::vector<client::Write>{message(i)}).front().stored.error);
            }
            auto database = open(directory);
            QVERIFY(database.has_value());
            QCOMPARE(countOf(*database), std::size_t{8});
        }
        QVERIFY(failures > 5);
    }

    void aDatabaseThatIsBeingMadeWhenASyncFailsIsMadeLater() {
        int failures = 0;
        int nth = 0;
        for (bool reached = true; reached && nth < 100; ++nth) {
            const QTemporaryDir directory;
            test::syncsUntilFailure = nth;
            {
                auto database = open(directory);
                failures += !database.has_value();
                reached = test::syncsUntilFailure < 0;
                test::syncsUntilFailure = -1;
                // What opened all the same holds what it says it holds.
                if (database) QVERIFY(!database->apply(std::vector<client::Write>{message(0)}).front().stored.error);
            }
            auto database = open(directory);
            QVERIFY(database.has_value());
            if (countOf(*database) == 0)
                QVERIFY(!database->apply(std::vector<client::Write>{message(0)}).front().stored.error);
            QCOMPARE(countOf(*database), std::size_t{1});
        }
        QVERIFY(failures > 0 && nth < 100);
    }

    void keysThatCantBeSyncedAreNotTaken() {
        const QTemporaryDir directory;
        auto database = open(directory).value();
        database.apply(std::vector<client::Write>{client::SaveItem{1, client::Item::Keys, keysOf(1)}});
        test::syncsUntilFailure = 0;
        const auto written =
            database.apply(std::vector<client::Write>{client::SaveItem{2, client::Item::Keys, keysOf(2)}});
        QVERIFY(written.front().stored.error);
        QVERIFY(database.load().value().items.at(client::Item::Keys) == keysOf(1));
    }
};

KITH_TEST(ClientCrashTest);
#include "clientcrash_test.moc"
