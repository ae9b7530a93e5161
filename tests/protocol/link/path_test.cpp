// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <rapidcheck.h>

#include <QTest>

#include "tests/support/linkpair.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::test;
using namespace std::chrono_literals;
using link::PathKind;

namespace {

constexpr auto kClient = LinkPair::Client;
constexpr auto kServer = LinkPair::Server;

Way wayOf(PathKind kind, std::uint8_t rank, Duration delay = 20ms) {
    Wire wire;
    wire.delay = delay;
    wire.isOrdered = kind == PathKind::Reliable;
    return Way::with(wire, {kind, rank, rank, {}});
}

void cut(Way& way) {
    way.toServer->isCut = way.toClient->isCut = true;
}

std::size_t packets(LinkPair& pair) {
    return pair.end(kClient).packetSizes.size() + pair.end(kServer).packetSizes.size();
}

}  // namespace

/// Paths that come, work, fall silent and go.
class PathTest : public QObject {
    Q_OBJECT

private slots:
    void aBetterPathIsUsedOnceItAnswered() {
        LinkPair pair(wayOf(PathKind::Reliable, 1));
        pair.run(1s);
        const auto way = pair.addWay(wayOf(PathKind::Datagram, 0));
        const auto path = pair.openPath(kClient, way);
        QVERIFY(path);
        QVERIFY(!pair.client().isValidated(*path));
        QCOMPARE(pair.client().preferredPath(), std::optional(link::kFirstPath));
        pair.run(100ms);
        QVERIFY(pair.client().isValidated(*path));
        QCOMPARE(pair.client().preferredPath(), path);
        QCOMPARE(pair.end(kClient).all<link::PathValidated>().size(), std::size_t(1));
        QCOMPARE(pair.end(kClient).all<link::PathPreferred>().size(), std::size_t(1));
        // The other end came to know it by the challenge, and asked back.
        QCOMPARE(pair.end(kServer).all<link::PathValidated>().size(), std::size_t(1));
        QVERIFY(pair.server().preferredPath() != std::optional(link::kFirstPath));
        QVERIFY(pair.client().roundTrip(*path));
        QCOMPARE(*pair.client().roundTrip(*path), Duration(40ms));
    }

