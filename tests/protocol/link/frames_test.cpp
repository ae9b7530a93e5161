// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <rapidcheck.h>

#include <QTest>

#include "protocol/base/bytewriter.h"
#include "protocol/link/receivednumbers.h"
#include "protocol/link/streamframes.h"
#include "tests/support/linkpair.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::link;

namespace {

template <class F>
F reread(const Bytes& bytes) {
    ByteReader reader(bytes);
    const auto frame = readFrame(reader);
    if (!frame || !reader.atEnd() || !std::holds_alternative<F>(*frame)) qFatal("did not come back");
    return std::get<F>(*frame);
}

template <class F>
F throughTheWire(const F& frame) {
    Bytes out;
    writeFrame(out, frame);
    return reread<F>(out);
}

Result<Frame> read(std::string_view hex) {
    static Bytes bytes;
    bytes = *fromHex(hex);
    ByteReader reader(bytes);
    return readFrame(reader);
}

/// What ReceivedNumbers should say, by the plainest means.
std::vector<Range> toRanges(const std::set<std::uint64_t>& numbers) {
    std::vector<Range> ranges;
    for (const auto n : numbers) {
        if (!ranges.empty() && ranges.back().end == n)
            ++ranges.back().end;
        else
            ranges.push_back({n, n + 1});
    }
    return ranges;
}

}  // namespace

/// The frames inside sealed packets, and the ranges that acks are made of.
class FramesTest : public QObject {
    Q_OBJECT

private slots:
    // The layout, byte by byte.
    void vectors() {
        Bytes out;
        writeFrame(out, PingFrame{});
        AckFrame ack;
        ack.delayMicroseconds = 200;
        ack.list[ack.count++] = {8, 11};
        ack.list[ack.count++] = {2, 5};
        writeFrame(out, ack, 100);
        writeFrame(out, StreamFrame{3, 130, asBytes("hi")});
        writeFrame(out, LinkCreditFrame{300});
        writeFrame(out, StreamCreditFrame{3, 5});
        writeFrame(out, PathChallengeFrame{*toArray<8>(*fromHex("0102030405060708"))});
        writeFrame(out, PathResponseFrame{*toArray<8>(*fromHex("1112131415161718"))});
        writeFrame(out, NewIdFrame{2, LinkId{*toArray<8>(*fromHex("2122232425262728"))}});
        writeFrame(out, RetiredIdFrame{1});
        writeFrame(out, CloseFrame{Fault::Busy});
        writeFrame(out, ResetTokenFrame{2, *toArray<16>(*fromHex("3132333435363738393a3b3c3d3e3f40"))});
        QCOMPARE(toHex(out), std::string("01"
                                         "020ac80101020202"
                                         "03038201026869"
                                         "04ac02"
                                         "050305"
                                         "060102030405060708"
                                         "071112131415161718"
                                         "08022122232425262728"
                                         "0901"
                                         "0a02"
                                         "0b023132333435363738393a3b3c3d3e3f40"));
    }

    void everyFrameComesBack() {
        QVERIFY(rc::check([](std::uint64_t number, std::uint32_t sequence) {
            RC_ASSERT(throughTheWire(LinkCreditFrame{number}).limit == number);
            RC_ASSERT(throughTheWire(StreamCreditFrame{5, number}).limit == number);
            RC_ASSERT(throughTheWire(RetiredIdFrame{sequence}).sequence == sequence);
            RC_ASSERT(throughTheWire(ResetTokenFrame{sequence, {}}).sequence == sequence);
            const Bytes bytes = test::pattern(*rc::gen::inRange<std::size_t>(1, 2000), number);
            const auto offset = number >> 1;
            const StreamFrame stream{7, offset, bytes};
            Bytes out;
            writeFrame(out, stream);
            const auto back = reread<StreamFrame>(out);
            RC_ASSERT(back.stream == 7 && back.offset == offset);
            RC_ASSERT(std::equal(back.bytes.begin(), back.bytes.end(), bytes.begin(), bytes.end()));
        }));
    }

