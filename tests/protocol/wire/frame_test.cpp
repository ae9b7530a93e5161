// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QTest>

#include "protocol/wire/frame.h"
#include "tests/protocol/wire/samples.h"
#include "tests/protocol/wire/vectors.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::wire;
using namespace kith::wire::test;

class FrameTest : public QObject {
    Q_OBJECT

private slots:
    void threeBitsOfTheTypeAreRandom() {
        for (const FrameType type :
             {FrameType::Ack, FrameType::Payload, FrameType::Resend, FrameType::Forward, FrameType::NatInfo,
              FrameType::Link, FrameType::Nack, FrameType::Media, FrameType::Fragment}) {
            for (unsigned bits = 0; bits < 256; ++bits) {
                Bytes frame;
                ByteWriter writer(frame);
                writeFrameHeader(writer, 0x1234, type, static_cast<std::uint8_t>(bits));
                QCOMPARE(std::to_integer<unsigned>(frame[2]) & 0x70, bits & 0x70);
                writer.u8(0xab);
                const auto parsed = parseFrame(frame);
                QVERIFY(parsed);
                QCOMPARE(parsed->id, 0x1234);
                QCOMPARE(parsed->type, type);
                QCOMPARE(toHex(parsed->body), std::string("ab"));
            }
        }
    }

    void allOtherTypesAreRefused() {
        const std::string known = "1234567df";
        for (unsigned byte = 0; byte < 256; ++byte) {
            const Bytes frame{std::byte{0}, std::byte{0}, static_cast<std::byte>(byte)};
            const bool isKnown = byte < 128 && known.find("0123456789abcdef"[byte & 15]) != std::string::npos;
            QCOMPARE(parseFrame(frame).has_value(), isKnown);
        }
    }

    void cut() {
        for (std::size_t size = 0; size < kFrameHeaderSize; ++size)
            QCOMPARE(parseFrame(Bytes(size)).error().fault, Fault::Truncated);
    }

    void forward() {
        const Bytes whole = vectorNamed("forward");
        Bytes made;
        ByteWriter writer(made);
        const ChannelId channel = *ChannelId::from(*fromHex("0102030405060708"));
        const Bytes inner = *fromHex("abcd0600");
        writeForward(writer, 0x1234, 0, channel, inner);
        QCOMPARE(toHex(made), toHex(whole));
        const auto parsed = parseForward(parseFrame(whole)->body);
        QCOMPARE(parsed->channel, channel);
        QCOMPARE(toHex(parsed->innerFrame), toHex(inner));
        QCOMPARE(made.size(), inner.size() + kForwardOverhead);
    }

    void aForwardHasAFrameInside() {
        for (std::size_t size = 0; size < ChannelId::kSize + kFrameHeaderSize; ++size)
            QCOMPARE(parseForward(Bytes(size)).error().fault, Fault::Truncated);
        QVERIFY(parseForward(Bytes(ChannelId::kSize + kFrameHeaderSize)));
    }
};

KITH_TEST(FrameTest);
#include "frame_test.moc"
