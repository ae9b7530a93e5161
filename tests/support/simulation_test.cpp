// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/simulation.h"

#include <QTest>
#include <set>

#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::test;
using namespace std::chrono_literals;

namespace {

/// Keeps what comes and sends what it is told to.
class Recorder final : public link::CarrierUser {
public:
    struct Heard {
        Instant at;
        std::string what;
        friend bool operator==(const Heard&, const Heard&) = default;
    };

    void receiveDatagram(Now now, const Endpoint& remote, ByteView datagram) override {
        heard.push_back({now.at, remote.text() + " " + std::string(asText(datagram))});
    }
    void receive(Now now, const link::TcpConnected& event) override {
        heard.push_back({now.at, "connected " + std::to_string(event.connection)});
    }
    void receive(Now now, const link::TcpAccepted& event) override {
        accepted = event.connection;
        heard.push_back({now.at, "accepted at " + std::to_string(event.localPort)});
    }
    void receive(Now now, const link::TcpClosed& event) override {
        heard.push_back({now.at, "closed " + std::string(name(event.reason))});
    }
    void receiveTcp(Now now, link::TcpNumber, ByteView bytes) override {
        heard.push_back({now.at, "data " + std::string(asText(bytes))});
    }
    void tcpBacklog(Now, link::TcpNumber, std::size_t bytes) override { backlogs.push_back(bytes); }
    void wake(Now now) override {
        heard.push_back({now.at, "wake"});
        wakeAt = kNever;
    }
    [[nodiscard]] Instant nextWake() const override { return wakeAt; }
    void take(Now, link::CarrierOutput& out) override {
        for (const auto& entry : output.datagrams.entries())
            out.datagrams.add(entry.remote, output.datagrams.bytesOf(entry));
        out.connects.insert(out.connects.end(), output.connects.begin(), output.connects.end());
        out.writes.insert(out.writes.end(), output.writes.begin(), output.writes.end());
        out.closes.insert(out.closes.end(), output.closes.begin(), output.closes.end());
        output.clear();
    }

    [[nodiscard]] std::vector<std::string> words() const {
        std::vector<std::string> out;
        for (const Heard& one : heard) out.push_back(one.what);
        return out;
    }

    std::vector<Heard> heard;
    std::vector<std::size_t> backlogs;
    link::TcpNumber accepted = 0;
    link::CarrierOutput output;
    Instant wakeAt = kNever;
};

const Endpoint kAlice = *Endpoint::parse("10.0.0.1:1000");
const Endpoint kBob = *Endpoint::parse("10.0.0.2:2000");

struct World {
    explicit World(std::uint64_t seed = 1) : simulation(seed) {
        simulation.conditions.delay = 10ms;
        alice = simulation.add({kAlice}, aliceUser);
        bob = simulation.add({kBob, {2000, 443}}, bobUser);
    }
    void send(std::string_view text) {
        simulation.act(alice, [&](Now) { aliceUser.output.datagrams.add(kBob, asBytes(text)); });
    }
    void connect(std::uint16_t port) {
        simulation.act(alice, [&](Now) { aliceUser.output.connects.push_back({2, {kBob.address, port}}); });
    }
    void write(std::string_view text) {
        simulation.act(alice, [&](Now) { aliceUser.output.writes.push_back({2, toBytes(text)}); });
    }

    Simulation simulation;
    Recorder aliceUser;
    Recorder bobUser;
    NodeNumber alice = 0;
    NodeNumber bob = 0;
};

using Words = std::vector<std::string>;

}  // namespace

class SimulationTest : public QObject {
    Q_OBJECT

private slots:
    void aDatagramArrivesAfterTheDelay() {
        World world;
        const Instant sent = world.simulation.at();
        world.send("hello");
        world.simulation.run(9ms);
        QVERIFY(world.bobUser.heard.empty());
        world.simulation.run(1ms);
        QCOMPARE(world.bobUser.heard, (std::vector<Recorder::Heard>{{sent + 10ms, "10.0.0.1:1000 hello"}}));
        QVERIFY(world.aliceUser.heard.empty());
    }

    void wallClocksMayBeOff() {
        World world;
        Recorder late;
        const NodeNumber node = world.simulation.add({*Endpoint::parse("10.0.0.3:1"), {}, -48h}, late);
        world.simulation.run(1500ms);
        QCOMPARE(world.simulation.nowOf(world.alice).wall, Simulation::kBeginWall + 1500ms);
        QCOMPARE(world.simulation.nowOf(node).wall, Simulation::kBeginWall + 1500ms - 48h);
        QCOMPARE(world.simulation.nowOf(node).at, Simulation::kBegin + 1500ms);
    }

