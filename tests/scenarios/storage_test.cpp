// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QTest>

#include "tests/scenarios/village.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::test;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kPeople = 3;

std::size_t somebody(Village& village) {
    return static_cast<std::size_t>(village.world.random.below(village.size()));
}

void everybodyWrites(Village& village, int texts) {
    for (int i = 0; i < texts; ++i) {
        const auto from = somebody(village);
        village.write(from, (from + 1) % village.size());
        village.world.run(village.world.random.within(300ms));
    }
}

/// The good end of every story here.
std::string end(Village& village, Village::Order order = Village::Order::AsWritten) {
    village.mendDisks();
    if (!village.everybodyIsOnline()) return "coming back";
    if (!village.allArriveWithin(20min)) return "arriving";
    village.world.run(2min);
    return village.wrong(order);
}

}  // namespace

/// Disks that fail and programs that die: what was said to be done is done, and everything goes on afterwards.
class StorageTest : public QObject {
    Q_OBJECT

private slots:
    // Of the three writes that keep an account, every second or third would hit one each time.
    void everyNthWriteOfTheClientsFails_data() { nths({4, 5, 7, 11}); }
    void everyNthWriteOfTheClientsFails() {
        QFETCH(int, nth);
        Village village(static_cast<std::uint64_t>(nth), kPeople);
        for (std::size_t i = 0; i < kPeople; ++i) village.person(i).store.faults.everyNth = static_cast<unsigned>(nth);
        QVERIFY(village.everybodySignsUp());
        QVERIFY(village.neighboursMeet(1));
        everybodyWrites(village, 60);
        village.world.run(10s);
        QVERIFY(village.acceptedCount() >= 20);
        QVERIFY(village.person(0).store.faults.refused > 1);
        // By now everybody's account is kept, whatever the disk refused at first.
        village.world.run(2min);
        village.killSoon(1, 0s, 1s);
        village.world.run(5s);
        const auto wrong = end(village, Village::Order::AsTheyCame);
        QVERIFY2(wrong.empty(), wrong.c_str());
    }

    // Somebody who tries again and again makes three writes each time.
    void everyNthWriteOfTheServerFails_data() { nths({4, 5, 7, 11}); }
    void everyNthWriteOfTheServerFails() {
        QFETCH(int, nth);
        Village village(static_cast<std::uint64_t>(nth), kPeople);
        village.disk.faults.everyNth = static_cast<unsigned>(nth);
        QVERIFY(village.everybodySignsUp());
        // Who was told that the account is there finds it there.
        QCOMPARE(village.disk.accounts.accounts.size(), kPeople);
        village.killServerSoon(0s, 1s);
        village.world.run(5s);
        QVERIFY(village.everybodyIsOnline());
        QVERIFY(village.neighboursMeet(1));
        everybodyWrites(village, 20);
        QVERIFY(village.disk.faults.refused > 0);
        const auto wrong = end(village);
        QVERIFY2(wrong.empty(), wrong.c_str());
    }

    void aFullDiskRefusesAndLosesNothing() {
        Village village(1, kPeople);
        QVERIFY(village.everybodySignsUp() && village.neighboursMeet(1));
        everybodyWrites(village, 10);
        village.world.run(10s);
        const auto before = village.acceptedCount();
        QCOMPARE(before, std::size_t{10});
        for (std::size_t i = 0; i < kPeople; ++i) village.person(i).store.faults.always = Fault::DiskFull;
        everybodyWrites(village, 10);
        village.world.run(10s);
        QCOMPARE(village.acceptedCount(), before);
        // Its reader's disk is full, its writer's is not: it waits.
        village.person(0).store.faults = {};
        village.write(0, 1);
        village.world.run(30s);
        QCOMPARE(village.acceptedCount(), before + 1);
        QVERIFY(!village.allHaveArrived());
        const auto wrong = end(village);
        QVERIFY2(wrong.empty(), wrong.c_str());
        QVERIFY(village.allHaveArrived());
    }

    void aServersFullDiskIsToldAndGoesByItself() {
        Village village(1, kPeople);
        village.disk.faults.always = Fault::DiskFull;
        auto& first = village.person(0);
        const auto asked = first.ask(engine::SignUp{village.link(), first.name.text(), "First", "correct horse"});
        QVERIFY(village.eventually([&] { return first.outcome(asked).has_value(); }, 1min));
        // It's not this person's disk: later it will be possible.
        QVERIFY(first.outcome(asked)->reason == engine::Reason::NotPossibleNow);
        QVERIFY(village.disk.accounts.accounts.empty());
        village.mendDisks();
        QVERIFY(village.everybodySignsUp() && village.neighboursMeet(1));
    }

