// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/contacts/contacts.h"

#include <rapidcheck.h>

#include <QTest>

#include "tests/support/people.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::contacts;
using kith::test::person;

namespace {

UserKey keyOf(std::string_view user) {
    UserKey key;
    std::copy_n(asBytes(user).begin(), user.size(), key.bytes.begin());
    key.bytes[31] = std::byte{0x77};
    return key;
}

class NameOwners : public DeviceOwners {
public:
    bool owns(const peer::Device& device, const UserKey& key) const override {
        return key == keyOf(device.user.text());
    }
};

/// A contact list with a disk under it that takes its time and can fail.
class Node : public test::PersonNode {
public:
    Node(test::PeopleWorld& world, std::string_view user, int which = 1)
        : PersonNode(test::deviceOf(user, which)),
          m_world(world),
          m_random(static_cast<std::uint64_t>(which) + user.size() * 100) {
        restart();
        world.add(*this);
    }

    void restart() {
        ++m_life;
        std::vector<Record> stored;
        for (const auto& [user, record] : disk) stored.push_back(record);
        contacts.emplace(Profile{self.user, keyOf(self.user.text()), "The " + self.user.text()}, stored,
                         Contacts::Environment{m_random, m_owners});
    }

    void deviceUp(Now now, const peer::Device& device) override { contacts->deviceUp(now, device); }
    void deviceDown(Now now, const peer::Device& device) override {
        contacts->deviceDown(now, device, Fault::ConnectionLost);
    }
    void reachFailed(Now now, const UserName& user) override { contacts->reachFailed(now, user, Fault::Unreachable); }
    void receive(Now now, const peer::Device& from, ByteView command) override {
        contacts->receive(now, from, command);
    }
    void wake(Now now) override { contacts->wake(now); }
    Instant nextWake() override { return contacts->nextWake(); }
    peer::Output drain(Now) override {
        Output out;
        contacts->take(out);
        for (auto& event : out.events) events.push_back(event);
        for (auto& store : out.stores)
            m_world.after(std::chrono::milliseconds(5), [this, store, life = m_life] { write(store, life); });
        return std::move(out.peer);
    }

    Relation relation(std::string_view user) const { return contacts->relation(person(user)); }
    int count(auto predicate) const { return static_cast<int>(std::count_if(events.begin(), events.end(), predicate)); }

    std::optional<Contacts> contacts;
    std::map<UserName, Record> disk;
    std::vector<Event> events;
    std::vector<TrustChange> trust;
    bool diskFull = false;

private:
    void write(const StoreRequest& store, int life) {
        if (life != m_life) return;  // the program was gone before the disk had it
        Stored done;
        if (const auto* save = std::get_if<SaveRecord>(&store)) {
            done.ticket = save->ticket;
            if (diskFull)
                done.error = Error{Fault::DiskFull};
            else
                disk[save->record.user] = save->record;
        } else if (const auto* erase = std::get_if<EraseRecord>(&store)) {
            done.ticket = erase->ticket;
            disk.erase(erase->user);
        } else {
            const auto& add = std::get<AddTrustEvent>(store);
            done.ticket = add.ticket;
            trust.push_back(add.event.change);
        }
        contacts->receive(m_world.now(), done);
    }

    test::PeopleWorld& m_world;
    test::SeededRandom m_random;
    NameOwners m_owners;
    int m_life = 0;
};

bool agree(Relation a, Relation b) {
    switch (a) {
        case Relation::Stranger: return b == Relation::Stranger;
        case Relation::RequestSent: return b == Relation::RequestReceived;
        case Relation::RequestReceived: return b == Relation::RequestSent;
        case Relation::Contact: return b == Relation::Contact;
        case Relation::Blocked: return true;
    }
    return false;
}

bool request(test::PeopleWorld& world, Node& from, const Node& to, const std::string& text = "hello") {
    const auto done =
        from.contacts->request(world.now(), to.self.user, keyOf(to.self.user.text()), to.self.user.text(), text);
    world.settle();
    return done.has_value();
}

}  // namespace

