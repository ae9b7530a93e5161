// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QTest>

#include "tests/support/testmain.h"
#include "tests/support/transportpair.h"

using namespace kith;
using namespace kith::session;
using namespace std::chrono_literals;
using kith::test::textCommand;
using kith::test::TransportPair;

class LossyTest : public QObject {
    Q_OBJECT

private slots:
    void everythingArrivesOnceAndInOrder_data() {
        QTest::addColumn<double>("loss");
        QTest::addColumn<int>("jitter");
        QTest::addColumn<double>("duplication");
        QTest::newRow("loss") << 0.2 << 0 << 0.0;
        QTest::newRow("reordering") << 0.0 << 60 << 0.0;
        QTest::newRow("duplication") << 0.0 << 0 << 0.5;
        QTest::newRow("all") << 0.2 << 60 << 0.2;
    }
    void everythingArrivesOnceAndInOrder() {
        QFETCH(double, loss);
        QFETCH(int, jitter);
        QFETCH(double, duplication);
        for (std::uint64_t seed = 1; seed <= 25; ++seed) {
            TransportPair pair(seed);
            pair.world.loss = loss;
            pair.world.jitter = std::chrono::milliseconds(jitter);
            pair.world.duplication = duplication;
            const auto link = pair.openUdp();
            QVERIFY2(link != 0, qPrintable(QString::number(seed)));
            std::vector<std::string> expected;
            for (int i = 0; i < 30; ++i) {
                expected.push_back(std::to_string(i));
                pair.client.transport.send(pair.world.now(), link, Stream::Chat, textCommand(expected.back()));
                pair.world.run(10ms);
            }
            QVERIFY(pair.world.runUntil(
                [&] { return pair.server.texts(pair.serverLink(), Stream::Chat).size() == expected.size(); }, 20s));
            QCOMPARE(pair.server.texts(pair.serverLink(), Stream::Chat), expected);
            QCOMPARE(pair.client.count<LinkOpened>(), std::size_t(1));
            QCOMPARE(pair.server.count<LinkOpened>(), std::size_t(1));
        }
    }

    // Flights are sent twice: one lost datagram in five costs hardly ever a time-out.
    void handshakesAreQuickInSpiteOfLoss() {
        int slow = 0;
        for (std::uint64_t seed = 1; seed <= 100; ++seed) {
            TransportPair pair(seed);
            pair.client.transport.probe(pair.world.now(), pair.server.address);
            QVERIFY(pair.world.runUntil([&] { return pair.client.count<ProbeAccepted>() > 0; }));
            pair.world.loss = 0.2;
            const Instant begun = pair.world.now().at;
            QVERIFY(pair.open(Role::Node, UdpPath{pair.server.address}) != 0);
            if (pair.world.now().at - begun > 150ms) ++slow;
        }
        qInfo("%d of 100 needed a time-out", slow);
        QVERIFY(slow < 35);
    }

    void theSameSeedIsTheSameStory() {
        const auto story = [](std::uint64_t seed) {
            TransportPair pair(seed);
            pair.world.loss = 0.1;
            pair.world.jitter = 30ms;
            const auto link = pair.openUdp();
            pair.client.transport.send(pair.world.now(), link, Stream::Chat, textCommand("hello"));
            pair.world.run(30s);
            return std::tuple{link, pair.client.datagramsSent, pair.server.datagramsSent, pair.client.events.size(),
                              pair.server.events.size()};
        };
        QCOMPARE(story(5), story(5));
    }
};

KITH_TEST(LossyTest);
#include "lossy_test.moc"
