// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/overlay/ladder.h"

#include <rapidcheck.h>
#include <QTest>
#include <set>

#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::overlay;
using namespace std::chrono_literals;

namespace {

Endpoint server(int number) {
    return {IpAddress::v4(10, 0, 0, static_cast<std::uint8_t>(number)), 33033};
}

Now at(Duration time) {
    return {Instant{} + time, {}};
}

std::vector<Endpoint> servers(int count) {
    std::vector<Endpoint> out;
    for (int i = 1; i <= count; ++i) out.push_back(server(i));
    return out;
}

/// A ladder, the time, and everything it did so far as text: "0 udp 10.0.0.1:33033".
struct Climb {
    Ladder ladder;
    Duration time{};
    std::vector<std::string> log{};
    std::optional<Ladder::Found> found{};
    std::optional<Ladder::Failed> failed{};

    void note() {
        std::vector<Ladder::Output> outputs;
        ladder.take(outputs);
        for (const auto& output : outputs) {
            if (const auto* it = std::get_if<Ladder::Probe>(&output)) add("udp", it->remote);
            if (const auto* it = std::get_if<Ladder::OpenTcp>(&output)) add("tcp", it->remote);
            if (const auto* it = std::get_if<Ladder::CancelProbe>(&output)) add("-udp", it->remote);
            if (const auto* it = std::get_if<Ladder::CloseTcp>(&output)) add("-tcp", it->remote);
            if (const auto* it = std::get_if<Ladder::Found>(&output)) found = *it;
            if (const auto* it = std::get_if<Ladder::Failed>(&output)) failed = *it;
        }
    }
    void add(const char* what, const Endpoint& remote) {
        log.push_back(std::to_string(time / 1s) + ' ' + what + ' ' + remote.text());
    }
    void start() {
        ladder.start(at(time));
        note();
    }
    /// Wakes the ladder whenever it asks for it until `end`.
    void runTo(Duration end) {
        while (ladder.nextWake() <= Instant{} + end) {
            time = ladder.nextWake().time_since_epoch();
            ladder.wake(at(time));
            note();
        }
        time = end;
    }
    std::size_t count(const std::string& line) const { return static_cast<std::size_t>(std::ranges::count(log, line)); }
};

}  // namespace

class LadderTest : public QObject {
    Q_OBJECT

private slots:
    void silenceClimbsInTheSeedsTimes() {
        Climb climb{Ladder({servers(1), {}, true})};
        climb.start();
        climb.runTo(1h);
        std::vector<std::string> expected;
        for (const int round : {0, 26, 52, 78, 104}) {
            const auto line = [&](int after, const char* what, const char* port) {
                expected.push_back(std::to_string(round + after) + ' ' + what + " 10.0.0.1:" + port);
            };
            line(0, "udp", "33033");
            line(5, "tcp", "33033");
            line(10, "-tcp", "33033");
            line(10, "tcp", "80");
            line(15, "-tcp", "80");
            line(15, "tcp", "443");
            line(20, "-tcp", "443");
            line(20, "-udp", "33033");
        }
        QCOMPARE(climb.log, expected);
        QVERIFY(climb.failed);
        for (const auto& fault : climb.failed->faults) QVERIFY(fault == Fault::TimedOut);
        QCOMPARE(climb.ladder.nextWake(), kNever);
    }

    void eightServersAreTriedAtOnceAndTheNextEightInTheNextRound() {
        Climb climb{Ladder({servers(10), {}, true})};
        climb.start();
        QCOMPARE(climb.log.size(), std::size_t{8});
        QCOMPARE(climb.log.back(), std::string("0 udp 10.0.0.8:33033"));
        climb.log.clear();
        climb.runTo(26s);
        QCOMPARE(climb.count("26 udp 10.0.0.9:33033"), std::size_t{1});
        QCOMPARE(climb.count("26 udp 10.0.0.10:33033"), std::size_t{1});
        QCOMPARE(climb.count("26 udp 10.0.0.6:33033"), std::size_t{1});
        QCOMPARE(climb.count("26 udp 10.0.0.7:33033"), std::size_t{0});
    }