    // A renewal whose keys were written, and whose certificates were not.
    void keysAndCertificatesOfTwoRenewalsAreAnAccountStill() {
        Village village(1, kPeople);
        QVERIFY(village.everybodySignsUp());
        village.world.run(10s);
        auto& first = village.person(0);
        first.kill();
        const auto answer = first.store.carryOut(*first.store.kept());
        const auto& items = std::get<client::StoreOpened>(*answer).state->items;
        auto membership = client::keptAccount(items).value().membership;
        const auto account = membership.account();
        const auto vault = items.at(client::Item::Vault);
        QVERIFY(!membership.access.empty());
        for (auto& paper : membership.access)
            paper.key = std::make_shared<const crypto::SigningKey>(crypto::SigningKey::generate(village.world.random));
        const auto restored = login::Membership::restore(membership.network, account, membership.keys(), vault);
        QVERIFY(restored.has_value());
        QVERIFY(restored->access.empty());
        QVERIFY(restored->device->chain == membership.device->chain);
    }

    void theHostCacheIsThereAgain() {
        Village village(1, kPeople);
        QVERIFY(village.everybodySignsUp());
        auto& first = village.person(0);
        const auto known = Endpoint::parse("198.18.0.7:33033").value();
        overlay::HostCache cache;
        cache.worked(known, overlay::Rung::Udp);
        first.kill();
        first.store.carryOut(*first.store.kept());
        first.store.carryOut(client::Write{client::SaveItem{1, client::Item::HostCache, cache.encoded()}});
        first.store.reopen();
        first.restart();
        QVERIFY(village.everybodyIsOnline());
        village.world.run(5s);
        first.kill();
        // The one that worked now stands in front of the one that was known before.
        const auto answer = first.store.carryOut(*first.store.kept());
        const auto& items = std::get<client::StoreOpened>(*answer).state->items;
        const auto entries = overlay::HostCache::decode(items.at(client::Item::HostCache)).value().entries();
        QCOMPARE(entries.size(), std::size_t{2});
        QVERIFY(entries.back() == known);
    }

    void killedAtTwoHundredRandomTimes() {
        Village village(7, kPeople);
        QVERIFY(village.everybodySignsUp() && village.neighboursMeet(1));
        for (int i = 0; i < 200; ++i) {
            const auto from = somebody(village);
            village.write(from, (from + 1) % kPeople);
            // Some die in the few milliseconds in which a disk writes and a datagram travels.
            const auto soon = village.world.random.within(i % 2 ? 10ms : 1500ms);
            if (i % 8 == 0)
                village.killServerSoon(soon, village.world.random.within(1s));
            else
                village.killSoon(i % 2 ? from : somebody(village), soon, village.world.random.within(1s));
            village.world.run(2500ms);
        }
        QVERIFY(village.acceptedCount() > 100);
        const auto wrong = end(village);
        QVERIFY2(wrong.empty(), wrong.c_str());
    }

    void killedWhileSigningUpAndMeeting() {
        for (std::uint64_t seed = 1; seed <= 10; ++seed) {
            Village village(seed, kPeople);
            for (int i = 0; i < 4; ++i) village.killServerSoon(village.world.random.within(8s), 500ms);
            QVERIFY(village.everybodySignsUp());
            for (int i = 0; i < 12; ++i)
                village.killSoon(somebody(village), village.world.random.within(20s), village.world.random.within(1s));
            QVERIFY2(village.neighboursMeet(1), std::to_string(seed).c_str());
            everybodyWrites(village, 5);
            const auto wrong = end(village);
            QVERIFY2(wrong.empty(), wrong.c_str());
        }
    }

    // What a program needs about once a day is not in its memory meanwhile.
    void papersAreRenewedFromWhatIsOnDisk() {
        Village village(1, 2);
        QVERIFY(village.everybodySignsUp());
        village.world.run(1min);
        auto& broken = village.person(0).store;
        auto& sound = village.person(1).store;
        const auto papers = [](MemoryStore& store) { return store.item(client::Item::Account); };
        const auto before = std::array{papers(broken), papers(sound)};
        broken.itemsFault = Fault::StorageBroken;
        village.world.run(26h);
        QVERIFY(papers(sound) != before[1]);
        QVERIFY(papers(broken) == before[0]);
        QCOMPARE(village.person(0).all<engine::Trouble>().size(), std::size_t{1});

        broken.itemsFault.reset();
        village.world.run(1min);
        QVERIFY(papers(broken) != before[0]);
        QVERIFY(village.everybodyIsOnline());
        QCOMPARE(village.person(0).all<engine::Trouble>().size(), std::size_t{1});
    }

private:
    static void nths(std::initializer_list<int> list) {
        QTest::addColumn<int>("nth");
        for (const int nth : list) QTest::addRow("%d", nth) << nth;
    }
};

KITH_TEST(StorageTest);
#include "storage_test.moc"
