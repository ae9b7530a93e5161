// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <rapidcheck.h>

#include <QTest>

#include "protocol/session/tcpcarrier.h"
#include "tests/support/seededrandom.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::session;
using namespace std::chrono_literals;
using Importance = TcpCarrier::Importance;

namespace {

Now nowAt(Duration time) {
    return {Instant{} + time, {}};
}

/// Two carriers that are up.
struct Two {
    Two() {
        opener.start(nowAt(0s), random);
        deliver(opener, acceptor);
        deliver(acceptor, opener);
    }
    /// The frames that come out at the other end.
    std::vector<Bytes> deliver(TcpCarrier& from, TcpCarrier& to, std::size_t pieces = 1 << 16) {
        std::vector<Bytes> frames;
        const Bytes stream = from.takeWrites();
        for (std::size_t at = 0; at < stream.size(); at += pieces) {
            const auto plain =
                to.receive(nowAt(0s), ByteView(stream).subspan(at, std::min(pieces, stream.size() - at)), random);
            if (!plain) return frames;
            to.feed(*plain);
            for (auto frame = to.nextFrame(); frame && *frame; frame = to.nextFrame())
                frames.push_back(toBytes(**frame));
        }
        return frames;
    }

    test::SeededRandom random;
    wire::SeedObfuscation obfuscation;
    TcpCarrier opener{obfuscation, wire::TcpEnd::Opener};
    TcpCarrier acceptor{obfuscation, wire::TcpEnd::Acceptor};
};

}  // namespace

class TcpCarrierTest : public QObject {
    Q_OBJECT

private slots:
    void framesArriveHoweverTheStreamIsCut() {
        QVERIFY(rc::check("any cut", [] {
            Two two;
            RC_ASSERT(two.opener.isReady() && two.acceptor.isReady());
            const auto sizes = *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(3, 1300));
            std::vector<Bytes> sent;
            for (const std::size_t size : sizes) {
                sent.push_back(two.random.bytes<3>().size() == 3 ? Bytes(size, std::byte{0x5a}) : Bytes{});
                two.opener.send(nowAt(1s), sent.back(), Importance::Lasting);
            }
            RC_ASSERT(two.deliver(two.opener, two.acceptor, *rc::gen::inRange<std::size_t>(1, 2000)) == sent);
        }));
    }

    void whoIsConnectedToSpeaksSecond() {
        test::SeededRandom random;
        wire::SeedObfuscation obfuscation;
        TcpCarrier acceptor(obfuscation, wire::TcpEnd::Acceptor);
        QVERIFY(acceptor.receive(nowAt(0s), Bytes(13), random));
        QVERIFY(!acceptor.hasWrites());
        QVERIFY(!acceptor.receive(nowAt(0s), Bytes(1), random));
        QVERIFY(!acceptor.hasWrites());
    }

    void anInitPacketSentBackIsNoAnswer() {
        test::SeededRandom random;
        wire::SeedObfuscation obfuscation;
        TcpCarrier opener(obfuscation, wire::TcpEnd::Opener);
        opener.start(nowAt(0s), random);
        QVERIFY(!opener.receive(nowAt(0s), opener.takeWrites(), random));
    }

    void timelyFramesWaitShortlyAndThenGo() {
        Two two;
        const Bytes media(500, std::byte{1});
        const Bytes lasting(500, std::byte{2});
        // The socket is full.
        for (int i = 0; i < 40; ++i) two.opener.send(nowAt(1s), lasting, Importance::Lasting);
        two.deliver(two.opener, two.acceptor);
        two.opener.send(nowAt(1s), media, Importance::Timely);
        two.opener.send(nowAt(1s + 30ms), media, Importance::Timely);
        QVERIFY(!two.opener.hasWrites());
        QCOMPARE(two.opener.nextWake(), Instant{} + 1s + 60ms);
        // It took everything: what waited goes, as long as it is worth something.
        two.opener.reported(nowAt(1s + 70ms), 0);
        QCOMPARE(two.deliver(two.opener, two.acceptor), std::vector<Bytes>{media});
        QCOMPARE(two.opener.dropped(), std::uint64_t(1));
        QCOMPARE(two.opener.nextWake(), kNever);
    }

    void aFullQueueDropsTheOldest() {
        Two two;
        for (int i = 0; i < 40; ++i) two.opener.send(nowAt(1s), Bytes(500), Importance::Lasting);
        two.deliver(two.opener, two.acceptor);
        for (std::uint8_t i = 0; i < 200; ++i)
            two.opener.send(nowAt(1s), Bytes(1000, std::byte{i}), Importance::Timely);
        for (int i = 0; i < 10; ++i) two.opener.reported(nowAt(1s + 10ms), 0);
        const auto frames = two.deliver(two.opener, two.acceptor);
        QVERIFY(frames.size() <= TcpCarrier::kMostQueued / 1000);
        QVERIFY(!frames.empty());
        QVERIFY(frames.front().front() > std::byte{100});
    }

    void theLimitFollowsTheRate() {
        for (const double rate : {50e3, 200e3, 1e6}) {
            TcpBacklog backlog;
            double unsent = 0;
            for (int ms = 0; ms < 2000; ms += 5) {
                unsent = std::max(0.0, unsent - rate * 0.005);
                backlog.reported(Instant{} + std::chrono::milliseconds(ms), static_cast<std::size_t>(unsent));
                while (!backlog.isFull()) {
                    backlog.wrote(Instant{} + std::chrono::milliseconds(ms), 1000);
                    unsent += 1000;
                }
            }
            const double wanted = std::clamp(rate * 0.05, 4096.0, 65536.0);
            QVERIFY2(std::abs(static_cast<double>(backlog.limit()) - wanted) < 0.2 * wanted,
                     qPrintable(QString::number(rate) + " " + QString::number(backlog.limit())));
        }
    }
};

KITH_TEST(TcpCarrierTest);
#include "tcpcarrier_test.moc"
