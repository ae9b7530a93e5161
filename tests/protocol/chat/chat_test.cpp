// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/chat/chat.h"

#include <rapidcheck.h>

#include <QTest>
#include <set>

#include "tests/support/people.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::chat;
using kith::test::person;

namespace {

class Friends : public Acquaintances {
public:
    bool isContact(const UserName& user) const override { return !strangers.contains(user); }
    std::set<UserName> strangers;
};

/// A chat machine with a history under it that takes its time, can fail, and outlives the program.
class Node : public test::PersonNode {
public:
    Node(test::PeopleWorld& world, std::string_view user, int which = 1)
        : PersonNode(test::deviceOf(user, which)),
          m_world(world),
          m_random(static_cast<std::uint64_t>(which) * 977 + user.size()) {
        start();
        world.add(*this);
    }

    /// As if killed: what was not on disk is gone.
    void restart() {
        m_world.dropLinks(*this);
        start();
        m_world.settle();
    }

    void deviceUp(Now now, const peer::Device& device) override { chat->deviceUp(now, device); }
    void deviceDown(Now now, const peer::Device& device) override { chat->deviceDown(now, device, Fault::TimedOut); }
    void reachFailed(Now now, const UserName& user) override { chat->reachFailed(now, user, Fault::Unreachable); }
    void receive(Now now, const peer::Device& from, ByteView command) override { chat->receive(now, from, command); }
    void wake(Now now) override { chat->wake(now); }
    Instant nextWake() override { return chat->nextWake(); }
    peer::Output drain(Now) override {
        Output out;
        chat->take(out);
        for (auto& event : out.events) note(event);
        for (auto& store : out.stores)
            m_world.after(std::chrono::milliseconds(3), [this, store, life = m_life] { write(store, life); });
        for (auto& send : out.peer.sends)
            if (const auto view = wire::parseCommand(send.command)) ++sentCommands[view->number];
        return std::move(out.peer);
    }

    MessageId say(std::string_view to, const std::string& text) {
        const auto id = chat->send(m_world.now(), person(to), text);
        m_world.settle();
        return id ? *id : MessageId{};
    }
    /// Texts of one direction in the order of the history.
    std::vector<std::string> lines(bool ours) const {
        std::vector<StoredMessage> sorted;
        for (const auto& [key, message] : disk)
            if (message.ours == ours) sorted.push_back(message);
        std::sort(sorted.begin(), sorted.end(), [](auto& a, auto& b) { return a.position < b.position; });
        std::vector<std::string> out;
        for (const auto& message : sorted) out.push_back(message.text);
        return out;
    }
    Status shown(const MessageId& id) const { return statuses.at(id); }
    StoredStatus stored(const MessageId& id, bool ours = true) const { return disk.at({ours, id}).status; }

    std::optional<Chat> chat;
    Friends friends;
    std::map<std::pair<bool, MessageId>, StoredMessage> disk;
    std::map<MessageId, Status> statuses;
    std::map<MessageId, int> added;  ///< how often a message was announced in this life
    std::vector<StoringFailed> failures;
    std::map<wire::CommandNumber, int> sentCommands;
    std::map<UserName, std::vector<DeviceId>> deviceLists;  ///< what the directory says
    bool diskFull = false;

private:
    void start() {
        ++m_life;
        added.clear();
        Restored restored;
        for (const auto& [key, message] : disk) {
            if (!message.settled) restored.unsettled.push_back(message);
            restored.newestPosition = std::max(restored.newestPosition, message.position);
        }
        std::sort(restored.unsettled.begin(), restored.unsettled.end(),
                  [](auto& a, auto& b) { return a.position < b.position; });
        chat.emplace(self.device, std::move(restored), Chat::Environment{m_random, friends});
        for (const auto& [user, list] : deviceLists) chat->setDevices(user, list);
    }

    void note(const Event& event) {
        if (const auto* is = std::get_if<MessageAdded>(&event)) {
            ++added[is->message.id];
            statuses[is->message.id] = is->message.ours ? Status::Waiting : Status::Received;
        } else if (const auto* changed = std::get_if<MessageChanged>(&event)) {
            statuses[changed->id] = changed->status;
        } else {
            failures.push_back(std::get<StoringFailed>(event));
        }
    }

