// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/presence/presence.h"

#include <QTest>

#include "protocol/crypto/modernsuite.h"
#include "protocol/crypto/sealedbox.h"
#include "protocol/presence/leases.h"
#include "tests/support/people.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::presence;
using kith::test::person;

namespace {

/// One supernode, reached by everybody with the world's delay.
class Supernode {
public:
    explicit Supernode(test::PeopleWorld& world) : m_world(world), leases({m_id, {}}, m_suite) {}

    void connect(session::LinkNumber link, std::function<void(ByteView)> receiver) { m_receivers[link] = receiver; }
    void disconnect(session::LinkNumber link) {
        m_receivers.erase(link);
        leases.linkClosed(link);
        flush();
    }
    void send(session::LinkNumber link, Bytes command) {
        bytes += command.size();
        m_world.after(m_world.delay, [this, link, command = std::move(command)] {
            if (!m_receivers.contains(link)) return;
            leases.receive(m_world.now(), link, command);
            flush();
        });
    }
    [[nodiscard]] NodeId id() const { return m_id; }

private:
    void flush() {
        overlay::Output out;
        leases.take(out);
        for (auto& each : out.commands) {
            bytes += each.command.size();
            m_world.after(m_world.delay, [this, link = each.link, command = each.command] {
                if (const auto at = m_receivers.find(link); at != m_receivers.end()) at->second(command);
            });
        }
    }

    test::PeopleWorld& m_world;
    crypto::ModernSuite m_suite;
    NodeId m_id{{std::byte{9}}};
    std::map<session::LinkNumber, std::function<void(ByteView)>> m_receivers;

public:
    Leases leases;
    std::size_t bytes = 0;
};

class Node : public test::PersonNode {
public:
    Node(test::PeopleWorld& world, Supernode& supernode, std::string_view user, int which = 1)
        : PersonNode(test::deviceOf(user, which)),
          m_world(world),
          m_supernode(supernode),
          m_random(std::hash<std::string_view>{}(user) + static_cast<std::size_t>(which)) {
        start();
        world.add(*this);
        connect();
    }

    void restart() {
        m_world.dropLinks(*this);
        disconnect();
        start();
        connect();
    }
    void connect() {
        if (m_link != 0) return;
        m_link = ++s_lastLink;
        m_supernode.connect(m_link,
                            [this](ByteView command) { presence->receiveFromSupernode(m_world.now(), command); });
        presence->supernodeUp(m_world.now(), m_supernode.id());
        m_world.setOnline(*this, true);
    }
    /// The supernode notices at once; so does this side.
    void disconnect() {
        m_supernode.disconnect(std::exchange(m_link, 0));
        presence->supernodeDown(m_world.now());
        m_world.setOnline(*this, false);
    }

    void deviceUp(Now now, const peer::Device& device) override { presence->deviceUp(now, device); }
    void deviceDown(Now now, const peer::Device& device) override {
        presence->deviceDown(now, device, Fault::ConnectionLost);
    }
    void reachFailed(Now now, const UserName& user) override { presence->reachFailed(now, user, Fault::Unreachable); }
    void receive(Now now, const peer::Device& from, ByteView command) override {
        presence->receive(now, from, command);
    }
    void wake(Now now) override { presence->wake(now); }
    Instant nextWake() override { return presence->nextWake(); }
    peer::Output drain(Now) override {
        Output out;
        presence->take(out);
        for (Bytes& command : out.toSupernode) m_supernode.send(m_link, std::move(command));
        for (auto& event : out.events)
            if (const auto* changed = std::get_if<PresenceChanged>(&event)) changes.push_back(*changed);
        for (auto& store : out.stores)
            m_world.after(std::chrono::milliseconds(3), [this, store, life = m_life] { write(store, life); });
        return std::move(out.peer);
    }

    bool sees(std::string_view user) const { return presence->isOnline(person(user)); }

    std::optional<Presence> presence;
    std::optional<OwnTopic> topic;
    std::map<UserName, Audience> audiences;
    std::vector<PresenceChanged> changes;
    bool diskFull = false;

private:
    void start() {
        ++m_life;
        std::vector<Audience> stored;
        for (const auto& [user, audience] : audiences) stored.push_back(audience);
        presence.emplace(m_world.now(), Presence::Environment{m_suite, m_random, {}, self.device}, topic, stored);
    }
    void write(const StoreRequest& store, int life) {
        if (life != m_life) return;
        Stored done;
        done.ticket = std::visit([](const auto& what) { return what.ticket; }, store);
        if (diskFull)
            done.error = Error{Fault::DiskFull};
        else if (const auto* saved = std::get_if<SaveTopic>(&store))
            topic = saved->topic;
        else if (const auto* audience = std::get_if<SaveAudience>(&store))
            audiences[audience->audience.user] = audience->audience;
        else
            audiences.erase(std::get<EraseAudience>(store).user);
        presence->receive(m_world.now(), done);
    }

