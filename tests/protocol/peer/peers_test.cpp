// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/peer/peers.h"

#include <QTest>

#include "tests/support/peerworld.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::test;
using namespace std::chrono_literals;

namespace {

/// Alice and Bob, who are contacts, at one supernode.
struct Two {
    explicit Two(std::uint64_t seed = 1)
        : world(seed),
          supernode(world, "198.51.100.1:33033"),
          aliceSelf(world.authority, "alice"),
          bobSelf(world.authority, "bob"),
          alice(world, "203.0.113.1:4001", supernode.node.address, aliceSelf),
          bob(world, "203.0.113.2:4002", supernode.node.address, bobSelf) {
        alice.book.standings[bobSelf.name] = peer::Standing::Contact;
        bob.book.standings[aliceSelf.name] = peer::Standing::Contact;
    }
    bool online() {
        alice.start();
        bob.start();
        return waitUntilPublished(world, {&alice, &bob});
    }
    bool linked() {
        return world.runUntil([&] { return alice.isUp(bobSelf) && bob.isUp(aliceSelf); });
    }

    TransportWorld world;
    SupernodeNode supernode;
    RecordMaker aliceSelf;
    RecordMaker bobSelf;
    PeerNode alice;
    PeerNode bob;
};

}  // namespace

class PeersTest : public QObject {
    Q_OBJECT

private slots:
    void twoDevicesFindEachOtherAndTalk() {
        Two two;
        QVERIFY(two.online());
        two.alice.reach(two.bobSelf);
        QVERIFY(two.linked());
        two.alice.say(two.bobSelf, "hello");
        two.bob.say(two.aliceSelf, "hi");
        two.world.run(1s);
        QVERIFY(two.bob.heard() == std::vector<std::string>{"hello"});
        QVERIFY(two.alice.heard() == std::vector<std::string>{"hi"});
        QVERIFY(two.alice.all<peer::DeviceUp>().front().key == two.bobSelf.user());
        QCOMPARE(two.alice.all<peer::DeviceUp>().size(), std::size_t{1});
        QCOMPARE(two.bob.all<peer::DeviceUp>().size(), std::size_t{1});
    }

    void nobodyOfThatNameIsNotFound() {
        Two two;
        QVERIFY(two.online());
        RecordMaker nobody(two.world.authority, "nobody");
        two.alice.reach(nobody);
        two.world.run(1s);
        const auto failed = two.alice.all<peer::ReachFailed>();
        QCOMPARE(failed.size(), std::size_t{1});
        QVERIFY(failed.front().reason == Fault::NotFound);
    }

    void whoIsGoneIsUnreachable() {
        Two two;
        QVERIFY(two.online());
        two.bob.kill();
        two.alice.reach(two.bobSelf);
        two.world.run(11s);
        const auto failed = two.alice.all<peer::ReachFailed>();
        QCOMPARE(failed.size(), std::size_t{1});
        QVERIFY(failed.front().reason == Fault::Unreachable);
    }

    void aStrangerIsHeardForAContactRequestOnly() {
        Two two;
        two.bob.book.standings.clear();
        QVERIFY(two.online());
        two.alice.reach(two.bobSelf);  // as a contact
        two.world.run(11s);
        QVERIFY(!two.alice.isUp(two.bobSelf));
        QVERIFY(two.alice.all<peer::ReachFailed>().front().reason == Fault::Unreachable);
        two.alice.book.standings[two.bobSelf.name] = peer::Standing::Asked;
        two.alice.reach(two.bobSelf);
        QVERIFY(two.linked());
    }

    void whoIsBlockedGetsNoAnswer() {
        Two two;
        two.bob.book.standings[two.aliceSelf.name] = peer::Standing::Blocked;
        two.alice.book.standings[two.bobSelf.name] = peer::Standing::Asked;
        QVERIFY(two.online());
        two.alice.reach(two.bobSelf);
        two.world.run(11s);
        QVERIFY(two.bob.happenings.empty());
        QVERIFY(two.alice.all<peer::ReachFailed>().front().reason == Fault::Unreachable);
    }

