// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <rapidcheck.h>

#include <QTest>

#include "protocol/link/challenge.h"
#include "protocol/link/linkids.h"
#include "protocol/link/receivestream.h"
#include "protocol/link/sendstream.h"
#include "tests/support/linkpair.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::link;
using namespace kith::test;
using namespace std::chrono_literals;

namespace {

constexpr Instant kStart{1h};
constexpr std::uint64_t kPlenty = UINT64_MAX;
constexpr std::size_t kRoom = 1100;

/// Takes what may be sent now: offset and size of each piece.
std::vector<Range> sendAll(SendStream& stream, Instant now = kStart, std::size_t room = kRoom) {
    std::vector<Range> sent;
    while (const auto piece = stream.peek(room, kPlenty)) {
        sent.push_back({piece->offset, piece->offset + piece->bytes.size()});
        stream.onSent(now, piece->offset, piece->bytes.size());
    }
    return sent;
}

using Ranges = std::vector<Range>;

}  // namespace

/// Both sides of a stream, each by itself.
class BuffersTest : public QObject {
    Q_OBJECT

private slots:
    void freshBytesGoOutOnce() {
        SendStream stream;
        QVERIFY(!stream.peek(kRoom, kPlenty));
        stream.append(toBytes("hello"), false);
        QCOMPARE(toBytes(stream.peek(kRoom, kPlenty)->bytes), toBytes("hello"));
        QCOMPARE(sendAll(stream), (Ranges{{0, 5}}));
        QVERIFY(!stream.peek(kRoom, kPlenty));
        QCOMPARE(stream.kept(), std::size_t(5));
        stream.onAcked({0, 5});
        QCOMPARE(stream.kept(), std::size_t(0));
    }

    void lostBytesGoFirst() {
        SendStream stream;
        stream.append(pattern(100), false);
        sendAll(stream);
        stream.append(pattern(50), false);
        stream.onLost({20, 40});
        const auto piece = stream.peek(kRoom, kPlenty);
        QVERIFY(!piece->isFresh);
        QVERIFY(std::equal(piece->bytes.begin(), piece->bytes.end(), pattern(100).begin() + 20));
        QCOMPARE(sendAll(stream), (Ranges{{20, 40}, {100, 150}}));
    }

    // An ack may come after the loss was declared, and the other way round.
    void acknowledgedBytesAreNeverLost() {
        SendStream stream;
        stream.append(pattern(100), false);
        sendAll(stream);
        stream.onAcked({20, 40});
        stream.onLost({10, 50});
        QCOMPARE(sendAll(stream), (Ranges{{10, 20}, {40, 50}}));
        stream.onLost({0, 100});
        stream.onAcked({0, 60});
        QCOMPARE(sendAll(stream), (Ranges{{60, 100}}));
        stream.onAcked({60, 100});
        stream.onLost({0, 100});
        QVERIFY(!stream.hasLost());
    }

    void creditBoundsFreshBytes() {
        SendStream stream;
        stream.append(pattern(kStreamCredit + 1000), false);
        QCOMPARE(sendAll(stream).back().end, kStreamCredit);
        stream.grant(kStreamCredit - 1);
        QVERIFY(!stream.hasFresh());
        stream.grant(kStreamCredit + 10);
        QCOMPARE(sendAll(stream), (Ranges{{kStreamCredit, kStreamCredit + 10}}));
        QVERIFY(!stream.peek(kRoom, 0));
        stream.onLost({0, 10});
        QVERIFY(stream.peek(kRoom, 0));  // lost bytes need no credit
    }

    void aSecondCopyIsDueFifteenMillisecondsAfterTheLastByteWentOut() {
        SendStream stream;
        stream.append(pattern(1500), true);
        QVERIFY(stream.nextRepeat() == kNever);
        const auto first = stream.peek(kRoom, kPlenty);
        stream.onSent(kStart, first->offset, first->bytes.size());
        QVERIFY(stream.nextRepeat() == kNever);
        sendAll(stream, kStart + 5ms);
        QVERIFY(stream.nextRepeat() == kStart + 20ms);
        stream.repeatDue(kStart + 19ms);
        QVERIFY(!stream.hasLost());
        stream.onAcked({0, 1000});
        stream.repeatDue(kStart + 20ms);
        QCOMPARE(sendAll(stream), (Ranges{{1000, 1500}}));
        QVERIFY(stream.nextRepeat() == kNever);
    }