    inline static session::LinkNumber s_lastLink = 0;
    test::PeopleWorld& m_world;
    Supernode& m_supernode;
    crypto::ModernSuite m_suite;
    test::SeededRandom m_random;
    session::LinkNumber m_link = 0;
    int m_life = 0;
};

struct Stage {
    test::PeopleWorld world;
    Supernode supernode{world};

    void befriend(Node& a, Node& b) {
        a.presence->contactAdded(world.now(), b.self.user);
        b.presence->contactAdded(world.now(), a.self.user);
        world.settle();
    }
};

constexpr auto kSecond = std::chrono::seconds(1);

}  // namespace

class PresenceTest : public QObject {
    Q_OBJECT

private slots:
    void contactsSeeEachOtherComeAndGoInUnderASecond() {
        Stage s;
        Node alice(s.world, s.supernode, "alice"), bob(s.world, s.supernode, "bob");
        s.befriend(alice, bob);
        QVERIFY(s.world.runUntil([&] { return alice.sees("bob") && bob.sees("alice"); }, 2 * kSecond));
        bob.disconnect();
        QVERIFY(s.world.runUntil([&] { return !alice.sees("bob"); }, kSecond));
        bob.connect();
        QVERIFY(s.world.runUntil([&] { return alice.sees("bob"); }, kSecond));
        QCOMPARE(alice.changes.size(), std::size_t{3});
    }

    void theLeaseIsRenewedBeforeItEnds() {
        Stage s;
        Node alice(s.world, s.supernode, "alice"), bob(s.world, s.supernode, "bob");
        s.befriend(alice, bob);
        s.world.run(std::chrono::hours(5));
        QVERIFY(alice.sees("bob") && bob.sees("alice"));
        QCOMPARE(alice.changes.size(), std::size_t{1});
        QCOMPARE(s.supernode.leases.leaseCount(), std::size_t{2});
    }

    void anIdlePersonCostsLittle() {
        Stage s;
        Node alice(s.world, s.supernode, "alice"), bob(s.world, s.supernode, "bob");
        s.befriend(alice, bob);
        s.world.run(std::chrono::minutes(1));
        const std::size_t before = s.supernode.bytes;
        s.world.run(std::chrono::hours(1));
        QVERIFY2((s.supernode.bytes - before) / 3600 < 10, std::to_string(s.supernode.bytes - before).c_str());
    }

    void onlyContactsAreTold() {
        Stage s;
        Node alice(s.world, s.supernode, "alice"), bob(s.world, s.supernode, "bob");
        bob.presence->contactAdded(s.world.now(), person("alice"));
        s.world.run(std::chrono::minutes(5));
        QVERIFY(!alice.sees("bob") && !bob.sees("alice"));
        QVERIFY(alice.audiences.empty());
        alice.presence->contactAdded(s.world.now(), person("bob"));
        QVERIFY(s.world.runUntil([&] { return alice.sees("bob") && bob.sees("alice"); }, kSecond));
    }

    void aRestartForgetsNothing() {
        Stage s;
        Node alice(s.world, s.supernode, "alice"), bob(s.world, s.supernode, "bob");
        s.befriend(alice, bob);
        s.world.run(kSecond);
        for (int i = 0; i < 30; ++i) {
            alice.restart();
            bob.restart();
            QVERIFY(s.world.runUntil([&] { return alice.sees("bob") && bob.sees("alice"); }, kSecond));
        }
        QCOMPARE(s.supernode.leases.leaseCount(), std::size_t{2});
    }

    void whoIsRemovedSeesNothingMoreAndTheOthersNoGap() {
        Stage s;
        Node alice(s.world, s.supernode, "alice"), bob(s.world, s.supernode, "bob"), eve(s.world, s.supernode, "eve");
        s.befriend(alice, bob);
        s.befriend(alice, eve);
        QVERIFY(s.world.runUntil([&] { return bob.sees("alice") && eve.sees("alice"); }, 2 * kSecond));
        alice.presence->contactRemoved(s.world.now(), person("eve"));
        s.world.run(std::chrono::minutes(1));
        QVERIFY(!eve.sees("alice"));
        QVERIFY(bob.sees("alice"));
        QCOMPARE(bob.changes.size(), std::size_t{1});
        alice.disconnect();
        alice.connect();
        s.world.run(std::chrono::minutes(20));
        QVERIFY(!eve.sees("alice"));
        QVERIFY(bob.sees("alice"));
    }