class ContactsTest : public QObject {
    Q_OBJECT

private slots:
    void aRequestIsAcceptedAndBothHaveAContact() {
        test::PeopleWorld world;
        Node alice(world, "alice"), bob(world, "bob");
        QVERIFY(request(world, alice, bob, "It's me"));
        QCOMPARE(alice.relation("bob"), Relation::RequestSent);
        QVERIFY(world.runUntil([&] { return bob.relation("alice") == Relation::RequestReceived; }));
        const Record received = *bob.contacts->find(person("alice"));
        QCOMPARE(received.theirText, std::string("It's me"));
        QCOMPARE(received.displayName, std::string("The alice"));
        QVERIFY(received.key == keyOf("alice"));

        QVERIFY(bob.contacts->accept(world.now(), person("alice")));
        QVERIFY(world.runUntil([&] { return alice.relation("bob") == Relation::Contact; }));
        QCOMPARE(bob.relation("alice"), Relation::Contact);
        world.run(std::chrono::minutes(5));
        QCOMPARE(alice.contacts->nextWake(), kNever);
        QCOMPARE(bob.contacts->nextWake(), kNever);
    }

    void aRequestWaitsForSomebodyWhoIsAwayAndSurvivesARestart() {
        test::PeopleWorld world;
        Node alice(world, "alice"), bob(world, "bob");
        world.setOnline(bob, false);
        QVERIFY(request(world, alice, bob));
        world.run(std::chrono::hours(3));
        QCOMPARE(bob.relation("alice"), Relation::Stranger);
        alice.restart();
        QCOMPARE(alice.relation("bob"), Relation::RequestSent);
        world.run(std::chrono::minutes(3));
        world.setOnline(bob, true);
        QVERIFY(world.runUntil([&] { return bob.relation("alice") == Relation::RequestReceived; },
                               std::chrono::minutes(2)));
    }

    void retriesBackOffToOneAMinute() {
        test::PeopleWorld world;
        Node alice(world, "alice"), bob(world, "bob");
        world.setOnline(bob, false);
        QVERIFY(request(world, alice, bob));
        world.run(std::chrono::minutes(10));
        const std::size_t before = world.reaches;
        world.run(std::chrono::hours(1));
        QVERIFY2(world.reaches - before < 200, std::to_string(world.reaches - before).c_str());
        QVERIFY(world.reaches - before > 60);
    }

    void whoIsSeenIsTriedAtOnce() {
        test::PeopleWorld world;
        Node alice(world, "alice"), bob(world, "bob");
        world.setOnline(bob, false);
        QVERIFY(request(world, alice, bob));
        world.run(std::chrono::hours(1));
        world.setOnline(bob, true);
        alice.contacts->seen(world.now(), person("bob"));
        QVERIFY(world.runUntil([&] { return bob.relation("alice") == Relation::RequestReceived; },
                               std::chrono::milliseconds(200)));
    }

    void requestsThatCrossMakeTwoContacts() {
        test::PeopleWorld world;
        Node alice(world, "alice"), bob(world, "bob");
        QVERIFY(request(world, alice, bob));
        QVERIFY(request(world, bob, alice));
        QVERIFY(world.runUntil(
            [&] { return alice.relation("bob") == Relation::Contact && bob.relation("alice") == Relation::Contact; }));
    }

    void aDeclinedRequestIsWithdrawnAndMayBeRepeated() {
        test::PeopleWorld world;
        Node alice(world, "alice"), bob(world, "bob");
        QVERIFY(request(world, alice, bob));
        world.run(std::chrono::seconds(5));
        QVERIFY(bob.contacts->decline(world.now(), person("alice")));
        QVERIFY(world.runUntil([&] { return alice.relation("bob") == Relation::Stranger; }));
        world.run(std::chrono::minutes(5));
        QCOMPARE(bob.relation("alice"), Relation::Stranger);
        QVERIFY(request(world, alice, bob, "please"));
        QVERIFY(world.runUntil([&] { return bob.relation("alice") == Relation::RequestReceived; }));
        QCOMPARE(bob.contacts->find(person("alice"))->theirText, std::string("please"));
    }

    void aWithdrawnRequestDisappearsThere() {
        test::PeopleWorld world;
        Node alice(world, "alice"), bob(world, "bob");
        QVERIFY(request(world, alice, bob));
        world.run(std::chrono::seconds(5));
        QVERIFY(alice.contacts->remove(world.now(), person("bob")));
        QVERIFY(world.runUntil([&] { return bob.relation("alice") == Relation::Stranger; }));
    }

