// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <rapidcheck.h>

#include <QTest>

#include "protocol/client/accountfile.h"
#include "protocol/client/hosts.h"
#include "protocol/client/vaultpeople.h"
#include "protocol/client/weeklykeys.h"
#include "tests/support/seededrandom.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace std::chrono_literals;

namespace {

constexpr UnixTime kNow{1'800'000'000s};

client::VaultPeople somePeople() {
    client::VaultPeople people;
    for (const auto* name : {"alice", "bob", "carol"}) {
        contacts::Record record;
        record.user = UserName::parse(name).value();
        record.displayName = std::string("Ms ") + name;
        record.weWant = true;
        record.ourVersion = 17;
        people.contacts.push_back(record);
    }
    presence::OwnTopic topic;
    topic.seed[3] = std::byte{9};
    topic.version = 5;
    people.topic = topic;
    people.choice = presence::Choice{presence::Availability::Away, "Out", 8};
    people.views.push_back({UserName::parse("bob").value(), {}, "for Bob", topic.seed, topic.stateKey, 9});
    return people;
}

}  // namespace

/// What a client keeps of itself, and what a broken disk or a newer program makes of it.
class KeepingTest : public QObject {
    Q_OBJECT

private slots:
    void peopleComeBackFromTheVault() {
        const auto people = somePeople();
        QVERIFY(client::decodeVaultPeople(client::encode(people)).value() == people);
        QVERIFY(client::decodeVaultPeople({}).value() == client::VaultPeople{});
    }

    void entriesOfANewerProgramArePassedOver() {
        auto stored = client::encode(somePeople());
        append(stored, toBytes(std::string_view("\x63\x03xyz")));
        QVERIFY(client::decodeVaultPeople(stored).value() == somePeople());
    }

    void aBrokenVaultIsAnError() {
        const auto stored = client::encode(somePeople());
        for (std::size_t size = 1; size < stored.size(); ++size) {
            const auto people = client::decodeVaultPeople(ByteView(stored).first(size));
            if (people) QVERIFY(*people != somePeople());
        }
        QVERIFY(rc::check([](const std::vector<std::uint8_t>& bytes) {
            static_cast<void>(client::decodeVaultPeople(std::as_bytes(std::span(bytes))));
        }));
    }

    void theVaultHoldsAllContacts() {
        client::VaultPeople people;
        contacts::Record record;
        record.displayName = std::string(200, 'x');
        for (std::size_t i = 0; i < contacts::kMaxRecords; ++i) {
            record.user = UserName::parse("user" + std::to_string(i)).value();
            people.contacts.push_back(record);
        }
        QVERIFY(client::decodeVaultPeople(client::encode(people)).value() == people);
        record.user = UserName::parse("onetoomany").value();
        people.contacts.push_back(record);
        QVERIFY(client::decodeVaultPeople(client::encode(people)).error().fault == Fault::TooLarge);
    }

    void aNewKeyEachWeekAndTheOldOneForAWhile() {
        test::SeededRandom random(1);
        client::WeeklyKeys weekly;
        QVERIFY(weekly.due() <= kNow);
        QVERIFY(weekly.refresh(kNow, random));
        QVERIFY(!weekly.refresh(kNow + 6 * 24h, random));
        const auto first = weekly.keys().front()->publicKey();
        QVERIFY(weekly.refresh(kNow + 7 * 24h, random));
        QCOMPARE(weekly.keys().size(), std::size_t{2});
        QVERIFY(weekly.keys().back()->publicKey() == first && weekly.keys().front()->publicKey() != first);
        QVERIFY(weekly.refresh(kNow + 11 * 24h, random));
        QCOMPARE(weekly.keys().size(), std::size_t{1});
        QVERIFY(weekly.due() == kNow + 14 * 24h);
    }

    void aKeyFromTheFutureIsNotKeptForEver() {
        test::SeededRandom random(1);
        client::WeeklyKeys weekly;
        weekly.refresh(kNow + 1000 * 24h, random);
        QVERIFY(weekly.refresh(kNow, random));
        QVERIFY(weekly.due() == kNow + 7 * 24h);
        QCOMPARE(weekly.keys().size(), std::size_t{1});
    }

    void weeklyKeysComeBack() {
        test::SeededRandom random(1);
        client::WeeklyKeys weekly;
        weekly.refresh(kNow, random);
        weekly.refresh(kNow + 8 * 24h, random);
        const auto again = client::WeeklyKeys::decode(weekly.encoded()).value();
        QVERIFY(again.encoded() == weekly.encoded());
        QVERIFY(again.keys().front()->publicKey() == weekly.keys().front()->publicKey());
        auto cut = weekly.encoded();
        cut.pop_back();
        QVERIFY(!client::WeeklyKeys::decode(cut));
        QVERIFY(!client::WeeklyKeys::decode(Bytes(40 * 5)));
    }

    void anAccountWithoutItsPartsIsNone() {
        using client::Item;
        QVERIFY(client::keptAccount({}).error().fault == Fault::NotSignedIn);
        QVERIFY(client::keptAccount({{Item::Account, toBytes("x")}}).error().fault == Fault::NotSignedIn);
        QVERIFY(client::keptAccount({{Item::Keys, toBytes("x")}}).error().fault == Fault::NotSignedIn);
        QVERIFY(client::keptAccount({{Item::Account, toBytes("x")}, {Item::Keys, toBytes("y")}, {Item::Vault, {}}})
                    .error()
                    .fault == Fault::StorageBroken);
    }

    void hostsAreAddressesOrLookedUp() {
        const std::vector profile{
            overlay::HostPort::parse("example.org:33033").value(), overlay::HostPort::parse("192.0.2.1:1").value(),
            overlay::HostPort::parse("[2001:db8::1]:2").value(), overlay::HostPort::parse("example.org:5").value()};
        client::Hosts hosts(profile);
        QVERIFY(hosts.unresolved() == std::vector<std::string>{"example.org"});
        QCOMPARE(hosts.endpoints().size(), std::size_t{2});
        hosts.resolved("example.org", {});
        QCOMPARE(hosts.unresolved().size(), std::size_t{1});
        hosts.resolved("elsewhere.org", {IpAddress::v4(10, 0, 0, 1)});
        QCOMPARE(hosts.endpoints().size(), std::size_t{2});
        hosts.resolved("example.org", std::vector<IpAddress>(100, IpAddress::v4(10, 0, 0, 1)));
        QVERIFY(hosts.unresolved().empty());
        QCOMPARE(hosts.endpoints().size(), 2 + 2 * client::Hosts::kMaxAddresses);
        QCOMPARE(hosts.endpoints().front().port, std::uint16_t{33033});
    }
};

KITH_TEST(KeepingTest);
#include "keeping_test.moc"