    // Any order of sending, losing and acknowledging: what is acknowledged in the end is everything.
    void everythingIsSentUntilItIsAcknowledged() {
        QVERIFY(rc::check([] {
            SendStream stream;
            const Bytes all = pattern(*rc::gen::inRange<std::size_t>(1, 5000));
            Bytes arrived(all.size());
            std::size_t appended = 0;
            std::vector<Range> flying;
            for (int step = 0; step < 300; ++step) {
                const auto what = *rc::gen::inRange(0, 4);
                if (what == 0 && appended < all.size()) {
                    const std::size_t size = std::min<std::size_t>(all.size() - appended, 700);
                    stream.append(ByteView(all).subspan(appended, size), false);
                    appended += size;
                } else if (const auto piece = stream.peek(*rc::gen::inRange<std::size_t>(10, 1100), kPlenty);
                           piece && what == 1) {
                    std::copy(piece->bytes.begin(), piece->bytes.end(),
                              arrived.begin() + static_cast<std::ptrdiff_t>(piece->offset));
                    flying.push_back({piece->offset, piece->offset + piece->bytes.size()});
                    stream.onSent(kStart, piece->offset, piece->bytes.size());
                } else if (!flying.empty()) {
                    const auto index = *rc::gen::inRange<std::size_t>(0, flying.size());
                    const Range range = flying[index];
                    if (what == 2)
                        stream.onLost(range);
                    else
                        stream.onAcked(range);
                    flying.erase(flying.begin() + static_cast<std::ptrdiff_t>(index));
                }
            }
            for (const Range& range : flying) stream.onLost(range);
            while (appended < all.size() || stream.kept() > 0) {
                if (appended < all.size()) stream.append(ByteView(all).subspan(appended), false), appended = all.size();
                const auto piece = stream.peek(kRoom, kPlenty);
                RC_ASSERT(piece.has_value());
                std::copy(piece->bytes.begin(), piece->bytes.end(),
                          arrived.begin() + static_cast<std::ptrdiff_t>(piece->offset));
                const Range range{piece->offset, piece->offset + piece->bytes.size()};
                stream.onSent(kStart, range.first, piece->bytes.size());
                stream.onAcked(range);
            }
            RC_ASSERT(arrived == all);
        }));
    }

    // Pieces in any order, overlapping, more than once.
    void anyPiecesGiveTheStream() {
        QVERIFY(rc::check([] {
            const Bytes all = pattern(*rc::gen::inRange<std::size_t>(1, 3000));
            ReceiveStream stream;
            Bytes out;
            for (int i = 0; i < 60; ++i) {
                const auto first = *rc::gen::inRange<std::size_t>(0, all.size());
                const auto size = *rc::gen::inRange<std::size_t>(1, all.size() - first + 1);
                RC_ASSERT(stream.receive(first, ByteView(all).subspan(first, size), out) ==
                          ReceiveStream::Verdict::Taken);
                RC_ASSERT(out.size() == stream.delivered());
                RC_ASSERT(stream.highest() >= stream.delivered());
            }
            stream.receive(0, all, out);
            RC_ASSERT(out == all);
            RC_ASSERT(stream.highest() == all.size());
        }));
    }

    void piecesAreBounded() {
        ReceiveStream stream;
        Bytes out;
        for (std::uint64_t i = 0; i < ReceiveStream::kMaxPieces; ++i)
            QVERIFY(stream.receive(1 + 2 * i, toBytes("x"), out) == ReceiveStream::Verdict::Taken);
        QVERIFY(stream.receive(5001, toBytes("x"), out) == ReceiveStream::Verdict::TooManyPieces);
        QVERIFY(stream.receive(0, toBytes("x"), out) == ReceiveStream::Verdict::Taken);
        QCOMPARE(out, toBytes("xx"));
        QVERIFY(stream.receive(5001, toBytes("x"), out) == ReceiveStream::Verdict::Taken);
    }