    void whoWasAwayGetsTheNewTopicWhenHeIsBack() {
        Stage s;
        Node alice(s.world, s.supernode, "alice"), bob(s.world, s.supernode, "bob"), eve(s.world, s.supernode, "eve");
        s.befriend(alice, bob);
        s.befriend(alice, eve);
        s.world.run(2 * kSecond);
        bob.disconnect();
        alice.presence->contactRemoved(s.world.now(), person("eve"));
        s.world.run(std::chrono::hours(2));
        const std::size_t reaches = s.world.reaches;
        s.world.run(std::chrono::hours(10));
        QVERIFY2(s.world.reaches - reaches < 100, std::to_string(s.world.reaches - reaches).c_str());
        bob.connect();
        QVERIFY(s.world.runUntil([&] { return bob.sees("alice"); }, 2 * kSecond));
    }

    void severalDevicesAreOnePerson() {
        Stage s;
        Node alice(s.world, s.supernode, "alice"), one(s.world, s.supernode, "bob", 1),
            two(s.world, s.supernode, "bob", 2);
        two.presence->mergeTopic(s.world.now(), one.presence->topic());
        one.presence->mergeTopic(s.world.now(), two.presence->topic());
        s.world.settle();
        QCOMPARE(two.presence->topic(), one.presence->topic());
        s.befriend(alice, one);
        two.presence->contactAdded(s.world.now(), person("alice"));
        s.world.run(5 * kSecond);
        QVERIFY(alice.sees("bob"));
        one.disconnect();
        s.world.run(5 * kSecond);
        QVERIFY(alice.sees("bob"));
        two.disconnect();
        QVERIFY(s.world.runUntil([&] { return !alice.sees("bob"); }, kSecond));
    }

    void aShortAbsenceOfTheSupernodeChangesNothing() {
        Stage s;
        Node alice(s.world, s.supernode, "alice"), bob(s.world, s.supernode, "bob");
        s.befriend(alice, bob);
        s.world.run(2 * kSecond);
        alice.disconnect();
        s.world.run(10 * kSecond);
        QVERIFY(alice.sees("bob"));
        alice.connect();
        s.world.run(10 * kSecond);
        QCOMPARE(alice.changes.size(), std::size_t{1});
        alice.disconnect();
        s.world.run(30 * kSecond);
        QVERIFY(!alice.sees("bob"));
    }

    void nothingIsGrantedBeforeItIsOnDisk() {
        Stage s;
        Node alice(s.world, s.supernode, "alice"), bob(s.world, s.supernode, "bob");
        s.befriend(alice, bob);
        s.world.run(2 * kSecond);
        alice.diskFull = true;
        alice.presence->contactAdded(s.world.now(), person("eve"));
        alice.presence->contactRemoved(s.world.now(), person("eve"));
        s.world.run(5 * kSecond);
        QVERIFY(bob.audiences.at(person("alice")).theirs->version != alice.presence->topic().version);
        alice.diskFull = false;
        s.world.run(std::chrono::minutes(2));
        QCOMPARE(bob.audiences.at(person("alice")).theirs->version, alice.presence->topic().version);
    }

    void leasesThatAreNotGenuineAreNotBelieved() {
        Stage s;
        Node alice(s.world, s.supernode, "alice"), bob(s.world, s.supernode, "bob");
        s.befriend(alice, bob);
        s.world.run(2 * kSecond);
        bob.disconnect();
        s.world.run(2 * kSecond);
        QVERIFY(!alice.sees("bob"));

        const OwnTopic topic = bob.presence->topic();
        crypto::ModernSuite suite;
        test::SeededRandom random(5);
        const auto key = crypto::SigningKey::fromSeed(topic.seed);
        const auto other = crypto::SigningKey::generate(random);
        const auto lease = [&](const crypto::SigningKey& signer, const ByteArray<32>& stateKey, UnixTime expires) {
            LeaseBody body;
            body.topicKey = key.publicKey();
            body.lease = LeaseId{{std::byte{3}}};
            body.sequence = 1;
            body.expires = expires;
            body.sealedState = crypto::sealBox(stateKey, body.lease.bytes, wire::encodeObjects(State{}), random);
            return TopicChanged{topicOf(key.publicKey()), signLease(suite, {}, body, signer), std::nullopt};
        };
        const auto believes = [&](const TopicChanged& change) {
            alice.presence->receiveFromSupernode(s.world.now(), wire::encodeCommand(change));
            return alice.sees("bob");
        };
        const UnixTime soon = s.world.now().seconds() + std::chrono::minutes(5);
        QVERIFY(!believes(lease(other, topic.stateKey, soon)));
        QVERIFY(!believes(lease(key, ByteArray<32>{}, soon)));
        QVERIFY(!believes(lease(key, topic.stateKey, s.world.now().seconds() - std::chrono::hours(1))));
        QVERIFY(believes(lease(key, topic.stateKey, soon)));
        // What nobody renews and nobody ends is over some time.
        s.world.run(std::chrono::minutes(11));
        QVERIFY(!alice.sees("bob"));
    }
};

KITH_TEST(PresenceTest);
#include "presence_test.moc"
