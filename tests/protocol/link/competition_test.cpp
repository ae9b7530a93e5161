// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QTest>

#include "tests/support/linkpair.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::test;
using namespace std::chrono_literals;

namespace {

constexpr auto kClient = LinkPair::Client;
constexpr auto kServer = LinkPair::Server;
constexpr double kRate = 250'000;  // bytes a second, 2 Mbit/s

/// Links whose packets to the server share one queue.
class Bottleneck {
public:
    explicit Bottleneck(const std::vector<Duration>& delays) {
        auto shared = std::make_shared<Wire>();
        shared->delay = 0ms;
        shared->bytesPerSecond = kRate;
        shared->queueBytes = 25'000;  // 100 ms
        for (std::size_t i = 0; i < delays.size(); ++i) {
            Way way;
            way.toServer = shared;
            way.toClient->delay = delays[i];
            m_pairs.push_back(std::make_unique<LinkPair>(way, i + 1));
        }
    }

    /// Every link has something to send all the time; gives what each delivered.
    std::vector<std::size_t> run(Duration span) {
        std::vector<std::size_t> before;
        for (const auto& pair : m_pairs) before.push_back(pair->end(kServer).received[1].size());
        const Instant until = m_now + span;
        while (true) {
            LinkPair* next = nullptr;
            for (const auto& pair : m_pairs) {
                top(*pair);
                if (!next || pair->nextEvent() < next->nextEvent()) next = pair.get();
            }
            if (next->nextEvent() > until) break;
            next->step();
            m_now = next->now().at;
        }
        m_now = until;
        std::vector<std::size_t> delivered;
        for (std::size_t i = 0; i < m_pairs.size(); ++i)
            delivered.push_back(m_pairs[i]->end(kServer).received[1].size() - before[i]);
        return delivered;
    }

private:
    static void top(LinkPair& pair) {
        static const Bytes block = pattern(100'000);
        if (pair.client().backlog() < 300'000) pair.send(kClient, 1, block);
    }

    std::vector<std::unique_ptr<LinkPair>> m_pairs;
    Instant m_now{1h};
};

double jain(const std::vector<std::size_t>& shares) {
    double sum = 0;
    double squares = 0;
    for (const auto share : shares) {
        sum += static_cast<double>(share);
        squares += static_cast<double>(share) * static_cast<double>(share);
    }
    return sum * sum / (static_cast<double>(shares.size()) * squares);
}

double utilisation(const std::vector<std::size_t>& shares, Duration span) {
    double sum = 0;
    for (const auto share : shares) sum += static_cast<double>(share);
    return sum / (kRate * std::chrono::duration<double>(span).count());
}

}  // namespace

/// Several links over one bottleneck of 2 Mbit/s with a queue of 100 ms, in virtual time.
class CompetitionTest : public QObject {
    Q_OBJECT

private slots:
    void oneLinkFillsTheBottleneck() {
        Bottleneck bottleneck({40ms});
        bottleneck.run(10s);
        const auto shares = bottleneck.run(60s);
        qInfo("utilisation %.3f", utilisation(shares, 60s));
        QVERIFY(utilisation(shares, 60s) > 0.85);
    }

    void twoLinksShareIt() {
        Bottleneck bottleneck({40ms, 40ms});
        bottleneck.run(20s);
        const auto shares = bottleneck.run(120s);
        qInfo("Jain %.3f, utilisation %.3f", jain(shares), utilisation(shares, 120s));
        QVERIFY(jain(shares) > 0.9);
        QVERIFY(utilisation(shares, 120s) > 0.8);
    }

    // NewReno favours the shorter way; nobody starves.
    void differentRoundTrips() {
        Bottleneck bottleneck({20ms, 60ms});
        bottleneck.run(20s);
        const auto shares = bottleneck.run(120s);
        qInfo("Jain %.3f, utilisation %.3f", jain(shares), utilisation(shares, 120s));
        QVERIFY(jain(shares) > 0.7);
        QVERIFY(utilisation(shares, 120s) > 0.8);
    }

    void fiveLinksShareIt() {
        Bottleneck bottleneck({40ms, 40ms, 40ms, 40ms, 40ms});
        bottleneck.run(30s);
        const auto shares = bottleneck.run(120s);
        qInfo("Jain %.3f, utilisation %.3f", jain(shares), utilisation(shares, 120s));
        QVERIFY(jain(shares) > 0.9);
        QVERIFY(utilisation(shares, 120s) > 0.8);
    }

    // Goodput over what the wire takes, at a loss that has nothing to do with congestion.
    void randomLossCostsThroughputButNotData_data() {
        QTest::addColumn<double>("loss");
        QTest::addColumn<double>(
            "atLeast");  // bytes a second at 40 ms round trip: 1.22 * 1200 / (0.04 * sqrt(loss)), halved
        QTest::newRow("0.1 %") << 0.001 << 200'000.0;
        QTest::newRow("1 %") << 0.01 << 120'000.0;
        QTest::newRow("5 %") << 0.05 << 50'000.0;
    }
    void randomLossCostsThroughputButNotData() {
        QFETCH(double, loss);
        QFETCH(double, atLeast);
        Wire wire;
        wire.loss = loss;
        LinkPair pair(Way::with(wire));
        const Bytes all = pattern(1'000'000);
        const Instant start = pair.now().at;
        pair.send(kClient, 1, all);
        while (pair.client().backlog() > 0) QVERIFY(pair.step());
        const double seconds = std::chrono::duration<double>(pair.now().at - start).count();
        qInfo("%.0f kB/s", 1000.0 / seconds);
        QVERIFY(pair.end(kServer).received[1] == all);
        QVERIFY(1e6 / seconds > atLeast);
    }
};

KITH_TEST(CompetitionTest);

#include "competition_test.moc"