    void bothAtOnceEndWithOneLink() {
        for (const std::uint64_t seed : {1u, 2u, 3u, 4u}) {
            Two two(seed);
            QVERIFY(two.online());
            two.alice.reach(two.bobSelf);
            two.bob.reach(two.aliceSelf);
            QVERIFY(two.linked());
            two.alice.say(two.bobSelf, "1");
            two.bob.say(two.aliceSelf, "a");
            two.world.run(1s);
            two.alice.say(two.bobSelf, "2");
            two.bob.say(two.aliceSelf, "b");
            two.world.run(20s);
            two.alice.say(two.bobSelf, "3");
            two.world.run(1s);
            auto heard = two.bob.heard();
            std::ranges::sort(heard);
            QVERIFY(heard == (std::vector<std::string>{"1", "2", "3"}));
            QCOMPARE(two.alice.heard().size(), std::size_t{2});
            // The link to the supernode and one to each other.
            QCOMPARE(two.alice.node.transport.linkCount(), std::size_t{2});
            QCOMPARE(two.bob.node.transport.linkCount(), std::size_t{2});
            QVERIFY(two.alice.all<peer::DeviceDown>().empty());
            QVERIFY(two.bob.all<peer::DeviceDown>().empty());
        }
    }

    void anUnusedLinkIsClosedAfterTwoMinutes() {
        Two two;
        QVERIFY(two.online());
        two.alice.reach(two.bobSelf);
        QVERIFY(two.linked());
        two.world.run(100s);
        two.alice.say(two.bobSelf, "still here");
        two.world.run(100s);
        QVERIFY(two.alice.isUp(two.bobSelf));
        two.world.run(30s);
        QVERIFY(!two.alice.isUp(two.bobSelf));
        QVERIFY(!two.bob.isUp(two.aliceSelf));
        QCOMPARE(two.alice.node.transport.linkCount(), std::size_t{1});
        two.bob.reach(two.aliceSelf);
        QVERIFY(two.linked());
    }

    void aCallKeepsALinkOpen() {
        Two two;
        QVERIFY(two.online());
        two.alice.reach(two.bobSelf);
        QVERIFY(two.linked());
        two.alice.peers.setInCall(two.world.now(), two.bobSelf.name, true);
        two.bob.peers.setInCall(two.world.now(), two.aliceSelf.name, true);
        two.world.run(100s);
        QVERIFY(two.alice.isUp(two.bobSelf) && two.bob.isUp(two.aliceSelf));
    }

    void allDevicesOfAPersonAreReached() {
        Two two;
        two.bobSelf.addDevice();
        PeerNode second(two.world, "203.0.113.3:4003", two.supernode.node.address, two.bobSelf, 1);
        second.book.standings = two.bob.book.standings;
        second.start();
        QVERIFY(two.online() && waitUntilPublished(two.world, {&second}));
        two.alice.reach(two.bobSelf);
        QVERIFY(two.world.runUntil([&] { return two.alice.isUp(two.bobSelf, 0) && two.alice.isUp(two.bobSelf, 1); }));
        QCOMPARE(two.alice.lookups, std::size_t{1});
    }

    void aDeviceThatIsNotOnTheListIsNotSpokenTo() {
        Two two;
        QVERIFY(two.online());
        // Another credential in Bob's name: a login server that lies can make one, but not the list.
        two.bobSelf.addDevice();
        PeerNode ghost(two.world, "203.0.113.3:4003", two.supernode.node.address, two.bobSelf, 1);
        ghost.book.standings = two.bob.book.standings;
        two.bobSelf.devices.pop_back();
        ghost.start();
        two.world.run(5s);
        ghost.reach(two.aliceSelf);
        two.world.run(15s);
        QVERIFY(two.alice.happenings.empty());
        QVERIFY(ghost.all<peer::DeviceUp>().empty() || !ghost.all<peer::DeviceDown>().empty());
        two.alice.reach(two.bobSelf);
        two.world.run(15s);
        QCOMPARE(two.alice.all<peer::DeviceUp>().size(), std::size_t{1});
    }

