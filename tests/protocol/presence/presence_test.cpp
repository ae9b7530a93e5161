// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/presence/presence.h"

#include <QTest>
#include <set>

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
    bool sees(std::string_view user, Availability availability, const std::string& mood = {}) const {
        return presence->seen(person(user)) == Seen{true, availability, mood};
    }

    std::optional<Presence> presence;
    std::optional<OwnTopic> topic;
    Choice choice;
    std::map<UserName, Audience> audiences;
    std::vector<PresenceChanged> changes;
    bool diskFull = false;

private:
    void start() {
        ++m_life;
        std::vector<Audience> stored;
        for (const auto& [user, audience] : audiences) stored.push_back(audience);
        presence.emplace(m_world.now(), Presence::Environment{m_suite, m_random, {}, self.device}, topic, stored,
                         choice);
    }
    void write(const StoreRequest& store, int life) {
        if (life != m_life) return;
        Stored done;
        done.ticket = std::visit([](const auto& what) { return what.ticket; }, store);
        if (diskFull)
            done.error = Error{Fault::DiskFull};
        else if (const auto* saved = std::get_if<SaveTopic>(&store))
            topic = saved->topic;
        else if (const auto* chosen = std::get_if<SaveChoice>(&store))
            choice = chosen->choice;
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

    void aNewDeviceTakesTheTopicThatIsThere() {
        Stage s;
        Node alice(s.world, s.supernode, "alice"), one(s.world, s.supernode, "bob", 1);
        s.befriend(alice, one);
        s.world.run(std::chrono::minutes(1));
        const OwnTopic topic = one.presence->topic();
        Node two(s.world, s.supernode, "bob", 2);
        two.presence->mergeTopic(s.world.now(), topic);
        two.presence->contactAdded(s.world.now(), person("alice"));
        s.world.run(5 * kSecond);
        QCOMPARE(two.presence->topic(), topic);
        one.disconnect();
        s.world.run(5 * kSecond);
        QVERIFY(alice.sees("bob"));
        QCOMPARE(alice.changes.size(), std::size_t{1});
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

    void aChangeOfStateOrMoodIsSeenInUnderASecond() {
        Stage s;
        Node alice(s.world, s.supernode, "alice"), bob(s.world, s.supernode, "bob");
        s.befriend(alice, bob);
        QVERIFY(s.world.runUntil([&] { return alice.sees("bob", Availability::Online); }, 2 * kSecond));
        for (const auto state : {Availability::Away, Availability::NotAvailable, Availability::DoNotDisturb,
                                 Availability::OpenToCalls, Availability::Online}) {
            QVERIFY(bob.presence->choose(s.world.now(), state, "In the garden 🌻"));
            QVERIFY(s.world.runUntil([&] { return alice.sees("bob", state, "In the garden 🌻"); }, kSecond));
        }
        QVERIFY(bob.presence->choose(s.world.now(), Availability::Online, {}));
        QVERIFY(s.world.runUntil([&] { return alice.sees("bob", Availability::Online); }, kSecond));
        QCOMPARE(s.supernode.leases.leaseCount(), std::size_t{2});
    }

    void aMoodHasItsLimit() {
        Stage s;
        Node bob(s.world, s.supernode, "bob");
        std::string most;
        for (std::size_t i = 0; i < kMaxMood; ++i) most += "🌻";
        QVERIFY(bob.presence->choose(s.world.now(), Availability::Online, most));
        const auto refused = bob.presence->choose(s.world.now(), Availability::Online, most + "!");
        QVERIFY(refused.error().fault == Fault::TooLarge);
        QVERIFY(!bob.presence->choose(s.world.now(), Availability::Online, "\xff"));
        QVERIFY(bob.presence->choice().mood == most);
        // Its lease is one that a supernode takes.
        s.world.run(2 * kSecond);
        QCOMPARE(s.supernode.leases.leaseCount(), std::size_t{1});
        QCOMPARE(s.supernode.leases.refusedCommands(), std::uint64_t{0});
    }

    void whoIsInvisibleLooksOffLineAndSees() {
        Stage s;
        Node alice(s.world, s.supernode, "alice"), bob(s.world, s.supernode, "bob");
        s.befriend(alice, bob);
        QVERIFY(s.world.runUntil([&] { return alice.sees("bob") && bob.sees("alice"); }, 2 * kSecond));
        QVERIFY(bob.presence->choose(s.world.now(), Availability::Invisible, "secretly here"));
        QVERIFY(s.world.runUntil([&] { return !alice.sees("bob"); }, kSecond));
        bob.restart();
        s.world.run(std::chrono::hours(1));
        QVERIFY(!alice.sees("bob") && bob.sees("alice"));
        QVERIFY(bob.presence->choose(s.world.now(), Availability::Online, {}));
        QVERIFY(s.world.runUntil([&] { return alice.sees("bob"); }, kSecond));
    }

    void whatWasChosenSurvivesARestart() {
        Stage s;
        Node alice(s.world, s.supernode, "alice"), bob(s.world, s.supernode, "bob");
        s.befriend(alice, bob);
        s.world.run(2 * kSecond);
        QVERIFY(bob.presence->choose(s.world.now(), Availability::DoNotDisturb, "Thinking"));
        QVERIFY(bob.presence->except(s.world.now(), person("alice"), {Availability::OpenToCalls, std::nullopt}));
        s.world.run(2 * kSecond);
        bob.restart();
        QVERIFY(bob.presence->isNotToBeDisturbedBy(person("eve")));
        QVERIFY(!bob.presence->isNotToBeDisturbedBy(person("alice")));
        QVERIFY(
            s.world.runUntil([&] { return alice.sees("bob", Availability::OpenToCalls, "Thinking"); }, 2 * kSecond));
    }

    void withoutInputOneIsAwayAndLaterNotAvailable() {
        Stage s;
        Node alice(s.world, s.supernode, "alice"), bob(s.world, s.supernode, "bob");
        s.befriend(alice, bob);
        s.world.run(2 * kSecond);
        for (const auto state : {Availability::Online, Availability::OpenToCalls}) {
            QVERIFY(bob.presence->choose(s.world.now(), state, {}));
            bob.presence->setIdleSince(s.world.now(), s.world.now().at);
            s.world.run(std::chrono::minutes(4));
            QVERIFY(alice.sees("bob", state));
            s.world.run(std::chrono::seconds(61));
            QVERIFY(alice.sees("bob", Availability::Away));
            s.world.run(std::chrono::minutes(15));
            QVERIFY(alice.sees("bob", Availability::NotAvailable));
            QVERIFY(bob.presence->choice().availability == state);
            bob.presence->setIdleSince(s.world.now(), std::nullopt);
            QVERIFY(s.world.runUntil([&] { return alice.sees("bob", state); }, kSecond));
        }
        QVERIFY(bob.presence->choose(s.world.now(), Availability::DoNotDisturb, {}));
        bob.presence->setIdleSince(s.world.now(), s.world.now().at);
        s.world.run(std::chrono::hours(1));
        QVERIFY(alice.sees("bob", Availability::DoNotDisturb));
    }

    void severalDevicesShowTheNewestChoiceAndThenWhereThePersonIs() {
        Stage s;
        Node alice(s.world, s.supernode, "alice"), one(s.world, s.supernode, "bob", 1),
            two(s.world, s.supernode, "bob", 2);
        one.presence->mergeTopic(s.world.now(), two.presence->topic());
        two.presence->mergeTopic(s.world.now(), one.presence->topic());
        s.befriend(alice, one);
        two.presence->contactAdded(s.world.now(), person("alice"));
        s.world.run(5 * kSecond);
        const auto idle = s.world.now().at - std::chrono::minutes(6);
        one.presence->setIdleSince(s.world.now(), idle);
        s.world.run(2 * kSecond);
        QVERIFY(alice.sees("bob", Availability::Online));
        two.presence->setIdleSince(s.world.now(), idle - std::chrono::minutes(20));
        s.world.run(2 * kSecond);
        QVERIFY(alice.sees("bob", Availability::Away));
        // The second device has not heard of it yet.
        QVERIFY(one.presence->choose(s.world.now(), Availability::DoNotDisturb, "Ssh"));
        two.presence->setIdleSince(s.world.now(), std::nullopt);
        s.world.run(2 * kSecond);
        QVERIFY(alice.sees("bob", Availability::DoNotDisturb, "Ssh"));
        two.presence->merge(s.world.now(), one.presence->choice());
        one.disconnect();
        s.world.run(2 * kSecond);
        QVERIFY(alice.sees("bob", Availability::DoNotDisturb, "Ssh"));
        // What is older says nothing more.
        one.presence->merge(s.world.now(), Choice{Availability::Online, {}, 1});
        QVERIFY(one.presence->choice().availability == Availability::DoNotDisturb);
    }

    void oneContactSeesAnotherStateAnotherMoodOrNothing() {
        Stage s;
        Node alice(s.world, s.supernode, "alice"), bob(s.world, s.supernode, "bob"), eve(s.world, s.supernode, "eve");
        s.befriend(bob, alice);
        s.befriend(bob, eve);
        s.world.run(2 * kSecond);
        QVERIFY(bob.presence->choose(s.world.now(), Availability::Online, "for all"));
        const auto except = [&](const Exception& exception) {
            const bool done = bob.presence->except(s.world.now(), person("eve"), exception).has_value();
            s.world.run(30 * kSecond);
            return done && alice.sees("bob", Availability::Online, "for all");
        };
        QVERIFY(except({Availability::DoNotDisturb, std::nullopt}));
        QVERIFY(eve.sees("bob", Availability::DoNotDisturb, "for all"));
        QVERIFY(except({std::nullopt, "for Eve"}));
        QVERIFY(eve.sees("bob", Availability::Online, "for Eve"));
        QVERIFY(except({Availability::Invisible, std::nullopt}));
        QVERIFY(!eve.sees("bob"));
        // Nobody but who is concerned noticed anything.
        QCOMPARE(alice.changes.size(), std::size_t{2});
        bob.restart();
        s.world.run(30 * kSecond);
        QVERIFY(!eve.sees("bob") && alice.sees("bob", Availability::Online, "for all"));
        QVERIFY(except({}));
        QVERIFY(eve.sees("bob", Availability::Online, "for all"));
    }

    void whoSeesNothingCannotOpenWhatTheOthersSee() {
        Stage s;
        Node alice(s.world, s.supernode, "alice"), bob(s.world, s.supernode, "bob"), eve(s.world, s.supernode, "eve");
        s.befriend(bob, alice);
        s.befriend(bob, eve);
        s.world.run(2 * kSecond);
        const Granted before = *eve.audiences.at(person("bob")).theirs;
        QVERIFY(bob.presence->except(s.world.now(), person("eve"), {Availability::Invisible, std::nullopt}));
        s.world.run(30 * kSecond);
        const Granted own = *eve.audiences.at(person("bob")).theirs;
        const Granted of = *alice.audiences.at(person("bob")).theirs;
        QVERIFY(before.topicKey != of.topicKey && before.stateKey != of.stateKey);
        QVERIFY(own.topicKey != of.topicKey && own.stateKey != of.stateKey && own.topicKey != before.topicKey);
    }

    void aViewFollowsOverDevices() {
        Stage s;
        Node alice(s.world, s.supernode, "alice"), one(s.world, s.supernode, "bob", 1),
            two(s.world, s.supernode, "bob", 2);
        const auto sync = [&] {
            for (auto* to : {&one, &two}) {
                auto& from = to == &one ? two : one;
                to->presence->mergeTopic(s.world.now(), from.presence->topic());
                to->presence->merge(s.world.now(), from.presence->choice());
                to->presence->merge(s.world.now(), from.presence->views());
            }
            s.world.run(30 * kSecond);
        };
        sync();
        s.befriend(alice, one);
        two.presence->contactAdded(s.world.now(), person("alice"));
        sync();
        QVERIFY(one.presence->except(s.world.now(), person("alice"), {Availability::Invisible, std::nullopt}));
        sync();
        QVERIFY(!alice.sees("bob"));
        QVERIFY(two.presence->exceptionFor(person("alice")).availability == Availability::Invisible);
        QVERIFY(two.presence->except(s.world.now(), person("alice"), {}));
        sync();
        QVERIFY(alice.sees("bob"));
        QVERIFY(one.presence->exceptionFor(person("alice")).isNone());
        QCOMPARE(one.presence->topic(), two.presence->topic());
        // Removed and added again they get what counts.
        QVERIFY(one.presence->except(s.world.now(), person("alice"), {std::nullopt, "hello"}));
        s.world.run(30 * kSecond);
        one.presence->contactRemoved(s.world.now(), person("alice"));
        one.presence->contactAdded(s.world.now(), person("alice"));
        two.disconnect();
        s.world.run(30 * kSecond);
        QVERIFY(alice.sees("bob", Availability::Online));
    }

    void aViewIsNotGrantedBeforeItIsOnDisk() {
        Stage s;
        Node alice(s.world, s.supernode, "alice"), bob(s.world, s.supernode, "bob");
        s.befriend(alice, bob);
        s.world.run(2 * kSecond);
        alice.diskFull = true;
        const auto known = bob.audiences.at(person("alice")).theirs->version;
        QVERIFY(alice.presence->except(s.world.now(), person("bob"), {std::nullopt, "for Bob"}));
        s.world.run(5 * kSecond);
        QCOMPARE(bob.audiences.at(person("alice")).theirs->version, known);
        alice.diskFull = false;
        s.world.run(std::chrono::minutes(3));
        QVERIFY(bob.sees("alice", Availability::Online, "for Bob"));
    }

    void noMoreViewsThanASupernodeHoldsLeasesFor() {
        Stage s;
        Node bob(s.world, s.supernode, "bob");
        const auto friendOf = [](std::size_t i) { return person("friend" + std::to_string(i)); };
        for (std::size_t i = 0; i <= kMaxViews; ++i) {
            bob.presence->contactAdded(s.world.now(), friendOf(i));
            const auto done = bob.presence->except(s.world.now(), friendOf(i), {Availability::Away, std::nullopt});
            QCOMPARE(done.has_value(), i < kMaxViews);
        }
        QVERIFY(!bob.presence->except(s.world.now(), person("stranger"), {Availability::Away, std::nullopt}));
        // Leases that have ended are remembered until their date.
        s.world.run(std::chrono::minutes(20));
        s.supernode.leases.wake(s.world.now());
        QCOMPARE(s.supernode.leases.leaseCount(), kMaxViews + 1);
    }

    void theSizeOfAStateTellsNothingOfAShortMood() {
        Stage s;
        Node bob(s.world, s.supernode, "bob");
        std::set<std::size_t> sizes;
        for (const char* mood : {"", "x", "A somewhat longer mood, as people write it at times"}) {
            for (const auto state : {Availability::Online, Availability::OpenToCalls}) {
                const std::size_t before = s.supernode.bytes;
                QVERIFY(bob.presence->choose(s.world.now(), state, mood));
                s.world.settle();
                sizes.insert(s.supernode.bytes - before);
            }
        }
        sizes.erase(0);
        QCOMPARE(sizes.size(), std::size_t{1});
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