    void acksComeBack() {
        QVERIFY(rc::check([] {
            const auto gaps = *rc::gen::container<std::vector<std::uint16_t>>(rc::gen::inRange<std::uint16_t>(1, 900));
            AckFrame ack;
            ack.delayMicroseconds = *rc::gen::arbitrary<std::uint64_t>();
            std::vector<Range> ascending;
            std::uint64_t at = *rc::gen::inRange<std::uint64_t>(0, 1'000'000);
            for (std::size_t i = 0; i + 1 < gaps.size() && ascending.size() < kMaxAckRanges; i += 2) {
                ascending.push_back({at, at + gaps[i]});
                at += std::uint64_t(gaps[i]) + gaps[i + 1];
            }
            RC_PRE(!ascending.empty());
            for (std::size_t i = ascending.size(); i-- > 0;) ack.list[ack.count++] = ascending[i];
            Bytes out;
            const auto room = *rc::gen::inRange<std::size_t>(32, 400);
            writeFrame(out, ack, room);
            RC_ASSERT(out.size() <= room);
            const auto back = reread<AckFrame>(out);
            RC_ASSERT(back.delayMicroseconds == ack.delayMicroseconds);
            RC_ASSERT(back.count >= 1 && back.count <= ack.count);
            for (std::size_t i = 0; i < back.count; ++i) RC_ASSERT(back.list[i] == ack.list[i]);
            if (room == 399) RC_ASSERT(back.count == ack.count);
        }));
    }

    void aStreamFrameFillsItsRoomExactly() {
        for (std::size_t room = 0; room < 1200; ++room) {
            for (const std::uint64_t offset :
                 {std::uint64_t(0), std::uint64_t(127), std::uint64_t(128), std::uint64_t(1) << 40}) {
                const std::size_t count = streamBytesThatFit(room, offset);
                if (count == 0) {
                    QVERIFY(room < 3 + ByteWriter::varintSize(offset) + 1);
                    continue;
                }
                Bytes out;
                writeFrame(out, StreamFrame{0, offset, test::pattern(count)});
                QVERIFY(out.size() <= room);
                QVERIFY(out.size() + 1 >= room);
            }
        }
    }

    void whatIsWrongIsRefused_data() {
        QTest::addColumn<QString>("hex");
        QTest::addColumn<int>("fault");
        const auto row = [](const char* name, const char* hex, Fault fault) {
            QTest::newRow(name) << QString::fromLatin1(hex) << int(fault);
        };
        row("nothing", "", Fault::Truncated);
        row("unknown type", "0c", Fault::Malformed);
        row("high type", "ff", Fault::Malformed);
        row("ack cut off", "020a", Fault::Truncated);
        row("ack: first range below zero", "020500000600", Fault::Malformed);
        row("ack: gap below zero", "0205000100050000", Fault::Malformed);
        row("ack: second range below zero", "020a0001020008", Fault::Malformed);
        row("ack: too many ranges", "02ffff03002000", Fault::TooLarge);
        row("ack: huge count", "02ffff0300ffffffff0f00", Fault::TooLarge);
        row("ack: largest number of all", "02ffffffffffffffffff01000000", Fault::Malformed);
        row("stream of another number", "0310000161", Fault::Malformed);
        row("stream longer than the packet", "0301000261", Fault::Truncated);
        row("stream without bytes", "03010000", Fault::Truncated);
        row("stream of huge length", "030100ffffffffffffffffff0161", Fault::Truncated);
        row("stream beyond all offsets", "0301ffffffffffffffffff010161", Fault::Malformed);
        row("credit of another stream", "051005", Fault::Malformed);
        row("challenge cut off", "0601020304050607", Fault::Truncated);
        row("id cut off", "080101020304050607", Fault::Truncated);
        row("number not in its shortest form", "048000", Fault::Malformed);
    }
    void whatIsWrongIsRefused() {
        QFETCH(QString, hex);
        QFETCH(int, fault);
        const auto frame = read(hex.toStdString());
        QVERIFY(!frame);
        QCOMPARE(int(frame.error().fault), fault);
    }

    void anyBytesDecodeOrFailCleanly() {
        QVERIFY(rc::check([](const std::vector<std::uint8_t>& raw) {
            Bytes bytes(raw.size());
            std::transform(raw.begin(), raw.end(), bytes.begin(), [](auto b) { return std::byte{b}; });
            ByteReader reader(bytes);
            while (!reader.atEnd() && readFrame(reader)) continue;
        }));
    }