    void removingIsSeenOnBothSidesEvenLater() {
        test::PeopleWorld world;
        Node alice(world, "alice"), bob(world, "bob");
        QVERIFY(request(world, alice, bob));
        QVERIFY(request(world, bob, alice));
        world.run(std::chrono::seconds(5));
        world.setOnline(bob, false);
        QVERIFY(alice.contacts->remove(world.now(), person("bob")));
        world.run(std::chrono::hours(1));
        QCOMPARE(bob.relation("alice"), Relation::Contact);
        world.setOnline(bob, true);
        QVERIFY(world.runUntil([&] { return bob.relation("alice") == Relation::Stranger; }));
        QCOMPARE(alice.relation("bob"), Relation::Stranger);
    }

    void nothingIsSaidBeforeItIsOnDisk() {
        test::PeopleWorld world;
        Node alice(world, "alice"), bob(world, "bob");
        alice.diskFull = true;
        QVERIFY(request(world, alice, bob));
        world.run(std::chrono::minutes(2));
        QCOMPARE(bob.relation("alice"), Relation::Stranger);
        QVERIFY(alice.count([](const Event& e) { return std::holds_alternative<StoringFailed>(e); }) > 1);
        alice.diskFull = false;
        QVERIFY(world.runUntil([&] { return bob.relation("alice") == Relation::RequestReceived; }));
    }

    void nothingIsConfirmedBeforeItIsOnDisk() {
        test::PeopleWorld world;
        Node alice(world, "alice"), bob(world, "bob");
        bob.diskFull = true;
        QVERIFY(request(world, alice, bob));
        world.run(std::chrono::minutes(2));
        const auto told = [&] { return alice.contacts->find(person("bob"))->toldVersion != 0; };
        QVERIFY(!told());
        bob.restart();  // with nothing on its disk
        bob.diskFull = false;
        QVERIFY(world.runUntil(told));
        QCOMPARE(bob.disk.at(person("alice")).theyWant, true);
    }

    void allDevicesOfAPersonAgreeThroughTheVault() {
        test::PeopleWorld world;
        Node alice(world, "alice", 1), other(world, "alice", 2), bob(world, "bob");
        world.setOnline(other, false);
        QVERIFY(request(world, alice, bob));
        world.run(std::chrono::seconds(5));
        QVERIFY(bob.contacts->accept(world.now(), person("alice")));
        world.run(std::chrono::seconds(5));
        other.contacts->merge(world.now(), alice.contacts->records());
        QCOMPARE(other.relation("bob"), Relation::Contact);
        QCOMPARE(other.contacts->records(), alice.contacts->records());
        QVERIFY(other.contacts->remove(world.now(), person("bob")));
        alice.contacts->merge(world.now(), other.contacts->records());
        QCOMPARE(alice.relation("bob"), Relation::Stranger);
    }

    void anotherUserKeyIsNotHeard() {
        test::PeopleWorld world;
        Node alice(world, "alice"), bob(world, "bob");
        UserKey wrong = keyOf("mallory");
        QVERIFY(alice.contacts->request(world.now(), person("bob"), wrong, "Bob", "hi"));
        QVERIFY(world.runUntil([&] { return bob.relation("alice") == Relation::RequestReceived; }));
        QVERIFY(bob.contacts->accept(world.now(), person("alice")));
        world.run(std::chrono::minutes(1));
        QCOMPARE(alice.relation("bob"), Relation::RequestSent);
        QVERIFY(alice.count([](const Event& e) { return std::holds_alternative<KeyMismatch>(e); }) > 0);
    }

    void whatIsNotAllowedIsRefused() {
        test::PeopleWorld world;
        Node alice(world, "alice"), bob(world, "bob");
        const auto fault = [&](const Result<void>& result) { return result ? Fault::Busy : result.error().fault; };
        const auto ask = [&](std::string_view user, const std::string& text) {
            return fault(alice.contacts->request(world.now(), person(user), keyOf(user), "x", text));
        };
        QCOMPARE(ask("alice", "me"), Fault::InvalidArgument);
        QCOMPARE(ask("bob", std::string(301, 'x')), Fault::InvalidArgument);
        QCOMPARE(ask("bob", "\xff"), Fault::InvalidArgument);
        std::string umlauts;
        for (int i = 0; i < 300; ++i) umlauts += "ü";
        QVERIFY(request(world, alice, bob, umlauts));
        QCOMPARE(ask("bob", "again"), Fault::AlreadyExists);
        QCOMPARE(fault(alice.contacts->accept(world.now(), person("bob"))), Fault::NotFound);
        QCOMPARE(fault(alice.contacts->decline(world.now(), person("carol"))), Fault::NotFound);
        QCOMPARE(fault(alice.contacts->remove(world.now(), person("carol"))), Fault::NotFound);
    }