    void write(const StoreRequest& store, int life) {
        if (life != m_life) return;
        Stored done;
        done.ticket = std::visit([](const auto& what) { return what.ticket; }, store);
        if (diskFull) {
            done.error = Error{Fault::DiskFull};
        } else if (const auto* add = std::get_if<AddMessage>(&store)) {
            done.alreadyThere = !disk.emplace(std::pair(add->message.ours, add->message.id), add->message).second;
        } else {
            const auto& set = std::get<SetStatus>(store);
            for (const MessageId& id : set.ids) {
                const auto at = disk.find({set.ours, id});
                if (at == disk.end()) continue;
                at->second.status = set.status;
                at->second.settled = set.settled;
            }
        }
        chat->receive(m_world.now(), done);
    }

    test::PeopleWorld& m_world;
    test::SeededRandom m_random;
    int m_life = 0;
};

}  // namespace

class ChatTest : public QObject {
    Q_OBJECT

private slots:
    void aMessageIsWaitingSentDeliveredAndRead() {
        test::PeopleWorld world;
        Node alice(world, "alice"), bob(world, "bob");
        const MessageId id = alice.say("bob", "hello");
        QVERIFY(world.runUntil([&] { return alice.statuses.contains(id); }));
        QCOMPARE(alice.shown(id), Status::Waiting);
        QVERIFY(world.runUntil([&] { return alice.shown(id) == Status::Sent; }));
        QVERIFY(world.runUntil([&] { return alice.shown(id) == Status::Delivered; }));
        QCOMPARE(bob.lines(false), std::vector<std::string>{"hello"});
        QCOMPARE(bob.shown(id), Status::Received);
        QCOMPARE(bob.chat->unread(person("alice")), std::size_t{1});

        bob.chat->markRead(world.now(), person("alice"));
        QVERIFY(world.runUntil([&] { return alice.shown(id) == Status::Read; }));
        QCOMPARE(bob.shown(id), Status::Seen);
        QCOMPARE(bob.chat->unread(person("alice")), std::size_t{0});
        world.run(std::chrono::minutes(5));
        QCOMPARE(alice.stored(id), StoredStatus::Read);
        QVERIFY(alice.disk.at({true, id}).settled);
        QVERIFY(bob.disk.at({false, id}).settled);
        QCOMPARE(alice.chat->nextWake(), kNever);
        QCOMPARE(bob.chat->nextWake(), kNever);
    }

    void noReceiptLeavesBeforeTheMessageIsOnDisk() {
        test::PeopleWorld world;
        Node alice(world, "alice"), bob(world, "bob");
        bob.diskFull = true;
        const MessageId id = alice.say("bob", "hello");
        world.run(std::chrono::minutes(5));
        QCOMPARE(alice.shown(id), Status::Sent);
        QCOMPARE(bob.sentCommands[Receipt::kNumber], 0);
        QVERIFY(!bob.failures.empty());
        QVERIFY(bob.added.empty());
        bob.diskFull = false;
        QVERIFY(world.runUntil([&] { return alice.shown(id) == Status::Delivered; }));
        QCOMPARE(bob.lines(false).size(), std::size_t{1});
        QCOMPARE(bob.added[id], 1);
    }

    void nothingIsSentBeforeItIsOnDisk() {
        test::PeopleWorld world;
        Node alice(world, "alice"), bob(world, "bob");
        alice.diskFull = true;
        const MessageId id = alice.say("bob", "kept here");
        world.run(std::chrono::minutes(2));
        QCOMPARE(alice.failures.front().error.fault, Fault::DiskFull);
        QCOMPARE(alice.shown(id), Status::Waiting);
        QCOMPARE(alice.sentCommands[Text::kNumber], 0);
        alice.diskFull = false;
        QVERIFY(world.runUntil([&] { return bob.lines(false).size() == 1; }));
        QCOMPARE(alice.added[id], 1);
    }