    void anAnswerOverUdpIsFollowedByTcpToTheSameServer() {
        Climb climb{Ladder({servers(3), {}, true})};
        climb.start();
        climb.time = 1s;
        climb.ladder.probeAccepted(at(1s), server(2));
        climb.note();
        QVERIFY(!climb.found);
        QCOMPARE(climb.log.back(), std::string("1 tcp 10.0.0.2:33033"));
        climb.ladder.tcpReady(at(1s), server(2));
        climb.note();
        QVERIFY(climb.found);
        QVERIFY(climb.found->server == server(2) && climb.found->udp && climb.found->rung == Rung::Udp);
        QVERIFY(climb.found->tcp == server(2));
        QCOMPARE(climb.count("1 -udp 10.0.0.1:33033"), std::size_t{1});
        QCOMPARE(climb.count("1 -udp 10.0.0.3:33033"), std::size_t{1});
        QCOMPARE(climb.count("1 -udp 10.0.0.2:33033"), std::size_t{0});
        QCOMPARE(climb.count("1 -tcp 10.0.0.2:33033"), std::size_t{0});
    }

    void withoutTcpAnAnswerIsNotEnough() {
        Climb climb{Ladder({servers(2), {}, true})};
        climb.start();
        climb.ladder.probeAccepted(at(1s), server(1));
        climb.ladder.probeAccepted(at(1s), server(2));
        climb.time = 1s;
        climb.note();
        climb.runTo(20s);
        QVERIFY(!climb.found);
        QCOMPARE(climb.count("6 tcp 10.0.0.1:80"), std::size_t{1});
        QCOMPARE(climb.count("11 tcp 10.0.0.1:443"), std::size_t{1});
        QCOMPARE(climb.count("16 tcp 10.0.0.2:33033"), std::size_t{1});
        climb.ladder.tcpReady(at(17s), server(2));
        climb.note();
        QVERIFY(climb.found && climb.found->server == server(2) && climb.found->udp);
    }

    void whereTcpIsNotNeededAnAnswerIsEnough() {
        Climb climb{Ladder({servers(2), {}, false})};
        climb.start();
        climb.ladder.probeAccepted(at(1s), server(1));
        climb.note();
        QVERIFY(climb.found && !climb.found->tcp && climb.found->udp);
    }

    void aRefusalMovesOnAtOnce() {
        Climb climb{Ladder({servers(2), {}, true})};
        climb.start();
        climb.runTo(6s);
        climb.ladder.tcpFailed(at(6s), server(1), Fault::Refused);
        climb.note();
        QCOMPARE(climb.count("6 tcp 10.0.0.1:80"), std::size_t{0});
        climb.ladder.tcpFailed(at(6s), server(2), Fault::Refused);
        climb.note();
        QCOMPARE(climb.count("6 tcp 10.0.0.1:80"), std::size_t{1});
        QCOMPARE(climb.count("6 tcp 10.0.0.2:80"), std::size_t{1});
    }

    void faultsNameTheRung() {
        Climb climb{Ladder({servers(1), {}, true})};
        climb.start();
        while (!climb.failed) {
            climb.runTo(climb.time + 1s);
            climb.ladder.tcpFailed(at(climb.time), server(1), Fault::Refused);
            climb.ladder.tcpFailed(at(climb.time), {server(1).address, 80}, Fault::Unreachable);
            climb.note();
        }
        QVERIFY(climb.failed->faults[0] == Fault::TimedOut);
        QVERIFY(climb.failed->faults[1] == Fault::Refused);
        QVERIFY(climb.failed->faults[2] == Fault::Unreachable);
        QVERIFY(climb.failed->faults[3] == Fault::TimedOut);
    }

    void theRungThatWorkedLastStartsInParallel() {
        Climb climb{Ladder({servers(1), Rung::Tcp443, true})};
        climb.start();
        QCOMPARE(climb.log, (std::vector<std::string>{"0 udp 10.0.0.1:33033", "0 tcp 10.0.0.1:443"}));
        climb.ladder.tcpReady(at(1s), {server(1).address, 443});
        climb.note();
        QVERIFY(climb.found && climb.found->rung == Rung::Tcp443 && !climb.found->udp);
        QVERIFY(climb.found->server == server(1));
    }

    void aLateAnswerOverUdpStillCounts() {
        Climb climb{Ladder({servers(1), {}, true})};
        climb.start();
        climb.runTo(12s);
        climb.ladder.probeAccepted(at(12s), server(1));
        climb.note();
        climb.ladder.tcpReady(at(13s), server(1));
        climb.note();
        QVERIFY(climb.found && climb.found->udp);
    }