    void hostileStancesChangeNothing() {
        test::PeopleWorld world;
        Node bob(world, "bob");
        const auto say = [&](const Stance& stance) {
            bob.contacts->receive(world.now(), test::deviceOf("eve"), wire::encodeCommand(stance));
            world.settle();
        };
        say({true, 1, 0, keyOf("alice"), "Eve", "somebody else's key"});
        say({true, 0, 0, keyOf("eve"), "Eve", "no version"});
        say({true, ~std::uint64_t{0}, 0, keyOf("eve"), "Eve", "no version that a disk holds"});
        say({true, 1, 0, keyOf("eve"), "Eve", std::string(301, 'x')});
        say({true, 1, 0, keyOf("eve"), std::string(65, 'x'), ""});
        QVERIFY(bob.contacts->records().empty());
        bob.contacts->receive(world.now(), test::deviceOf("bob", 2),
                              wire::encodeCommand(Stance{true, 1, 0, keyOf("bob"), "Bob", ""}));
        QVERIFY(bob.contacts->records().empty());
    }

    void strangersCannotFillTheList() {
        test::PeopleWorld world;
        Node bob(world, "bob");
        for (int i = 0; i < 3000; ++i) {
            const std::string name = "eve" + std::to_string(i);
            bob.contacts->receive(world.now(), test::deviceOf(name),
                                  wire::encodeCommand(Stance{true, 1, 0, keyOf(name), name, ""}));
            bob.contacts->receive(world.now(), test::deviceOf(name + "x"),
                                  wire::encodeCommand(Stance{false, 1, 0, keyOf(name + "x"), name, ""}));
        }
        QCOMPARE(bob.contacts->records().size(), kMaxReceivedRequests);
    }

    void theListIsBoundedAndForgetsWhatIsOver() {
        test::PeopleWorld world;
        Node alice(world, "alice");
        std::vector<Record> full;
        for (std::size_t i = 0; i < kMaxRecords; ++i) {
            Record record;
            record.user = person("user" + std::to_string(i));
            record.weWant = i != 7;
            record.ourVersion = record.toldVersion = 5;
            full.push_back(record);
        }
        alice.contacts->merge(world.now(), full);
        QCOMPARE(alice.contacts->records().size(), kMaxRecords);
        QVERIFY(alice.contacts->request(world.now(), person("bob"), keyOf("bob"), "Bob", ""));
        QCOMPARE(alice.relation("user7"), Relation::Stranger);
        QVERIFY(!alice.contacts->find(person("user7")));
        const auto refused = alice.contacts->request(world.now(), person("carol"), keyOf("carol"), "Carol", "");
        QCOMPARE(refused.error().fault, Fault::TooLarge);
    }

    void mergingIsTheSameInAnyOrder() {
        const bool holds = rc::check("merged(a, b) = merged(b, a), and merging again changes nothing", [] {
            const auto any = [] {
                Record r;
                r.user = person("bob");
                r.weWant = *rc::gen::arbitrary<bool>();
                r.ourVersion = *rc::gen::inRange<std::uint64_t>(0, 4);
                r.toldVersion = *rc::gen::inRange<std::uint64_t>(0, 4);
                r.theyWant = *rc::gen::arbitrary<bool>();
                r.theirVersion = *rc::gen::inRange<std::uint64_t>(0, 4);
                r.theirText = *rc::gen::element(std::string("a"), std::string("b"));
                r.refusedVersion = *rc::gen::inRange<std::uint64_t>(0, 4);
                r.key = r.ourVersion ? *rc::gen::element(keyOf("bob"), keyOf("bob2")) : UserKey{};
                return r;
            };
            const Record a = any(), b = any(), c = any();
            RC_ASSERT(merged(a, b) == merged(b, a));
            RC_ASSERT(merged(a, a) == a);
            RC_ASSERT(merged(merged(a, b), b) == merged(a, b));
            RC_ASSERT(merged(merged(a, b), c) == merged(a, merged(b, c)));
        });
        QVERIFY(holds);
    }