    void textForSomebodyWhoIsAwayWaitsThroughARestart() {
        test::PeopleWorld world;
        Node alice(world, "alice"), bob(world, "bob");
        world.setOnline(bob, false);
        for (int i = 0; i < 300; ++i) alice.say("bob", std::to_string(i));
        world.run(std::chrono::hours(30));
        alice.restart();
        world.run(std::chrono::minutes(2));
        QVERIFY(bob.lines(false).empty());
        world.setOnline(bob, true);
        QVERIFY(world.runUntil([&] { return bob.lines(false).size() == 300; }, std::chrono::minutes(2)));
        QCOMPARE(bob.lines(false), alice.lines(true));
        for (const auto& [key, message] : alice.disk) QVERIFY(!key.first || message.status != StoredStatus::Read);
        QVERIFY(world.runUntil([&] {
            return std::all_of(alice.disk.begin(), alice.disk.end(),
                               [](const auto& each) { return each.second.status == StoredStatus::Delivered; });
        }));
    }

    void whoIsSeenGetsItAtOnce() {
        test::PeopleWorld world;
        Node alice(world, "alice"), bob(world, "bob");
        world.setOnline(bob, false);
        alice.say("bob", "hello");
        world.run(std::chrono::hours(2));
        world.setOnline(bob, true);
        alice.chat->seen(world.now(), person("bob"));
        QVERIFY(world.runUntil([&] { return bob.lines(false).size() == 1; }, std::chrono::milliseconds(200)));
    }

    void aLostLinkPutsItBackToWaiting() {
        test::PeopleWorld world;
        Node alice(world, "alice"), bob(world, "bob");
        alice.say("bob", "first");
        world.run(std::chrono::seconds(2));
        const MessageId id = alice.say("bob", "second");
        QVERIFY(world.runUntil([&] { return alice.statuses.contains(id) && alice.shown(id) == Status::Sent; }));
        world.setOnline(bob, false);
        world.run(std::chrono::seconds(1));
        QCOMPARE(alice.shown(id), Status::Waiting);
        QCOMPARE(bob.lines(false).size(), std::size_t{1});
    }

    void aSecondCopyAfterARestartIsNotASecondLine() {
        test::PeopleWorld world;
        Node bob(world, "bob");
        const Bytes text = wire::encodeCommand(Text{MessageId{{std::byte{1}}}, 7, world.now().wall, "once"});
        for (int life = 0; life < 3; ++life) {
            for (int copy = 0; copy < 3; ++copy) {
                bob.chat->receive(world.now(), test::deviceOf("alice"), text);
                world.run(std::chrono::milliseconds(copy == 0 ? 0 : 10));
            }
            bob.restart();
        }
        QCOMPARE(bob.lines(false), std::vector<std::string>{"once"});
        QVERIFY(bob.sentCommands[Receipt::kNumber] >= 3);
        QVERIFY(bob.added.empty());  // told in the first life only
    }

    void allDevicesOfAPersonGetIt() {
        test::PeopleWorld world;
        Node alice(world, "alice"), one(world, "bob", 1), two(world, "bob", 2);
        world.setOnline(two, false);
        const MessageId id = alice.say("bob", "hello");
        world.settle();
        alice.chat->setDevices(person("bob"), {one.self.device, two.self.device});
        QVERIFY(world.runUntil([&] { return alice.statuses.contains(id) && alice.shown(id) == Status::Delivered; }));
        QVERIFY(!alice.disk.at({true, id}).settled);
        world.run(std::chrono::hours(1));
        alice.restart();
        world.setOnline(two, true);
        alice.chat->setDevices(person("bob"), {one.self.device, two.self.device});
        alice.chat->seen(world.now(), person("bob"));
        QVERIFY(world.runUntil([&] { return two.lines(false).size() == 1; }));
        world.run(std::chrono::seconds(1));
        QVERIFY(alice.disk.at({true, id}).settled);
        QCOMPARE(one.lines(false).size(), std::size_t{1});
    }

    void aRemovedDeviceIsWaitedForNoLonger() {
        test::PeopleWorld world;
        Node alice(world, "alice"), one(world, "bob", 1), two(world, "bob", 2);
        world.setOnline(two, false);
        const MessageId id = alice.say("bob", "hello");
        alice.chat->setDevices(person("bob"), {one.self.device, two.self.device});
        world.run(std::chrono::minutes(1));
        QVERIFY(!alice.disk.at({true, id}).settled);
        alice.chat->setDevices(person("bob"), {one.self.device});
        world.settle();
        world.run(std::chrono::seconds(1));
        QVERIFY(alice.disk.at({true, id}).settled);
    }

