// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/client/network.h"

#include <QTest>

#include "tests/support/peerworld.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::test;
using namespace std::chrono_literals;

namespace {

/// One device and its way onto the network.
struct Way {
    TransportWorld world{};
    std::unique_ptr<SupernodeNode> first = std::make_unique<SupernodeNode>(world, "198.51.100.1:33033");
    SupernodeNode second{world, "198.51.100.2:33033"};
    TransportNode& node = world.addClient("203.0.113.1:4001");
    client::Network network{{node.transport, node.random}, {}};
    std::vector<client::NetworkEvent> events{};
    std::size_t paths = 0;  ///< that were used
    Instant alarm = kNever;

    Way() {
        node.onEvent = [this](const session::Event& event) {
            const auto* command = std::get_if<session::CommandReceived>(&event);
            if (std::holds_alternative<session::PathChanged>(event)) ++paths;
            if (!network.receive(world.now(), event) && command)
                if (const auto parsed = wire::parseCommand(command->command)) network.receive(world.now(), *parsed);
            pump();
        };
        network.setFirstSupernodes({first->node.address, second.node.address});
    }
    void start() {
        network.start(world.now());
        pump();
    }
    void pump() {
        if (network.nextWake() <= world.now().at) network.wake(world.now());
        network.take(events);
        const auto next = network.nextWake();
        if (next >= alarm && alarm > world.now().at) return;
        alarm = next;
        if (next != kNever) world.after(std::max(Duration{}, next - world.now().at), [this] { pump(); });
    }
    template <class E>
    std::vector<E> all() const {
        std::vector<E> out;
        for (const auto& event : events)
            if (const auto* one = std::get_if<E>(&event)) out.push_back(*one);
        return out;
    }
    bool isUp(Duration within = 1min) {
        return world.runUntil([&] { return network.isUp(); }, within);
    }
};

}  // namespace

class NetworkTest : public QObject {
    Q_OBJECT

private slots:
    void itAttachesAndRemembers() {
        Way way;
        way.start();
        QVERIFY(way.isUp());
        const auto up = way.all<client::NetworkUp>();
        QCOMPARE(up.size(), std::size_t{1});
        QVERIFY(!up.front().location.isNull() && !up.front().node.isNull());
        QVERIFY(up.front().rung == overlay::Rung::Udp && way.network.hasUdp());
        QVERIFY(way.network.cache().size() > 0);
        QVERIFY(!way.all<client::HostCacheChanged>().empty());
    }

    void itLearnsOfSupernodesThatJoinLater() {
        Way way;
        way.network.setFirstSupernodes({way.first->node.address});
        const auto joined = Endpoint::parse("192.0.2.9:33033").value();
        const auto knows = [&] {
            const auto entries = way.network.cache().entries();
            return std::ranges::count(entries, joined) == 1;
        };
        way.start();
        QVERIFY(way.isUp());
        way.world.run(10s);
        way.first->role.overlay().know({{joined, {}}});
        way.world.run(5h);
        QVERIFY(!knows());
        way.events.clear();
        way.world.run(2h);
        QVERIFY(knows());
        QVERIFY(!way.all<client::HostCacheChanged>().empty());
        // What it was merely told of comes after what has worked.
        QVERIFY(way.network.cache().entries().front() == way.first->node.address);
    }

    void withoutUdpItStaysOnTcpAndJoinsUdpWhenItComes() {
        Way way;
        way.world.isUdpBlocked = true;
        way.start();
        QVERIFY(way.isUp());
        QVERIFY(way.network.rung() == overlay::Rung::Tcp);
        way.world.run(2min);
        QVERIFY(!way.network.hasUdp());
        way.world.isUdpBlocked = false;
        way.world.run(12min);
        QVERIFY(way.network.hasUdp());
        QCOMPARE(way.all<client::NetworkUp>().size(), std::size_t{1});
    }

    void aBrokenConnectionIsMadeAgainWithoutLeaving() {
        Way way;
        way.start();
        QVERIFY(way.isUp());
        way.world.run(10s);
        way.world.breakTcp(way.node);
        way.world.run(30s);
        QVERIFY(way.network.isUp());
        QVERIFY(way.all<client::NetworkDown>().empty());
        // On the connection alone it lives on, too.
        way.world.isUdpBlocked = true;
        way.world.run(5min);
        QVERIFY(way.network.isUp());
        QVERIFY(way.all<client::NetworkDown>().empty());
    }

    void aLostSupernodeIsReplaced() {
        Way way;
        way.start();
        QVERIFY(way.isUp());
        const auto taken = way.all<client::NetworkUp>().front().node;
        auto& lost = way.first->role.overlay().clientCount() > 0 ? way.first->node : way.second.node;
        way.world.filter = [&, address = lost.address](const Endpoint& from, const Endpoint& to, ByteView) {
            return from != address && to != address;
        };
        way.world.breakTcp(lost);
        way.world.refusesTcp = lost.address;
        QVERIFY(way.world.runUntil([&] { return !way.network.isUp(); }, 3min));
        QVERIFY(way.isUp(3min));
        QVERIFY(way.all<client::NetworkUp>().back().node != taken);
        QVERIFY(!way.all<client::NetworkDown>().empty());
    }

    void whenNothingAnswersItSaysSoAndTriesAgain() {
        Way way;
        way.network.setFirstSupernodes({Endpoint::parse("192.0.2.9:33033").value()});
        way.start();
        way.world.run(5min);
        const auto down = way.all<client::NetworkDown>();
        QVERIFY(!down.empty());
        QVERIFY(down.front().reason == Fault::Unreachable);
        QVERIFY(down.front().rungs[0] == Fault::TimedOut);
        QVERIFY(down.front().rungs[1] == Fault::Refused);
        way.network.setFirstSupernodes({way.second.node.address});
        QVERIFY(way.isUp(5min));
    }

    void stoppingLeavesNothingBehind() {
        Way way;
        way.start();
        QVERIFY(way.isUp());
        way.network.stop(way.world.now(), Fault::NotSignedIn);
        way.pump();
        way.world.run(1min);
        QCOMPARE(way.node.transport.linkCount(), std::size_t{0});
        QCOMPARE(way.network.nextWake(), kNever);
        QVERIFY(way.all<client::NetworkDown>().back().reason == Fault::NotSignedIn);
        way.start();
        QVERIFY(way.isUp());
    }
};

KITH_TEST(NetworkTest);
#include "network_test.moc"