    void whatWeSayOfPeopleMergesFieldByField() {
        const bool holds = rc::check("remarks of three devices merge the same in any order", [] {
            const auto version = [] { return *rc::gen::inRange<std::uint64_t>(0, 4); };
            const auto key = [] { return *rc::gen::element(keyOf("bob"), keyOf("bob2"), keyOf("bob3")); };
            const auto text = [] { return *rc::gen::element(std::string(), std::string("a"), std::string("b")); };
            const auto any = [&] {
                Record r;
                r.user = person("bob");
                r.key = key();
                if (*rc::gen::inRange(0, 4) == 0) return r;
                Remarks& of = r.remarks.emplace();
                of.alias = text(), of.aliasVersion = version();
                of.note = text(), of.noteVersion = version();
                of.favourite = *rc::gen::arbitrary<bool>(), of.favouriteVersion = version();
                of.groups = {text()}, of.groupsVersion = version();
                of.blocked = *rc::gen::arbitrary<bool>(), of.blockedVersion = version();
                of.keyVersion = version();
                of.verified = key(), of.verifiedVersion = version();
                of.offered = key(), of.offeredVersion = version();
                of.devices = {version()}, of.devicesVersion = version();
                return r;
            };
            const Record a = any(), b = any(), c = any();
            RC_ASSERT(merged(a, b) == merged(b, a));
            RC_ASSERT(merged(a, a) == a);
            RC_ASSERT(merged(merged(a, b), b) == merged(a, b));
            RC_ASSERT(merged(merged(a, b), c) == merged(a, merged(b, c)));
            const auto back = wire::decodeObjects<Record>(wire::encodeObjects(a));
            RC_ASSERT(back && *back == a);
        });
        QVERIFY(holds);
        // One field of each, neither is lost.
        Record a, b;
        a.user = b.user = person("bob");
        a.remarks.emplace().alias = "Bobby", a.remarks->aliasVersion = 9;
        b.remarks.emplace().note = "tennis", b.remarks->noteVersion = 3;
        const Record both = merged(a, b);
        QCOMPARE(both.remarks->alias, std::string("Bobby"));
        QCOMPARE(both.remarks->note, std::string("tennis"));
    }

    void whatWeSayOfPeopleIsKeptWithinLimits() {
        test::PeopleWorld world;
        Node alice(world, "alice"), bob(world, "bob");
        const auto fault = [&](const Result<void>& result) { return result ? Fault::Busy : result.error().fault; };
        const auto now = [&] { return world.now(); };
        QCOMPARE(fault(alice.contacts->setAlias(now(), person("bob"), "B")), Fault::NotFound);
        QVERIFY(request(world, alice, bob));
        QVERIFY(alice.contacts->setAlias(now(), person("bob"), "Bobby"));
        QVERIFY(alice.contacts->setNote(now(), person("bob"), std::string(500, 'x')));
        QVERIFY(alice.contacts->setFavourite(now(), person("bob"), true));
        QVERIFY(alice.contacts->setGroups(now(), person("bob"), {"work", "band"}));
        QCOMPARE(fault(alice.contacts->setAlias(now(), person("bob"), std::string(65, 'x'))), Fault::InvalidArgument);
        QCOMPARE(fault(alice.contacts->setNote(now(), person("bob"), std::string(501, 'x'))), Fault::InvalidArgument);
        QCOMPARE(fault(alice.contacts->setNote(now(), person("bob"), "\xff")), Fault::InvalidArgument);
        QCOMPARE(fault(alice.contacts->setGroups(now(), person("bob"), {"a", "a"})), Fault::InvalidArgument);
        QCOMPARE(fault(alice.contacts->setGroups(now(), person("bob"), {""})), Fault::InvalidArgument);
        QCOMPARE(fault(alice.contacts->setGroups(now(), person("bob"), std::vector<std::string>(17, "g"))),
                 Fault::InvalidArgument);
        world.run(std::chrono::seconds(1));
        alice.restart();
        const Remarks kept = alice.contacts->find(person("bob"))->remarks.value();
        QCOMPARE(kept.alias, std::string("Bobby"));
        QCOMPARE(kept.note.size(), std::size_t{500});
        QVERIFY(kept.favourite);
        QVERIFY((kept.groups == std::vector<std::string>{"band", "work"}));
        // Nothing of it is left when they are removed.
        QVERIFY(alice.contacts->withdraw(now(), person("bob")));
        QVERIFY(request(world, alice, bob));
        QVERIFY(alice.contacts->remove(now(), person("bob")));
        const Remarks gone = alice.contacts->find(person("bob"))->remarks.value();
        QVERIFY(gone.alias.empty() && gone.note.empty() && !gone.favourite && gone.groups.empty());
    }