    void aReadReceiptWaitsForTheWriter() {
        test::PeopleWorld world;
        Node alice(world, "alice"), bob(world, "bob");
        const MessageId id = alice.say("bob", "hello");
        QVERIFY(world.runUntil([&] { return alice.statuses.contains(id) && alice.shown(id) == Status::Delivered; }));
        world.setOnline(alice, false);
        bob.chat->markRead(world.now(), person("alice"));
        world.run(std::chrono::hours(1));
        bob.restart();
        world.setOnline(alice, true);
        QVERIFY(world.runUntil([&] { return alice.shown(id) == Status::Read; }, std::chrono::minutes(2)));
        QCOMPARE(bob.chat->unread(person("alice")), std::size_t{0});
    }

    void unreadSurvivesARestart() {
        test::PeopleWorld world;
        Node alice(world, "alice"), bob(world, "bob");
        alice.say("bob", "one");
        alice.say("bob", "two");
        world.run(std::chrono::seconds(2));
        bob.restart();
        QCOMPARE(bob.chat->unread(person("alice")), std::size_t{2});
        bob.chat->markRead(world.now(), person("alice"));
        world.settle();
        QVERIFY(world.runUntil([&] {
            return std::all_of(alice.disk.begin(), alice.disk.end(),
                               [](const auto& each) { return each.second.status == StoredStatus::Read; });
        }));
    }

    void strangersWriteIntoTheVoid() {
        test::PeopleWorld world;
        Node alice(world, "alice"), bob(world, "bob");
        bob.friends.strangers.insert(person("alice"));
        const MessageId id = alice.say("bob", "hello");
        world.run(std::chrono::minutes(2));
        QVERIFY(bob.disk.empty());
        QCOMPARE(bob.sentCommands.size(), std::size_t{0});
        QCOMPARE(alice.shown(id), Status::Sent);
        bob.friends.strangers.clear();
        QVERIFY(world.runUntil([&] { return bob.lines(false).size() == 1; }));
    }

    void whatIsNotAllowedIsRefused() {
        test::PeopleWorld world;
        Node alice(world, "alice");
        const auto fault = [&](std::string_view to, std::string text) {
            const auto sent = alice.chat->send(world.now(), person(to), std::move(text));
            return sent ? Fault::Unreachable : sent.error().fault;
        };
        alice.friends.strangers.insert(person("eve"));
        QCOMPARE(fault("eve", "hi"), Fault::NotAContact);
        QCOMPARE(fault("bob", std::string(16 * 1024 + 1, 'x')), Fault::TooLarge);
        QCOMPARE(fault("bob", std::string(16 * 1024, 'x')), Fault::Unreachable);
        QCOMPARE(fault("bob", ""), Fault::InvalidArgument);
        QCOMPARE(fault("bob", "\xc3"), Fault::InvalidArgument);
    }

