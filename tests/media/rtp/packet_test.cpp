// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/rtp/packet.h"

#include <rapidcheck.h>

#include <QTest>

#include "tests/support/testmain.h"

using namespace kith;

namespace {

Bytes written(const rtp::Packet& packet) {
    Bytes out(1280);
    const auto size = rtp::write(packet, out);
    if (!size) return {};
    out.resize(*size);
    return out;
}

Bytes hex(std::string_view text) {
    return *fromHex(text);
}

}  // namespace

class RtpPacketTest : public QObject {
    Q_OBJECT
private slots:
    /// The packet of RFC 7714 section 16, which is the rare published RTP packet in hexadecimal.
    void readsAPublishedPacket() {
        const Bytes bytes =
            hex("8040f17b8041f8d35501a0b247616c6c696120657374206f6d6e69732064697669736120696e20706172746573"
                "2074726573");
        const auto packet = rtp::parse(bytes);
        QVERIFY(packet);
        QCOMPARE(packet->payloadType, std::uint8_t{0x40});
        QCOMPARE(packet->sequence, std::uint16_t{0xf17b});
        QCOMPARE(packet->timestamp, 0x8041f8d3U);
        QCOMPARE(packet->ssrc, 0x5501a0b2U);
        QCOMPARE(asText(packet->payload), std::string_view("Gallia est omnis divisa in partes tres"));
        QCOMPARE(written(*packet), bytes);
    }

    void skipsSourcesExtensionsAndPadding() {
        // Version 2, padding, extension, two contributing sources; an extension of an unknown profile.
        const Bytes bytes = hex("b2ef0001000000020000000311111111222222221234000133333333aabb000003");
        const auto packet = rtp::parse(bytes);
        QVERIFY(packet);
        QVERIFY(packet->marker);
        QCOMPARE(packet->payloadType, std::uint8_t{111});
        QVERIFY(!packet->level);
        QCOMPARE(toHex(packet->payload), std::string("aabb"));
    }

    void findsTheAudioLevelAmongOthers() {
        // Element 3 of two bytes, a padding byte, element 1 (level) with voice and -42 dB, padding.
        const Bytes bytes =
            hex("906f00010000000200000003bede000231010200"
                "10aa0000"
                "55");
        const auto packet = rtp::parse(bytes);
        QVERIFY(packet);
        QVERIFY(packet->level.has_value());
        QCOMPARE(packet->level->voice, true);
        QCOMPARE(packet->level->belowFull, std::uint8_t{42});
        QCOMPARE(toHex(packet->payload), std::string("55"));
    }

    void refusesWhatIsNoPacket_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty") << QByteArray("");
        QTest::newRow("short") << QByteArray("806f000100000002000000");
        QTest::newRow("version 1") << QByteArray("406f00010000000200000003");
        QTest::newRow("sources cut off") << QByteArray("816f00010000000200000003aabbcc");
        QTest::newRow("extension header cut off") << QByteArray("906f00010000000200000003bede00");
        QTest::newRow("extension cut off") << QByteArray("906f00010000000200000003bede000211111111");
        QTest::newRow("huge extension") << QByteArray("906f00010000000200000003bedeffff11111111");
        QTest::newRow("padding without payload") << QByteArray("a06f00010000000200000003");
        QTest::newRow("padding of zero") << QByteArray("a06f0001000000020000000300");
        QTest::newRow("padding too long") << QByteArray("a06f00010000000200000003aa05");
    }
    void refusesWhatIsNoPacket() {
        QFETCH(QByteArray, bytes);
        QVERIFY(!rtp::parse(hex(bytes.toStdString())));
    }

    void refusesToWriteWhatDoesNotFit() {
        rtp::Packet packet;
        packet.payloadType = 128;
        Bytes out(100);
        QVERIFY(!rtp::write(packet, out));
        packet.payloadType = 127;
        QVERIFY(rtp::write(packet, ByteSpan(out).first(12)));
        QVERIFY(!rtp::write(packet, ByteSpan(out).first(11)));
        packet.level = rtp::AudioLevel{true, 128};
        QVERIFY(!rtp::write(packet, out));
        packet.level->belowFull = 127;
        QVERIFY(rtp::write(packet, ByteSpan(out).first(20)));
        QVERIFY(!rtp::write(packet, ByteSpan(out).first(19)));
    }

    void whatIsWrittenIsRead() {
        const bool ok = rc::check("write, then parse", [](bool marker, std::uint16_t sequence, std::uint32_t timestamp,
                                                          std::uint32_t ssrc, bool withLevel, bool voice,
                                                          const std::vector<std::uint8_t>& payload) {
            Bytes body;
            for (const auto b : payload) body.push_back(std::byte{b});
            rtp::Packet packet{marker, *rc::gen::inRange<std::uint8_t>(0, 128), sequence, timestamp, ssrc, {}, body};
            if (withLevel) packet.level = rtp::AudioLevel{voice, *rc::gen::inRange<std::uint8_t>(0, 128)};
            const Bytes bytes = written(packet);
            const auto read = rtp::parse(bytes);
            RC_ASSERT(read.has_value());
            RC_ASSERT(read->marker == packet.marker && read->payloadType == packet.payloadType);
            RC_ASSERT(read->sequence == sequence && read->timestamp == timestamp && read->ssrc == ssrc);
            RC_ASSERT(read->level == packet.level);
            RC_ASSERT(toBytes(read->payload) == body);
        });
        QVERIFY(ok);
    }

    void everyByteStringIsReadOrRefused() {
        const bool ok = rc::check("parse anything", [](std::vector<std::uint8_t> noise) {
            if (!noise.empty()) noise[0] = static_cast<std::uint8_t>(0x80 | (noise[0] & 0x3F));
            Bytes bytes;
            for (const auto b : noise) bytes.push_back(std::byte{b});
            if (const auto packet = rtp::parse(bytes)) RC_ASSERT(packet->payload.size() <= bytes.size() - 12);
        });
        QVERIFY(ok);
    }

    void tellsRtcpFromRtp() {
        QVERIFY(rtp::isRtcp(hex("80c8")));
        QVERIFY(rtp::isRtcp(hex("80df")));
        QVERIFY(!rtp::isRtcp(hex("80e0")));
        QVERIFY(!rtp::isRtcp(hex("80ef")));  // payload type 111 with marker
        QVERIFY(!rtp::isRtcp(hex("806f")));
        QVERIFY(!rtp::isRtcp(hex("80")));
    }
};
KITH_TEST(RtpPacketTest);

#include "packet_test.moc"