    void onlyAnOpenRequestIsWithdrawn() {
        test::PeopleWorld world;
        Node alice(world, "alice"), bob(world, "bob");
        QVERIFY(!alice.contacts->withdraw(world.now(), person("bob")));
        QVERIFY(request(world, alice, bob));
        world.run(std::chrono::seconds(5));
        QVERIFY(alice.contacts->withdraw(world.now(), person("bob")));
        QVERIFY(world.runUntil([&] { return bob.relation("alice") == Relation::Stranger; }));
        QVERIFY(request(world, alice, bob));
        world.run(std::chrono::seconds(5));
        QVERIFY(bob.contacts->accept(world.now(), person("alice")));
        world.run(std::chrono::seconds(5));
        QVERIFY(!alice.contacts->withdraw(world.now(), person("bob")));
    }

    void whoIsBlockedIsToldNothingAndNotHeard() {
        test::PeopleWorld world;
        Node alice(world, "alice"), bob(world, "bob");
        QVERIFY(alice.contacts->block(world.now(), person("bob")));
        QVERIFY(!alice.contacts->block(world.now(), person("alice")));
        QCOMPARE(alice.relation("bob"), Relation::Blocked);
        QVERIFY(request(world, bob, alice));
        world.run(std::chrono::hours(1));
        QCOMPARE(alice.relation("bob"), Relation::Blocked);
        QCOMPARE(bob.contacts->find(person("alice"))->toldVersion, std::uint64_t{0});
        QVERIFY(alice.contacts->find(person("bob"))->theirText.empty());
        QCOMPARE(alice.contacts->nextWake(), kNever);
        // What waited all the time gets through when they are unblocked.
        QVERIFY(alice.contacts->unblock(world.now(), person("bob")));
        QVERIFY(!alice.contacts->unblock(world.now(), person("bob")));
        QVERIFY(world.runUntil([&] { return alice.relation("bob") == Relation::RequestReceived; }));
    }

    void aContactIsOneAgainWhenUnblocked() {
        test::PeopleWorld world;
        Node alice(world, "alice"), bob(world, "bob");
        QVERIFY(request(world, alice, bob));
        QVERIFY(request(world, bob, alice));
        world.run(std::chrono::seconds(5));
        QVERIFY(alice.contacts->block(world.now(), person("bob")));
        world.run(std::chrono::minutes(5));
        QCOMPARE(bob.relation("alice"), Relation::Contact);
        // Removed while blocked: they hear of it afterwards.
        QVERIFY(alice.contacts->remove(world.now(), person("bob")));
        world.run(std::chrono::minutes(5));
        QCOMPARE(bob.relation("alice"), Relation::Contact);
        QCOMPARE(alice.relation("bob"), Relation::Blocked);
        QVERIFY(alice.contacts->unblock(world.now(), person("bob")));
        QVERIFY(world.runUntil([&] { return bob.relation("alice") == Relation::Stranger; }));
        QCOMPARE(alice.relation("bob"), Relation::Stranger);
    }