    void theOutboxIsBounded() {
        test::PeopleWorld world;
        Node alice(world, "alice");
        std::size_t taken = 0;
        while (alice.chat->send(world.now(), person("bob"), "x") && taken < 20'000) ++taken;
        QCOMPARE(taken, kMaxOutbox);
        QCOMPARE(alice.chat->send(world.now(), person("bob"), "x").error().fault, Fault::Busy);
    }

    void aLinkIsNotFilledWithMoreThanAWindow() {
        test::PeopleWorld world;
        Node alice(world, "alice"), bob(world, "bob");
        bob.diskFull = true;
        for (int i = 0; i < 100; ++i) alice.say("bob", std::string(16 * 1024, 'x'));
        QVERIFY(world.runUntil([&] { return alice.sentCommands[Text::kNumber] > 0; }));
        world.run(std::chrono::seconds(5));
        QCOMPARE(alice.sentCommands[Text::kNumber], 16);
        bob.diskFull = false;
        QVERIFY(world.runUntil([&] { return bob.lines(false).size() == 100; }));
    }

    void whatTheyWriteDoesNotGrowWithoutEnd() {
        test::PeopleWorld world;
        Node bob(world, "bob");
        bob.diskFull = true;
        for (std::uint64_t i = 1; i < 2000; ++i) {
            MessageId id;
            id.bytes[0] = static_cast<std::byte>(i);
            id.bytes[1] = static_cast<std::byte>(i >> 8);
            bob.chat->receive(world.now(), test::deviceOf("alice"), wire::encodeCommand(Text{id, i, {}, "spam"}));
        }
        Output out;
        bob.chat->take(out);
        QCOMPARE(out.stores.size(), Inbox::kMaxPending);
    }

    void aWriterCannotPostdate() {
        test::PeopleWorld world;
        Node bob(world, "bob");
        const UnixMillis future = world.now().wall + std::chrono::hours(1000);
        bob.chat->receive(world.now(), test::deviceOf("alice"),
                          wire::encodeCommand(Text{MessageId{{std::byte{1}}}, 7, future, "from the future"}));
        world.run(std::chrono::seconds(1));
        QVERIFY(bob.disk.begin()->second.written <= world.now().wall);
    }

    void nothingIsLostOrDoubledInAnyStory() {
        const bool holds = rc::check("texts both ways through restarts, outages, doubled commands, full disks", [] {
            test::PeopleWorld world(*rc::gen::arbitrary<std::uint32_t>());
            world.duplicates = 0.2;
            const bool disksFail = *rc::gen::arbitrary<bool>();
            Node alice(world, "alice"), bob(world, "bob"), bob2(world, "bob", 2);
            std::vector<Node*> nodes{&alice, &bob, &bob2};
            alice.deviceLists[person("bob")] = {bob.self.device, bob2.self.device};
            bob.deviceLists[person("alice")] = bob2.deviceLists[person("alice")] = {alice.self.device};
            for (Node* node : nodes) node->restart();
            for (int i = 0; i < 30; ++i) {
                Node& self = *nodes[*rc::gen::inRange<std::size_t>(0, 3)];
                const std::string other = &self == &alice ? "bob" : "alice";
                switch (*rc::gen::inRange(0, 8)) {
                    case 0:
                    case 1:
                    case 2: self.say(other, std::to_string(i)); break;
                    case 3: self.chat->markRead(world.now(), person(other)); break;
                    case 4: world.setOnline(self, !self.online); break;
                    case 5: self.restart(); break;
                    case 6: self.diskFull = disksFail && !self.diskFull; break;
                    case 7: world.dropLinks(self); break;
                }
                world.run(std::chrono::milliseconds(*rc::gen::element(0, 2, 4, 50, 500, 60'000)));
            }
            for (Node* node : nodes) {
                node->diskFull = false;
                world.setOnline(*node, true);
            }
            world.run(std::chrono::minutes(10));
            for (Node* node : nodes) node->chat->seen(world.now(), node == &alice ? person("bob") : person("alice"));
            world.run(std::chrono::minutes(10));
            for (Node* node : nodes)
                node->chat->markRead(world.now(), node == &alice ? person("bob") : person("alice"));
            world.run(std::chrono::minutes(10));

            auto fromAlice = alice.lines(true), atBob = bob.lines(false);
            if (disksFail) {
                std::sort(fromAlice.begin(), fromAlice.end());
                std::sort(atBob.begin(), atBob.end());
            }
            RC_ASSERT(atBob == fromAlice);
            auto atAlice = alice.lines(false), fromBobs = bob.lines(true);
            for (const auto& line : bob2.lines(true)) fromBobs.push_back(line);
            std::sort(atAlice.begin(), atAlice.end());
            std::sort(fromBobs.begin(), fromBobs.end());
            RC_ASSERT(atAlice == fromBobs);
            for (Node* node : nodes) {
                for (const auto& [id, times] : node->added) RC_ASSERT(times == 1);
                for (const auto& [key, message] : node->disk)
                    RC_ASSERT(message.status == (key.first ? StoredStatus::Read : StoredStatus::Seen));
                RC_ASSERT(node->chat->nextWake() == kNever);
            }
        });
        QVERIFY(holds);
    }
};

KITH_TEST(ChatTest);
#include "chat_test.moc"