    void nothingButQuestionsGoesOverAPathThatHasNotAnswered() {
        LinkPair pair;
        pair.run(1s);
        const auto way = pair.addWay(wayOf(PathKind::Datagram, 0));
        pair.way(way).toClient->isCut = true;
        pair.openPath(kClient, way);
        pair.way(0).toServer->isCut = true;
        pair.send(kClient, 1, pattern(50'000));
        pair.run(8s);
        QVERIFY(pair.way(way).toServer->carried <= 4);
        QVERIFY(pair.end(kServer).received[1].empty());
        const auto ended = pair.end(kClient).all<link::PathEnded>();
        QCOMPARE(ended.size(), std::size_t(1));
        QCOMPARE(ended[0].reason, Fault::TimedOut);
    }

    void eachPathHasIdsOfItsOwn() {
        LinkPair pair;
        pair.run(1s);
        for (int i = 0; i < 3; ++i) {
            pair.openPath(kClient, pair.addWay(wayOf(PathKind::Datagram, 1)));
            pair.run(1s);
        }
        for (const auto side : {kClient, kServer}) {
            std::set<link::LinkId> all;
            for (const auto& [way, ids] : pair.end(side).idsSentOn) {
                QCOMPARE(ids.size(), std::size_t(1));
                QVERIFY(all.insert(*ids.begin()).second);
            }
            QCOMPARE(all.size(), std::size_t(4));
        }
    }

    // The path in use dies in the middle of a transfer.
    void aTransferGoesOnWhenItsPathDies() {
        LinkPair pair(wayOf(PathKind::Datagram, 0));
        pair.run(1s);
        pair.openPath(kClient, pair.addWay(wayOf(PathKind::Relayed, 1, 60ms)));
        pair.run(1s);
        const Bytes up = pattern(800'000, 1);
        const Bytes down = pattern(800'000, 2);
        pair.send(kClient, 1, up);
        pair.send(kServer, 1, down);
        pair.run(150ms);
        cut(pair.way(0));
        QVERIFY(pair.client().backlog() > 100'000);
        const Instant before = pair.now().at;
        QVERIFY(pair.drive(60s));
        QVERIFY(pair.end(kServer).received[1] == up);
        QVERIFY(pair.end(kClient).received[1] == down);
        QVERIFY(pair.now().at - before < 4s);
        pair.run(20s);
        QCOMPARE(pair.end(kClient).all<link::PathEnded>().size(), std::size_t(1));
        QCOMPARE(pair.end(kServer).all<link::PathEnded>().size(), std::size_t(1));
        QVERIFY(!pair.client().isClosed());
    }

    // UDP dies, TCP stands by; then TCP is closed and UDP is back: nothing lost or doubled either time.
    void fromDatagramsToAStreamAndBack() {
        LinkPair pair(wayOf(PathKind::Datagram, 0));
        pair.run(1s);
        const auto tcp = pair.addWay(wayOf(PathKind::Reliable, 1));
        const auto overTcp = pair.openPath(kClient, tcp);
        pair.run(1s);
        const Bytes all = pattern(600'000);
        pair.send(kClient, 1, all);
        pair.run(100ms);
        cut(pair.way(0));
        pair.run(500ms);
        QCOMPARE(pair.client().preferredPath(), overTcp);

        const auto udp = pair.addWay(wayOf(PathKind::Datagram, 2));
        pair.openPath(kClient, udp);
        pair.run(100ms);
        cut(pair.way(tcp));
        pair.client().pathLost(pair.now(), *overTcp);
        QVERIFY(pair.drive(60s));
        QVERIFY(pair.end(kServer).received[1] == all);
    }

    void anySequenceOfPathChangesLosesNothing() {
        QVERIFY(rc::check([] {
            LinkPair pair(wayOf(PathKind::Datagram, 5), *rc::gen::arbitrary<std::uint64_t>());
            pair.run(1s);
            Bytes all;
            std::size_t alive = 0;
            for (int i = 0; i < 5; ++i) {
                const auto kind = *rc::gen::element(PathKind::Datagram, PathKind::Reliable, PathKind::Relayed);
                const auto next = pair.addWay(wayOf(kind, static_cast<std::uint8_t>(*rc::gen::inRange(0, 9)),
                                                    std::chrono::milliseconds(*rc::gen::inRange(1, 100))));
                const auto opener = *rc::gen::element(kClient, kServer);
                // The spare ids may be under way on a path that is dead and doesn't know it yet.
                for (int tries = 0; !pair.openPath(opener, next); ++tries) {
                    RC_ASSERT(tries < 40);
                    pair.run(500ms);
                }
                const Bytes part = pattern(static_cast<std::size_t>(*rc::gen::inRange(1, 100'000)), all.size());
                RC_ASSERT(pair.send(kClient, 1, part));
                append(all, part);
                pair.run(std::chrono::milliseconds(*rc::gen::inRange(300, 3000)));
                cut(pair.way(alive));
                alive = next;
                pair.run(std::chrono::milliseconds(*rc::gen::inRange(0, 20'000)));
            }
            RC_ASSERT(pair.drive(120s));
            RC_ASSERT(pair.end(kServer).received[1] == all);
        }));
    }

    // The other end's address changes under an open path: its packets come from elsewhere, with the id it had.
    void aMovedBindingIsFollowed() {
        LinkPair pair;
        pair.run(1s);
        const auto moved = pair.addWay(wayOf(PathKind::Datagram, 0));
        pair.rebind(kServer, 0, moved);      // what the client sends seems to come from there …
        pair.way(0).toClient->isCut = true;  // … and the old address leads nowhere …
        pair.rebind(kClient, moved, 0);      // … while the client notices nothing.
        pair.send(kClient, 1, toBytes("still me"));
        pair.run(10s);
        QCOMPARE(pair.end(kServer).received[1], toBytes("still me"));
        QCOMPARE(pair.end(kServer).all<link::PathValidated>().size(), std::size_t(1));
        QCOMPARE(pair.end(kServer).all<link::PathEnded>().size(), std::size_t(1));
        pair.send(kServer, 1, toBytes("welcome"));
        QVERIFY(pair.drive());
        QCOMPARE(pair.end(kClient).received[1], toBytes("welcome"));
        QVERIFY(pair.end(kClient).all<link::PathEnded>().empty());
    }

    void aDroppedPathEndsAtTheOtherEndToo() {
        LinkPair pair;
        pair.run(1s);
        const auto path = pair.openPath(kClient, pair.addWay(wayOf(PathKind::Datagram, 1)));
        pair.run(1s);
        pair.client().dropPath(pair.now(), *path);
        pair.flush();
        pair.run(1s);
        const auto ended = pair.end(kServer).all<link::PathEnded>();
        QCOMPARE(ended.size(), std::size_t(1));
        QCOMPARE(ended[0].reason, Fault::Refused);
        QVERIFY(pair.end(kClient).all<link::PathEnded>().empty());
        QCOMPARE(pair.end(kClient).all<link::IdRemoved>().size(), std::size_t(1));
        QCOMPARE(pair.end(kServer).all<link::IdRemoved>().size(), std::size_t(1));
    }

    // What the other end sent before it heard of the drop doesn't bring the path back.
    void packetsUnderWayDoNotReviveADroppedPath() {
        LinkPair pair(wayOf(PathKind::Datagram, 1));
        pair.run(1s);
        const auto path = pair.openPath(kClient, pair.addWay(wayOf(PathKind::Datagram, 0, 30ms)));
        pair.run(1s);
        pair.send(kServer, 1, pattern(5000));
        pair.client().dropPath(pair.now(), *path);
        pair.flush();
        QVERIFY(pair.drive());
        pair.run(1s);
        QCOMPARE(pair.end(kClient).received[1], pattern(5000));
        QCOMPARE(pair.end(kClient).wayOf.size(), std::size_t(2));
    }

    void lostIdsAreToldAgain() {
        Wire dead;
        dead.isCut = true;
        LinkPair pair(Way::with(dead));
        pair.run(500ms);
        pair.way(0).toServer->isCut = pair.way(0).toClient->isCut = false;
        pair.run(5s);
        QVERIFY(pair.openPath(kServer, pair.addWay(wayOf(PathKind::Datagram, 1))));
        QVERIFY(pair.openPath(kClient, pair.addWay(wayOf(PathKind::Datagram, 1))));
    }

    // Ids are given back: paths may come and go for ever.
    void pathsComeAndGo() {
        LinkPair pair;
        pair.run(1s);
        for (int i = 0; i < 50; ++i) {
            const auto path = pair.openPath(i % 2 == 0 ? kClient : kServer, pair.addWay(wayOf(PathKind::Datagram, 1)));
            QVERIFY(path);
            pair.run(1s);
            (i % 2 == 0 ? pair.client() : pair.server()).dropPath(pair.now(), *path);
            pair.flush();
            pair.run(1s);
        }
        QVERIFY(pair.client().ids().size() <= 4);
        QVERIFY(pair.server().ids().size() <= 4);
    }

    void thereIsRoomForSoManyPathsOnly() {
        LinkPair pair;
        pair.run(1s);
        std::size_t opened = 1;
        for (int i = 0; i < 20; ++i) {
            opened += pair.openPath(kClient, pair.addWay(wayOf(PathKind::Datagram, 1))).has_value();
            pair.run(1s);
        }
        QCOMPARE(opened, link::kMaxPaths);
        pair.send(kClient, 1, toBytes("x"));
        QVERIFY(pair.drive());
        QCOMPARE(pair.end(kServer).received[1], toBytes("x"));
    }

    // One small packet each way every 20 s on UDP, every 60 s on TCP.
    void anIdleLinkCostsLittle_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("interval");
        QTest::newRow("datagram") << int(PathKind::Datagram) << 20;
        QTest::newRow("reliable") << int(PathKind::Reliable) << 60;
    }
    void anIdleLinkCostsLittle() {
        QFETCH(int, kind);
        QFETCH(int, interval);
        LinkPair pair(wayOf(static_cast<PathKind>(kind), 0));
        pair.run(5s);
        const std::size_t before = packets(pair);
        pair.run(1200s);
        const std::size_t pings = 1200 / static_cast<std::size_t>(interval);
        QVERIFY(packets(pair) - before <= 2 * pings);
        QVERIFY(packets(pair) - before >= 2 * pings - 4);
        for (const auto side : {kClient, kServer}) QVERIFY(pair.end(side).packetSizes.back() <= link::kMinPacket + 16);
        QVERIFY(!pair.client().isClosed());
    }

    void theKeepAliveFollowsTheNat() {
        LinkPair pair;
        pair.run(5s);
        pair.client().setKeepAlive(pair.now(), 10s);
        const std::size_t before = packets(pair);
        pair.run(600s);
        QVERIFY(packets(pair) - before >= 2 * 55);
    }

    void aSilentLinkIsGivenUp_data() { anIdleLinkCostsLittle_data(); }
    void aSilentLinkIsGivenUp() {
        QFETCH(int, kind);
        QFETCH(int, interval);
        LinkPair pair(wayOf(static_cast<PathKind>(kind), 0));
        pair.run(5s);
        cut(pair.way(0));
        pair.run(std::chrono::seconds(interval));
        QVERIFY(!pair.client().isClosed());
        pair.run(std::chrono::seconds(interval) * 3 / 2);
        for (const auto side : {kClient, kServer}) {
            const auto closed = pair.end(side).all<link::Closed>();
            QCOMPARE(closed.size(), std::size_t(1));
            QCOMPARE(closed[0].reason, Fault::TimedOut);
            QVERIFY(!closed[0].byPeer);
            QVERIFY(pair.end(side).link->isFinished());
        }
        QVERIFY(pair.nextEvent() == kNever);
    }

    // TCP breaks; the client comes back by another connection before the link is given up.
    void aLinkWithoutPathsWaitsForAWhile() {
        LinkPair pair(wayOf(PathKind::Reliable, 0));
        pair.run(5s);
        cut(pair.way(0));
        pair.client().pathLost(pair.now(), link::kFirstPath);
        pair.server().pathLost(pair.now(), link::kFirstPath);
        QVERIFY(pair.send(kServer, 1, toBytes("patience")));
        pair.run(6s);
        QVERIFY(!pair.server().preferredPath());
        QVERIFY(pair.openPath(kClient, pair.addWay(wayOf(PathKind::Reliable, 0))));
        QVERIFY(pair.drive());
        QCOMPARE(pair.end(kClient).received[1], toBytes("patience"));

        pair.client().pathLost(pair.now(), *pair.client().preferredPath());
        pair.flush();
        pair.run(11s);
        const auto closed = pair.end(kClient).all<link::Closed>();
        QCOMPARE(closed.size(), std::size_t(1));
        QCOMPARE(closed[0].reason, Fault::ConnectionLost);
    }

    void aDoubtedPathIsAskedAtOnce() {
        LinkPair pair;
        pair.run(1s);
        pair.openPath(kClient, pair.addWay(wayOf(PathKind::Datagram, 1)));
        pair.run(5s);
        cut(pair.way(0));
        pair.client().doubtPath(pair.now(), link::kFirstPath);
        pair.flush();
        QVERIFY(pair.client().preferredPath() != std::optional(link::kFirstPath));
        QCOMPARE(pair.end(kClient).all<link::PathPreferred>().size(), std::size_t(1));
        pair.run(5s);
        QCOMPARE(pair.end(kClient).all<link::PathEnded>().size(), std::size_t(1));
    }

    // The ends prefer different paths: each still measures its own, because acks go back the way of what they are for.
    void acksReturnTheWayThePacketsCame() {
        Way first = wayOf(PathKind::Datagram, 0, 5ms);
        first.atServer = link::PathOptions{PathKind::Datagram, 1, 0, {}};
        LinkPair pair(first);
        pair.run(1s);
        Way second = wayOf(PathKind::Datagram, 1, 20ms);
        second.atServer = link::PathOptions{PathKind::Datagram, 0, 0, {}};
        pair.openPath(kClient, pair.addWay(second));
        pair.run(1s);
        pair.way(0).toServer->delay = pair.way(0).toClient->delay = 60ms;
        for (int i = 0; i < 100; ++i) {
            pair.send(kClient, 1, pattern(100));
            pair.send(kServer, 1, pattern(100));
            pair.run(50ms);
        }
        QCOMPARE(pair.client().preferredPath(), std::optional(link::kFirstPath));
        QVERIFY(pair.server().preferredPath() != std::optional(link::kFirstPath));
        QVERIFY(*pair.client().roundTrip() > 115ms);
        QVERIFY(*pair.server().roundTrip() < 45ms);
    }

    // One connection after the other dies before anything but the challenge got through: there is always a spare id.
    void theChallengeBringsTheIdsItsAnswerNeeds() {
        LinkPair pair(wayOf(PathKind::Reliable, 0));
        pair.run(1s);
        std::size_t alive = 0;
        for (int i = 0; i < 6; ++i) {
            const auto next = pair.addWay(wayOf(PathKind::Reliable, 0));
            cut(pair.way(alive));
            alive = next;
            for (const auto side : {kClient, kServer})
                for (const auto& [path, way] : pair.end(side).wayOf) pair.end(side).link->pathLost(pair.now(), path);
            QVERIFY(pair.openPath(i % 2 ? kClient : kServer, next));
            pair.run(41ms);  // there and back, no more
        }
        pair.send(kClient, 1, toBytes("still here"));
        QVERIFY(pair.drive());
        QCOMPARE(pair.end(kServer).received[1], toBytes("still here"));
    }

    // A path that was only slow comes back into use.
    void aSuspectThatAnswersIsForgiven() {
        LinkPair pair;
        pair.run(1s);
        const auto other = pair.openPath(kClient, pair.addWay(wayOf(PathKind::Datagram, 1)));
        pair.run(5s);
        pair.client().doubtPath(pair.now(), link::kFirstPath);
        QCOMPARE(pair.client().preferredPath(), other);
        pair.flush();
        pair.run(100ms);
        QCOMPARE(pair.client().preferredPath(), std::optional(link::kFirstPath));
    }

    void mediaHasItsOwnOrder() {
        Way tcp = wayOf(PathKind::Reliable, 0);
        tcp.options.mediaRank = 2;
        LinkPair pair(tcp);
        pair.run(1s);
        Way udp = wayOf(PathKind::Datagram, 1);
        udp.options.mediaRank = 0;
        const auto path = pair.openPath(kClient, pair.addWay(udp));
        pair.run(1s);
        QCOMPARE(pair.client().preferredPath(), std::optional(link::kFirstPath));
        QCOMPARE(pair.client().mediaPath(), path);
    }

    // A socket that takes nothing more gets nothing more.
    void aBackedUpSocketHoldsDataBack() {
        LinkPair pair(wayOf(PathKind::Reliable, 0));
        pair.run(1s);
        pair.client().setBacklog(pair.now(), link::kFirstPath, 17 * 1024);
        const auto before = pair.client().statistics().bytesSent;
        pair.send(kClient, 1, pattern(300'000));
        QCOMPARE(pair.client().statistics().bytesSent, before);
        pair.client().setBacklog(pair.now(), link::kFirstPath, 0);
        pair.flush();
        const auto sent = pair.client().statistics().bytesSent - before;
        QVERIFY(sent > 100'000);
        QVERIFY(sent < 140'000);
        QVERIFY(pair.drive());
        QCOMPARE(pair.end(kServer).received[1].size(), std::size_t(300'000));
    }

    void goodbyeIsHeard() {
        LinkPair pair;
        pair.run(1s);
        pair.client().close(pair.now(), Fault::Busy);
        pair.flush();
        QVERIFY(pair.client().isClosed());
        QVERIFY(!pair.client().isFinished());
        QVERIFY(!pair.send(kClient, 1, toBytes("x")));
        pair.run(5s);
        QVERIFY(pair.client().isFinished());
        const auto heard = pair.end(kServer).all<link::Closed>();
        QCOMPARE(heard.size(), std::size_t(1));
        QCOMPARE(heard[0].reason, Fault::Busy);
        QVERIFY(heard[0].byPeer);
        QVERIFY(pair.nextEvent() == kNever);
    }

    void aLostGoodbyeIsRepeatedToWhoeverGoesOnTalking() {
        LinkPair pair;
        pair.run(1s);
        pair.way(0).toServer->isCut = true;
        pair.client().close(pair.now(), Fault::Busy);
        pair.flush();
        pair.way(0).toServer->isCut = false;
        pair.send(kServer, 1, toBytes("are you there?"));
        pair.run(1s);
        QCOMPARE(pair.end(kServer).all<link::Closed>().size(), std::size_t(1));
    }
};

KITH_TEST(PathTest);

#include "path_test.moc"