    void anotherKeyIsInDoubtUntilItIsAccepted() {
        test::PeopleWorld world;
        Node alice(world, "alice"), bob(world, "bob");
        QVERIFY(request(world, alice, bob));
        QVERIFY(request(world, bob, alice));
        world.run(std::chrono::seconds(5));
        QVERIFY(alice.contacts->setVerified(world.now(), person("bob"), true));
        QVERIFY(isVerified(*alice.contacts->find(person("bob"))));
        QVERIFY(!alice.contacts->acceptKey(world.now(), person("bob")));
        alice.contacts->keySeen(world.now(), person("bob"), keyOf("bob"));
        QVERIFY(!alice.contacts->isKeyInDoubt(person("bob")));

        alice.contacts->keySeen(world.now(), person("bob"), keyOf("bob2"));
        alice.contacts->keySeen(world.now(), person("bob"), keyOf("bob2"));
        QVERIFY(alice.contacts->isKeyInDoubt(person("bob")));
        QVERIFY(alice.contacts->find(person("bob"))->key == keyOf("bob"));
        QVERIFY(!alice.contacts->setVerified(world.now(), person("bob"), true));
        world.run(std::chrono::seconds(1));
        alice.restart();
        QVERIFY(alice.contacts->isKeyInDoubt(person("bob")));

        QVERIFY(alice.contacts->acceptKey(world.now(), person("bob")));
        QVERIFY(!alice.contacts->isKeyInDoubt(person("bob")));
        QVERIFY(alice.contacts->find(person("bob"))->key == keyOf("bob2"));
        QVERIFY(!isVerified(*alice.contacts->find(person("bob"))));
        QCOMPARE(alice.relation("bob"), Relation::Contact);
        world.run(std::chrono::seconds(1));
        QVERIFY((alice.trust ==
                 std::vector<TrustChange>{TrustChange::Verified, TrustChange::KeyChanged, TrustChange::KeyAccepted}));
    }

    void aNewDeviceIsToldOnceAndTheFirstOnesAreNot() {
        test::PeopleWorld world;
        Node alice(world, "alice"), bob(world, "bob");
        const DeviceId one = test::deviceOf("one").device, two = test::deviceOf("two").device;
        alice.contacts->devicesSeen(world.now(), person("bob"), {one});
        QVERIFY(!alice.contacts->find(person("bob")));
        QVERIFY(request(world, alice, bob));
        QVERIFY(request(world, bob, alice));
        world.run(std::chrono::seconds(5));
        alice.contacts->devicesSeen(world.now(), person("bob"), {one});
        alice.contacts->devicesSeen(world.now(), person("bob"), {one, two});
        alice.contacts->devicesSeen(world.now(), person("bob"), {two});
        alice.contacts->devicesSeen(world.now(), person("bob"), {one, two});
        world.run(std::chrono::seconds(1));
        QVERIFY((alice.trust == std::vector<TrustChange>{TrustChange::NewDevice}));
        QVERIFY(alice.contacts->find(person("bob"))->remarks->devices.size() == 2);
    }

    void twoListsAgreeAfterAnyStory() {
        const bool holds = rc::check("any verbs, restarts, outages, doubled and mixed up commands", [] {
            test::PeopleWorld world(*rc::gen::arbitrary<std::uint32_t>());
            world.duplicates = 0.3;
            world.scatter = std::chrono::milliseconds(*rc::gen::element(0, 500));
            Node alice(world, "alice"), bob(world, "bob");
            for (int i = 0; i < 25; ++i) {
                Node& self = *rc::gen::arbitrary<bool>() ? alice : bob;
                Node& other = &self == &alice ? bob : alice;
                switch (*rc::gen::inRange(0, 10)) {
                    case 0:
                    case 1: request(world, self, other); break;
                    case 2: (void)self.contacts->accept(world.now(), other.self.user); break;
                    case 3: (void)self.contacts->decline(world.now(), other.self.user); break;
                    case 4: (void)self.contacts->remove(world.now(), other.self.user); break;
                    case 5: world.setOnline(self, !self.online); break;
                    case 6:
                        world.dropLinks(self);
                        self.restart();
                        break;
                    case 7: self.diskFull = !self.diskFull; break;
                    case 8: (void)self.contacts->block(world.now(), other.self.user); break;
                    case 9: (void)self.contacts->unblock(world.now(), other.self.user); break;
                }
                world.run(std::chrono::milliseconds(*rc::gen::element(0, 3, 50, 500, 60'000)));
            }
            for (Node* node : {&alice, &bob}) {
                node->diskFull = false;
                world.setOnline(*node, true);
                Node& other = node == &alice ? bob : alice;
                (void)node->contacts->unblock(world.now(), other.self.user);
            }
            world.run(std::chrono::minutes(10));
            RC_ASSERT(agree(alice.relation("bob"), bob.relation("alice")));
            RC_ASSERT(alice.contacts->nextWake() == kNever);
            RC_ASSERT(bob.contacts->nextWake() == kNever);
        });
        QVERIFY(holds);
    }
};

KITH_TEST(ContactsTest);
#include "contacts_test.moc"