    void creditIsKeptAndRenewed() {
        ReceiveStream stream;
        Bytes out;
        QVERIFY(stream.receive(kStreamCredit - 1, toBytes("x"), out) == ReceiveStream::Verdict::Taken);
        QVERIFY(stream.receive(kStreamCredit, toBytes("x"), out) == ReceiveStream::Verdict::BeyondCredit);
        QVERIFY(!stream.wantsToGrant());
        stream.receive(0, Bytes(kStreamCredit / 2 + 1), out);
        QVERIFY(stream.wantsToGrant());
        QCOMPARE(stream.grant(), kStreamCredit + kStreamCredit / 2 + 1);
        QVERIFY(stream.receive(kStreamCredit, toBytes("x"), out) == ReceiveStream::Verdict::Taken);
    }

    void twoSpareIdsAreOutAtATime() {
        SeededRandom random;
        OurIds ids(LinkId::random(random));
        while (ids.issue(random)) continue;
        QCOMPARE(ids.all().size(), std::size_t(1 + OurIds::kSpare));
        const auto told = ids.takeUntold();
        QVERIFY(told && told->sequence == 1);
        QVERIFY(ids.takeUntold());
        QVERIFY(!ids.hasUntold());
        ids.tellAgain(1);
        QVERIFY(ids.takeUntold()->id == told->id);
        ids.markUsed(1);
        QVERIFY(ids.issue(random));
        QVERIFY(!ids.issue(random));
        QVERIFY(ids.retire(1) == told->id);
        QVERIFY(!ids.retire(1));
        ids.tellAgain(1);  // its loss is told late
        QVERIFY(ids.takeUntold()->sequence == 3);
        QVERIFY(!ids.takeUntold());
    }

    void theirIdsAreTakenOnceInAnyOrder() {
        TheirIds ids;
        QVERIFY(ids.add({2, {}}));
        QVERIFY(ids.add({1, {}}));
        QVERIFY(ids.add({2, {}}));
        QVERIFY(ids.takeSpare()->sequence == 1);
        QVERIFY(ids.takeSpare()->sequence == 2);
        QVERIFY(!ids.takeSpare());
        QVERIFY(ids.add({1, {}}));
        QVERIFY(!ids.hasSpare());
    }

    void aChallengeIsAskedFourTimesAtGrowingIntervals() {
        SeededRandom random;
        Challenge challenge;
        challenge.start(kStart, 100ms, random);
        Instant now = kStart;
        for (const Duration wait : {100ms, 200ms, 400ms, 800ms}) {
            QVERIFY(challenge.isDue(now) && !challenge.hasFailed(now));
            challenge.onSent(now);
            QVERIFY(!challenge.isDue(now));
            now += wait;
            QVERIFY(challenge.nextWake() == now);
        }
        QVERIFY(!challenge.isDue(now) && challenge.hasFailed(now));
    }

    void onlyTheRightAnswerCounts() {
        SeededRandom random;
        Challenge challenge;
        challenge.start(kStart, 100ms, random);
        QVERIFY(!challenge.answered(challenge.data()));  // was never sent
        challenge.onSent(kStart);
        auto wrong = challenge.data();
        wrong[7] ^= std::byte{1};
        QVERIFY(!challenge.answered(wrong));
        QVERIFY(challenge.answered(challenge.data()));
        QVERIFY(challenge.roundTrip(kStart + 30ms) == Duration(30ms));
        QVERIFY(!challenge.answered(challenge.data()));
        challenge.start(kStart, 100ms, random);
        challenge.onSent(kStart);
        challenge.onSent(kStart + 100ms);
        QVERIFY(challenge.answered(challenge.data()));
        QVERIFY(!challenge.roundTrip(kStart + 130ms));  // of which of the two?
    }
};

KITH_TEST(BuffersTest);

#include "buffers_test.moc"