    void anotherKeyThanThePinnedOneIsNotSpokenTo() {
        Two two;
        two.alice.book.keys[two.bobSelf.name] = UserKey{{std::byte{1}}};
        QVERIFY(two.online());
        two.bob.reach(two.aliceSelf);
        two.world.run(11s);
        // Told at once; and again when the directory has said which key it is.
        const auto seen = two.alice.all<peer::KeyMismatch>();
        QCOMPARE(seen.size(), std::size_t{2});
        QVERIFY(!seen.front().key && seen.back().key && *seen.back().key != two.alice.book.keys[two.bobSelf.name]);
        QVERIFY(two.alice.all<peer::DeviceUp>().empty());
        two.alice.reach(two.bobSelf);
        two.world.run(11s);
        QVERIFY(two.alice.all<peer::DeviceUp>().empty());
        // Nobody has the key any more, and somebody else has the name: whoever calls there learns that.
        QCOMPARE(two.alice.all<peer::ReachFailed>().size(), std::size_t{1});
        QVERIFY(two.alice.all<peer::ReachFailed>().front().reason == Fault::BadKey);
        QCOMPARE(two.alice.all<peer::KeyMismatch>().size(), std::size_t{3});
    }

    void aRestartedDeviceIsSeenAsNew() {
        Two two;
        QVERIFY(two.online());
        two.alice.reach(two.bobSelf);
        QVERIFY(two.linked());
        two.bob.kill();
        two.world.run(10s);
        PeerNode again(two.world, "203.0.113.3:4003", two.supernode.node.address, two.bobSelf);
        again.book.standings = two.bob.book.standings;
        again.start();
        QVERIFY(waitUntilPublished(two.world, {&again}));
        again.reach(two.aliceSelf);
        QVERIFY(two.world.runUntil([&] { return again.isUp(two.aliceSelf); }));
        two.world.run(1s);
        QCOMPARE(two.alice.all<peer::DeviceDown>().size(), std::size_t{1});
        QCOMPARE(two.alice.all<peer::DeviceUp>().size(), std::size_t{2});
        two.alice.say(two.bobSelf, "welcome back");
        two.world.run(1s);
        QVERIFY(again.heard() == std::vector<std::string>{"welcome back"});
    }

    void losingTheSupernodeLosesTheLinks() {
        Two two;
        QVERIFY(two.online());
        two.alice.reach(two.bobSelf);
        QVERIFY(two.linked());
        two.alice.network.stop(two.world.now(), Fault::ConnectionLost);
        two.alice.pump();
        QCOMPARE(two.alice.all<peer::DeviceDown>().size(), std::size_t{1});
        two.alice.reach(two.bobSelf);
        QVERIFY(two.alice.all<peer::ReachFailed>().back().reason == Fault::ConnectionLost);
        two.world.run(10s);
        QCOMPARE(two.bob.all<peer::DeviceDown>().size(), std::size_t{1});
    }

    void whoWaitsGetsATryOfTheirOwn() {
        Two two;
        QVERIFY(two.online());
        two.bob.kill();
        two.alice.reach(two.bobSelf, false);
        two.world.run(1s);
        // Bob is back elsewhere while that try still knocks at the old place; a call joins it.
        PeerNode again(two.world, "203.0.113.3:4003", two.supernode.node.address, two.bobSelf);
        again.book.standings = two.bob.book.standings;
        again.start();
        QVERIFY(waitUntilPublished(two.world, {&again}));
        two.alice.reach(two.bobSelf, true);
        two.world.run(11s);
        QVERIFY(two.alice.isUp(two.bobSelf));
        QVERIFY(two.alice.all<peer::ReachFailed>().empty());
    }

    void whoWaitsIsToldAfterOneMoreTry() {
        Two two;
        QVERIFY(two.online());
        two.bob.kill();
        two.alice.reach(two.bobSelf, false);
        two.world.run(1s);
        two.alice.reach(two.bobSelf, true);
        two.world.run(22s);
        QCOMPARE(two.alice.all<peer::ReachFailed>().size(), std::size_t{1});
        QCOMPARE(two.alice.lookups, std::size_t{2});
    }

    void repeatedFailuresAreSpacedOut() {
        Two two;
        QVERIFY(two.online());
        two.bob.kill();
        for (int i = 0; i < 600; ++i) {
            two.alice.reach(two.bobSelf, false);
            two.world.run(1s);
        }
        // Ten seconds each, and up to a minute between two.
        QVERIFY(two.alice.lookups < 40);
        QVERIFY(two.alice.lookups > 8);
    }
};

KITH_TEST(PeersTest);
#include "peers_test.moc"