    void everyReasonSurvivesAndUnknownOnesAreStillGoodbyes() {
        for (const auto reason : {Fault::Refused, Fault::Busy, Fault::TimedOut, Fault::Malformed,
                                  Fault::AccountDisabled, Fault::CredentialExpired, Fault::NotAContact})
            QVERIFY(throughTheWire(CloseFrame{reason}).reason == reason);
        QVERIFY(throughTheWire(CloseFrame{Fault::DiskFull}).reason == Fault::ConnectionLost);
        QVERIFY(std::get<CloseFrame>(*read("0aff7f")).reason == Fault::ConnectionLost);
    }

    void rangesAreASet() {
        QVERIFY(rc::check([] {
            RangeSet set;
            std::set<std::uint64_t> model;
            const auto steps = *rc::gen::inRange(0, 60);
            for (int i = 0; i < steps; ++i) {
                const auto first = *rc::gen::inRange<std::uint64_t>(0, 50);
                const Range range{first, first + *rc::gen::inRange<std::uint64_t>(0, 12)};
                const bool insert = *rc::gen::inRange(0, 3) > 0;
                bool isNew = false;
                for (auto n = range.first; n < range.end; ++n) {
                    if (insert)
                        isNew = model.insert(n).second || isNew;
                    else
                        model.erase(n);
                }
                if (insert)
                    RC_ASSERT(set.insert(range) == isNew);
                else
                    set.remove(range);
                const auto expected = toRanges(model);
                RC_ASSERT(std::equal(set.ranges().begin(), set.ranges().end(), expected.begin(), expected.end()));
                for (std::uint64_t n = 0; n < 64; ++n) RC_ASSERT(set.contains(n) == model.contains(n));
            }
        }));
    }

    void receivedNumbersKnowWhatTheyHaveSeen() {
        QVERIFY(rc::check([] {
            ReceivedNumbers received;
            std::set<std::uint64_t> model;
            const auto numbers =
                *rc::gen::container<std::vector<std::uint64_t>>(rc::gen::inRange<std::uint64_t>(0, 60));
            for (const auto n : numbers) {
                RC_ASSERT(received.isNew(n) == !model.contains(n));
                if (received.isNew(n)) received.add(n);
                model.insert(n);
                RC_ASSERT(received.expected() == *model.rbegin() + 1);
                auto expected = toRanges(model);
                std::reverse(expected.begin(), expected.end());
                const auto ack = received.ack();
                RC_ASSERT(std::equal(ack.ranges().begin(), ack.ranges().end(), expected.begin(), expected.end()));
            }
        }));
    }

    void receivedNumbersAreBoundedAndNeverTellWhatTheyDidNotSee() {
        ReceivedNumbers received;
        std::set<std::uint64_t> model;
        for (std::uint64_t n = 0; n < 4000; n += 2) {
            received.add(n);
            model.insert(n);
        }
        QVERIFY(!received.isNew(1));  // too old to know: counts as a copy
        QVERIFY(received.isNew(3999));
        const auto ack = received.ack();
        QCOMPARE(ack.ranges().size(), kMaxAckRanges);
        for (const Range& range : ack.ranges())
            for (auto n = range.first; n < range.end; ++n) QVERIFY(model.contains(n));
    }

    void whatIsSettledIsNotToldAgain() {
        ReceivedNumbers received;
        for (const std::uint64_t n : {0U, 1U, 3U, 5U, 7U, 9U}) received.add(n);
        received.settle(5);
        const auto ack = received.ack();
        QCOMPARE(ack.ranges().size(), std::size_t(3));
        QCOMPARE(ack.ranges().back(), (Range{5, 6}));
        QVERIFY(received.isNew(4));
    }

    void forgottenGapsAreClosed() {
        ReceivedNumbers received;
        for (const std::uint64_t n : {0U, 1U, 3U, 5U, 6U}) received.add(n);
        received.forgetGaps();
        QVERIFY(!received.isNew(2));
        QVERIFY(!received.isNew(4));
        QVERIFY(received.isNew(7));
        const auto ack = received.ack();
        QCOMPARE(ack.ranges().size(), std::size_t(1));
        QCOMPARE(ack.ranges().front(), (Range{5, 7}));
    }
};

KITH_TEST(FramesTest);

#include "frames_test.moc"