    void redirectsAreFollowedAFewTimesOnly() {
        Climb climb{Ladder({servers(1), {}, true})};
        climb.start();
        auto elsewhere = servers(20);
        climb.ladder.probeRefused(at(1s), server(1), elsewhere);
        climb.time = 1s;
        climb.note();
        QCOMPARE(climb.log.size(), std::size_t{1 + 4});
        climb.ladder.probeRefused(at(1s), server(2), elsewhere);
        climb.note();
        QCOMPARE(climb.log.size(), std::size_t{1 + 4});
    }

    void aRefusedProbeLeadsToTcpWithoutWaiting() {
        Climb climb{Ladder({servers(1), {}, true})};
        climb.start();
        climb.ladder.probeRefused(at(1s), server(1), {});
        climb.time = 1s;
        climb.note();
        QCOMPARE(climb.log.back(), std::string("1 tcp 10.0.0.1:33033"));
    }

    void stoppingCancelsEverything() {
        Climb climb{Ladder({servers(2), Rung::Tcp, true})};
        climb.start();
        climb.log.clear();
        climb.ladder.stop();
        climb.note();
        QCOMPARE(climb.log.size(), std::size_t{4});
        climb.ladder.probeAccepted(at(1s), server(1));
        climb.ladder.tcpReady(at(1s), server(1));
        climb.note();
        QVERIFY(!climb.found);
        QCOMPARE(climb.ladder.nextWake(), kNever);
    }

    /// Whatever the network answers, the climb ends in time, and nothing that it began is left open.
    void everyClimbEndsAndLeavesNothing() {
        QVERIFY(rc::check([](std::vector<std::uint8_t> answers, bool needTcp) {
            Climb climb{Ladder({servers(1 + static_cast<int>(answers.size() % 12)), Rung::Tcp80, needTcp})};
            std::set<Endpoint> probes;
            std::set<Endpoint> connections;
            const auto note = [&] {
                climb.note();
                for (const auto& line : std::exchange(climb.log, {})) {
                    const auto remote = Endpoint::parse(line.substr(line.rfind(' ') + 1)).value();
                    if (line.find(" udp ") != std::string::npos) RC_ASSERT(probes.insert(remote).second);
                    if (line.find(" tcp ") != std::string::npos) RC_ASSERT(connections.insert(remote).second);
                    if (line.find(" -udp ") != std::string::npos) RC_ASSERT(probes.erase(remote) == 1);
                    if (line.find(" -tcp ") != std::string::npos) RC_ASSERT(connections.erase(remote) == 1);
                }
                RC_ASSERT(probes.size() <= Ladder::kAtOnce + 4);
                RC_ASSERT(connections.size() <= 2 * (Ladder::kAtOnce + 4));
            };
            climb.ladder.start(at({}));
            note();
            for (const auto answer : answers) {
                climb.time += std::chrono::milliseconds(answer * 10);
                climb.ladder.wake(at(climb.time));
                note();
                if (!climb.ladder.isClimbing()) break;
                if (answer % 4 == 0 && !connections.empty()) {
                    const auto remote = *connections.begin();
                    connections.erase(remote);
                    climb.ladder.tcpFailed(at(climb.time), remote, Fault::Refused);
                } else if (answer % 4 == 1 && !probes.empty()) {
                    const auto remote = *probes.begin();
                    probes.erase(remote);
                    climb.ladder.probeRefused(at(climb.time), remote, servers(20));
                } else if (answer % 16 == 2 && !probes.empty()) {
                    const auto remote = *probes.begin();
                    probes.erase(remote);
                    climb.ladder.probeAccepted(at(climb.time), remote);
                } else if (answer % 16 == 6 && !connections.empty()) {
                    climb.ladder.tcpReady(at(climb.time), *connections.begin());
                }
                note();
            }
            while (climb.ladder.nextWake() != kNever) {
                climb.time = climb.ladder.nextWake().time_since_epoch();
                climb.ladder.wake(at(climb.time));
                note();
            }
            RC_ASSERT(climb.found.has_value() != climb.failed.has_value());
            RC_ASSERT(probes.empty());
            RC_ASSERT(connections ==
                      (climb.found && climb.found->tcp ? std::set{*climb.found->tcp} : std::set<Endpoint>()));
        }));
    }

    void nobodyToAskFailsAtOnce() {
        Climb climb{Ladder({{}, {}, true})};
        climb.start();
        QVERIFY(climb.failed);
    }
};

KITH_TEST(LadderTest);
#include "ladder_test.moc"
