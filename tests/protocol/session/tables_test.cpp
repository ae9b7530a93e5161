// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <rapidcheck.h>

#include <QTest>

#include "protocol/session/commandcutter.h"
#include "protocol/session/expectations.h"
#include "protocol/session/pathindex.h"
#include "protocol/session/recentids.h"
#include "protocol/session/wakeheap.h"
#include "tests/support/seededrandom.h"
#include "tests/support/testmain.h"
#include "tests/support/transportworld.h"

using namespace kith;
using namespace kith::session;
using namespace std::chrono_literals;

namespace {

Now nowAt(Duration time) {
    return {Instant{} + time, {}};
}
ChannelId channel(std::uint8_t value) {
    ChannelId out;
    out.bytes.fill(std::byte{value});
    return out;
}

}  // namespace

class TablesTest : public QObject {
    Q_OBJECT

private slots:
    void commandsComeOutWholeHoweverTheyWereCut() {
        QVERIFY(rc::check("any cut", [](const std::vector<std::uint16_t>& sizes) {
            std::vector<Bytes> sent;
            Bytes stream;
            for (const auto size : sizes) {
                sent.push_back(test::textCommand(std::string(size % 3000, 'x')));
                append(stream, sent.back());
            }
            CommandCutter cutter;
            std::vector<Bytes> received;
            const std::size_t piece = *rc::gen::inRange<std::size_t>(1, 1200);
            for (std::size_t at = 0; at < stream.size(); at += piece)
                RC_ASSERT(
                    cutter
                        .feed(Stream::Chat, ByteView(stream).subspan(at, std::min(piece, stream.size() - at)), received)
                        .has_value());
            RC_ASSERT(received == sent);
        }));
    }

    void streamsAreCutEachForItself() {
        CommandCutter cutter;
        std::vector<Bytes> out;
        const Bytes a = test::textCommand("for the chat");
        const Bytes b = test::textCommand("for the call");
        QVERIFY(cutter.feed(Stream::Chat, ByteView(a).first(5), out));
        QVERIFY(cutter.feed(Stream::Call, b, out));
        QVERIFY(cutter.feed(Stream::Chat, ByteView(a).subspan(5), out));
        QCOMPARE(out, (std::vector{b, a}));
    }

    void whatAnnouncesTooMuchIsAnError() {
        CommandCutter cutter;
        std::vector<Bytes> out;
        QVERIFY(!cutter.feed(Stream::Chat, *fromHex("ffffffff0f10"), out));
    }

    void expectationsEndAndGiveWay() {
        Expectations expectations;
        expectations.add(nowAt(1s), {1, channel(1)}, {});
        QVERIFY(expectations.find(nowAt(30s), {1, channel(1)}) != nullptr);
        QVERIFY(expectations.find(nowAt(30s), {2, channel(1)}) == nullptr);
        QVERIFY(expectations.find(nowAt(31s), {1, channel(1)}) == nullptr);
        for (std::size_t i = 0; i < Expectations::kMost; ++i)
            expectations.add(nowAt(2s), {5, channel(static_cast<std::uint8_t>(i + 2))}, {});
        QVERIFY(expectations.find(nowAt(3s), {1, channel(1)}) == nullptr);
        QVERIFY(expectations.find(nowAt(3s), {5, channel(2)}) != nullptr);
        expectations.removeVia(5);
        QCOMPARE(expectations.nextWake(), kNever);
    }

    void recentIdsAreForgottenInTime() {
        test::SeededRandom random;
        RecentIds recent;
        const auto first = link::LinkId::random(random);
        recent.add(nowAt(1s).at, first);
        QVERIFY(recent.contains(first));
        recent.wake(nowAt(1s + RecentIds::kLife - 1ms).at);
        QVERIFY(recent.contains(first));
        recent.wake(nowAt(1s + RecentIds::kLife).at);
        QVERIFY(!recent.contains(first));
        recent.add(nowAt(1s).at, first);
        for (std::size_t i = 0; i < RecentIds::kMost; ++i) recent.add(nowAt(1s).at, link::LinkId::random(random));
        QVERIFY(!recent.contains(first));
    }

    void pathsKnowTheirLinks() {
        PathIndex index;
        const Path udp = UdpPath{Endpoint::parse("1.2.3.4:5").value()};
        const Path relayed = ChannelPath{7, channel(1)};
        index.add(udp, 1);
        index.add(udp, 2);
        index.add(udp, 1);
        index.add(relayed, 3);
        QCOMPARE(index.linksOn(udp).size(), std::size_t(2));
        QCOMPARE(index.channelsVia(7), (std::vector<ChannelPath>{{7, channel(1)}}));
        index.remove(udp, 1);
        QCOMPARE(index.linksOn(udp).front(), LinkNumber(2));
        index.remove(relayed, 3);
        QVERIFY(index.linksOn(relayed).empty());
        QVERIFY(index.channelsVia(7).empty());
    }

    void theHeapGivesTheEarliest() {
        QVERIFY(rc::check("sorted", [](const std::vector<std::int32_t>& times) {
            WakeHeap heap;
            std::vector<Instant> sorted;
            LinkNumber number = 0;
            for (const auto time : times) {
                sorted.push_back(Instant{} + std::chrono::milliseconds(time));
                heap.push(sorted.back(), ++number);
            }
            std::sort(sorted.begin(), sorted.end());
            for (const Instant expected : sorted) {
                RC_ASSERT(heap.next() == expected);
                RC_ASSERT(heap.pop().at == expected);
            }
            RC_ASSERT(heap.next() == kNever);
        }));
    }
};

KITH_TEST(TablesTest);
#include "tables_test.moc"