    void wakesComeWhenTheyAreWanted() {
        World world;
        const Instant begin = world.simulation.at();
        world.simulation.act(world.alice, [&](Now now) { world.aliceUser.wakeAt = now.at + 1h; });
        world.simulation.act(world.alice, [&](Now now) { world.aliceUser.wakeAt = now.at + 5ms; });
        world.simulation.run(2h);
        QCOMPARE(world.aliceUser.heard, (std::vector<Recorder::Heard>{{begin + 5ms, "wake"}}));
        QCOMPARE(world.simulation.statistics().wakes, std::uint64_t{1});
    }

    void losses() {
        World world;
        world.simulation.conditions.loss = 0.3;
        for (int i = 0; i < 10'000; ++i) world.send("x");
        world.simulation.run(1s);
        const auto arrived = world.bobUser.heard.size();
        QVERIFY2(arrived > 6'700 && arrived < 7'300, qPrintable(QString::number(arrived)));
        QCOMPARE(world.simulation.statistics().datagramsLost, 10'000 - arrived);
    }

    void duplicatesAndDelays() {
        World world;
        world.simulation.conditions.duplication = 0.5;
        world.simulation.conditions.jitter = 5ms;
        world.simulation.conditions.reordering = 0.1;
        world.simulation.conditions.holdUp = 100ms;
        const Instant begin = world.simulation.at();
        for (int i = 0; i < 1'000; ++i) world.send(std::to_string(i));
        world.simulation.run(1s);
        const auto& heard = world.bobUser.heard;
        QVERIFY(heard.size() > 1'400 && heard.size() < 1'600);
        std::size_t heldUp = 0;
        for (const auto& one : heard) {
            QVERIFY(one.at >= begin + 5ms);
            QVERIFY(one.at <= begin + 15ms || (one.at >= begin + 105ms && one.at <= begin + 115ms));
            heldUp += one.at > begin + 15ms ? 1U : 0U;
        }
        QVERIFY(heldUp > 100 && heldUp < 200);
        const Words words = world.bobUser.words();
        QVERIFY(!std::is_sorted(words.begin(), words.end()));
    }

    void bandwidthMakesAQueueAndTheQueueEnds() {
        World world;
        world.simulation.conditions.bytesPerSecond = 10'000;
        world.simulation.conditions.longestQueue = 500ms;
        const Instant begin = world.simulation.at();
        const std::string text(972, 'x');  // 1,000 bytes on the wire: 100 ms each
        for (int i = 0; i < 10; ++i) world.send(text);
        world.simulation.run(10s);
        const auto& heard = world.bobUser.heard;
        QCOMPARE(heard.size(), std::size_t{6});
        for (std::size_t i = 0; i < heard.size(); ++i)
            QCOMPARE(heard[i].at, begin + 100ms * static_cast<int>(i + 1) + 10ms);
    }

    void firewallsAndFilters() {
        World world;
        Conditions blocked = world.simulation.conditions;
        blocked.udp = false;
        world.simulation.setConditions(world.bob, blocked);
        world.send("one");
        world.simulation.clearConditions(world.bob);
        world.simulation.filter = [](const Endpoint&, const Endpoint&, ByteView datagram) {
            return asText(datagram) != "two";
        };
        world.send("two");
        world.send("three");
        world.simulation.run(1s);
        QCOMPARE(world.bobUser.words(), Words{"10.0.0.1:1000 three"});
    }

    void aConnection() {
        World world;
        const Instant begin = world.simulation.at();
        world.connect(443);
        world.simulation.run(15ms);
        QCOMPARE(world.bobUser.heard, (std::vector<Recorder::Heard>{{begin + 10ms, "accepted at 443"}}));
        QVERIFY(world.bobUser.accepted % 2 == 1);
        world.simulation.run(15ms);
        QCOMPARE(world.aliceUser.heard, (std::vector<Recorder::Heard>{{begin + 20ms, "connected 2"}}));

        world.write("hello");
        QCOMPARE(world.aliceUser.backlogs, std::vector<std::size_t>{0});
        world.simulation.act(world.bob, [&](Now) {
            world.bobUser.output.writes.push_back({world.bobUser.accepted, toBytes("hi")});
            world.bobUser.output.closes.push_back({world.bobUser.accepted, true});
        });
        world.simulation.run(1s);
        QCOMPARE(world.aliceUser.words(), (Words{"connected 2", "data hi", "closed ConnectionLost"}));
        // Bob's end was gone when it came.
        QCOMPARE(world.bobUser.words(), Words{"accepted at 443"});
    }

    void connectionsThatFail() {
        World world;
        const Instant begin = world.simulation.at();
        world.connect(80);
        world.simulation.run(1min);
        QCOMPARE(world.aliceUser.heard, (std::vector<Recorder::Heard>{{begin + 20ms, "closed Refused"}}));

        world.aliceUser.heard.clear();
        world.simulation.conditions.tcp = false;
        world.connect(443);
        world.simulation.run(1min);
        QCOMPARE(world.aliceUser.words(), Words{"closed TimedOut"});

        world.aliceUser.heard.clear();
        world.simulation.conditions.tcp = true;
        world.simulation.kill(world.bob);
        world.connect(443);
        world.simulation.run(1min);
        QCOMPARE(world.aliceUser.words(), Words{"closed Refused"});
    }

    void segmentsAreNeitherLostNorOutOfOrder() {
        World world;
        world.simulation.conditions.loss = 0.2;
        world.simulation.conditions.jitter = 9ms;
        world.connect(443);
        world.simulation.run(1s);
        world.bobUser.heard.clear();
        Words expected;
        for (int i = 0; i < 200; ++i) {
            world.write(std::to_string(i));
            expected.push_back("data " + std::to_string(i));
            world.simulation.run(3ms);
        }
        world.simulation.run(1min);
        QCOMPARE(world.bobUser.words(), expected);
    }

    void whatTheSocketHasNotTakenIsTold() {
        World world;
        world.connect(443);
        world.simulation.run(1s);
        world.simulation.conditions.bytesPerSecond = 1'000;
        world.write(std::string(460, 'a'));  // with its header half a second
        world.write(std::string(460, 'b'));
        QCOMPARE(world.aliceUser.backlogs, (std::vector<std::size_t>{460, 920}));
        world.simulation.run(600ms);
        QCOMPARE(world.aliceUser.backlogs.back(), std::size_t{460});
        world.simulation.run(600ms);
        QCOMPARE(world.aliceUser.backlogs.back(), std::size_t{0});
    }

    void aKilledProcessIsSilentAndItsConnectionsBreak() {
        World world;
        world.connect(443);
        world.simulation.run(1s);
        world.bobUser.heard.clear();
        world.simulation.act(world.bob, [&](Now now) { world.bobUser.wakeAt = now.at + 5ms; });
        world.send("late");
        world.simulation.kill(world.bob);
        world.write("late too");
        world.simulation.run(1s);
        QVERIFY(world.bobUser.heard.empty());
        QCOMPARE(world.aliceUser.words(), (Words{"connected 2", "closed ConnectionLost"}));

        Recorder again;
        world.simulation.restart(world.bob, again);
        world.send("now");
        world.simulation.run(1s);
        QCOMPARE(again.words(), Words{"10.0.0.1:1000 now"});
    }

    void aPulledCableIsToldToBothEnds() {
        World world;
        world.connect(443);
        world.simulation.run(1s);
        world.simulation.breakTcp(world.alice);
        world.simulation.run(1s);
        QCOMPARE(world.aliceUser.words().back(), std::string("closed ConnectionLost"));
        QCOMPARE(world.bobUser.words().back(), std::string("closed ConnectionLost"));
    }

    void numbersOfAcceptedConnectionsAreNotUsedAgain() {
        World world;
        std::set<link::TcpNumber> numbers;
        for (int i = 0; i < 20; ++i) {
            world.connect(443);
            world.simulation.run(1s);
            QVERIFY(numbers.insert(world.bobUser.accepted).second);
            world.simulation.breakTcp(world.alice);
            world.simulation.run(1s);
        }
    }

    void theSameSeedIsTheSameRun() {
        const auto run = [](std::uint64_t seed) {
            World world(seed);
            world.simulation.conditions.loss = 0.1;
            world.simulation.conditions.jitter = 9ms;
            world.simulation.conditions.duplication = 0.1;
            world.connect(443);
            for (int i = 0; i < 100; ++i) {
                world.simulation.after(i * 1ms, [&world, i] { world.send(std::to_string(i)); });
                world.simulation.after(i * 2ms, [&world, i] { world.write(std::to_string(i)); });
            }
            world.simulation.run(10s);
            return world.simulation.trace.value();
        };
        QCOMPARE(run(1), run(1));
        QVERIFY(run(1) != run(2));
    }

    void aConditionEndsARun() {
        World world;
        world.simulation.after(5ms, [&] { world.send("x"); });
        QVERIFY(world.simulation.runUntil([&] { return !world.bobUser.heard.empty(); }, 1s));
        QCOMPARE(world.simulation.at(), Simulation::kBegin + 15ms);
        QVERIFY(!world.simulation.runUntil([] { return false; }, 1s));
        QCOMPARE(world.simulation.at(), Simulation::kBegin + 1015ms);
    }
};

KITH_TEST(SimulationTest);
#include "simulation_test.moc"
