// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <rapidcheck.h>

#include <QTest>

#include "protocol/session/tlsstream.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::session;

namespace {

Bytes counting(std::size_t size) {
    Bytes out(size);
    for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::byte>(i * 7 + i / 256);
    return out;
}

}  // namespace

class TlsStreamTest : public QObject {
    Q_OBJECT

private slots:
    void rangesMelt() {
        RangeSet set;
        QVERIFY(set.add({10, 20}));
        QVERIFY(set.add({30, 40}));
        QVERIFY(set.add({20, 30}));
        QCOMPARE(set.ranges(), (std::vector<ByteRange>{{10, 40}}));
        QVERIFY(set.add({0, 5}));
        QVERIFY(set.covers({12, 40}));
        QVERIFY(!set.covers({4, 11}));
        QVERIFY(set.add({3, 50}));
        QCOMPARE(set.ranges(), (std::vector<ByteRange>{{0, 50}}));
    }

    void aRangeSetIsASetOfNumbers() {
        QVERIFY(rc::check("as a set of bools", [](const std::vector<std::pair<std::uint8_t, std::uint8_t>>& added) {
            RangeSet set;
            std::array<bool, 600> model{};
            for (const auto& [begin, size] : added) {
                const ByteRange range{begin, begin + static_cast<std::uint32_t>(size)};
                if (!set.add(range)) continue;
                for (std::uint32_t i = range.begin; i < range.end; ++i) model[i] = true;
            }
            RC_ASSERT(set.ranges().size() <= RangeSet::kMost);
            for (std::uint32_t i = 0; i < model.size(); ++i) RC_ASSERT(set.covers({i, i + 1}) == model[i]);
            for (std::size_t i = 1; i < set.ranges().size(); ++i)
                RC_ASSERT(set.ranges()[i - 1].end < set.ranges()[i].begin);
        }));
    }

    void anyOrderOfPartsGivesTheStream() {
        QVERIFY(rc::check("parts in any order, doubled", [] {
            const std::size_t size = *rc::gen::inRange<std::size_t>(0, 5000);
            const Bytes stream = counting(size);
            TlsIncoming incoming;
            Bytes out;
            // Until it is complete; a part may be refused for a while when there are too many gaps.
            for (int tries = 0; out.size() < size && tries < 10'000; ++tries) {
                const auto begin = *rc::gen::resize(1000, rc::gen::inRange<std::size_t>(0, size));
                const auto length = *rc::gen::resize(1000, rc::gen::inRange<std::size_t>(1, 1000));
                incoming.add(static_cast<std::uint32_t>(begin),
                             ByteView(stream).subspan(begin, std::min(length, size - begin)));
                append(out, incoming.takeInOrder());
                RC_ASSERT(incoming.received().size() <= RangeSet::kMost);
            }
            RC_ASSERT(std::equal(out.begin(), out.end(), stream.begin()));
        }));
    }

    void whatIsTakenDoesNotChange() {
        TlsIncoming incoming;
        QVERIFY(incoming.add(0, counting(10)));
        QCOMPARE(toBytes(incoming.takeInOrder()), counting(10));
        // Overlaps with other bytes: only what is beyond is new.
        QVERIFY(incoming.add(5, Bytes(10, std::byte{0xee})));
        QCOMPARE(toBytes(incoming.takeInOrder()), Bytes(5, std::byte{0xee}));
        QVERIFY(!incoming.add(0, counting(15)));
        QVERIFY(incoming.takeInOrder().empty());
    }

    void whatIsBeyondTheBoundsIsRefused() {
        TlsIncoming incoming;
        QVERIFY(!incoming.add(static_cast<std::uint32_t>(TlsIncoming::kMostBytes), counting(1)));
        QVERIFY(!incoming.add(0xffffffffU, counting(10)));
        QVERIFY(!incoming.add(1, counting(TlsIncoming::kMostBytes)));
        QVERIFY(incoming.add(0, counting(TlsIncoming::kMostBytes)));
        TlsIncoming gaps;
        for (std::uint32_t i = 0; i < RangeSet::kMost; ++i) QVERIFY(gaps.add(i * 10 + 5, counting(2)));
        QVERIFY(!gaps.add(500, counting(2)));
        QVERIFY(gaps.add(0, counting(7)));
    }

    void whatIsNotAcknowledgedIsSentAgain() {
        TlsOutgoing outgoing;
        outgoing.append(counting(2500));
        QCOMPARE(outgoing.unacknowledged(0, 1000), (ByteRange{0, 1000}));
        outgoing.acknowledge({500, 1500});
        QCOMPARE(outgoing.unacknowledged(0, 1000), (ByteRange{0, 500}));
        QCOMPARE(outgoing.unacknowledged(500, 1000), (ByteRange{1500, 2500}));
        outgoing.acknowledge({0, 0xffffffffU});
        QVERIFY(outgoing.isAcknowledged());
        QCOMPARE(outgoing.unacknowledged(0, 1000).begin, outgoing.unacknowledged(0, 1000).end);
        outgoing.append(counting(10));
        // What was acknowledged before it existed is not.
        QVERIFY(!outgoing.isAcknowledged());
        QCOMPARE(outgoing.unacknowledged(0, 1000), (ByteRange{2500, 2510}));
    }
};

KITH_TEST(TlsStreamTest);
#include "tlsstream_test.moc"
