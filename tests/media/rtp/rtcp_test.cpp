// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/rtp/rtcp.h"

#include <rapidcheck.h>

#include <QTest>

#include "tests/support/testmain.h"

using namespace kith;

namespace {

Bytes hex(std::string_view text) {
    return *fromHex(text);
}

rtp::ReportBlock anyBlock() {
    return {*rc::gen::arbitrary<std::uint32_t>(),
            *rc::gen::arbitrary<std::uint8_t>(),
            *rc::gen::inRange<std::int32_t>(-0x800000, 0x800000),
            *rc::gen::arbitrary<std::uint32_t>(),
            *rc::gen::arbitrary<std::uint32_t>(),
            *rc::gen::arbitrary<std::uint32_t>(),
            *rc::gen::arbitrary<std::uint32_t>()};
}

}  // namespace

class RtcpTest : public QObject {
    Q_OBJECT
private slots:
    /// The packet of RFC 7714 section 17: a sender report with one block. As printed it announces a word more than it
    /// has, which SRTP doesn't mind and we do.
    void readsAPublishedSenderReport() {
        Bytes bytes = hex(
            "81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef");
        QVERIFY(!rtp::CompoundReader::open(bytes));
        bytes[3] = std::byte{12};
        auto reader = rtp::CompoundReader::open(bytes);
        QVERIFY(reader);
        const auto part = reader->next();
        QVERIFY(part);
        const auto* report = std::get_if<rtp::Report>(&*part);
        QVERIFY(report && report->sender);
        QCOMPARE(report->ssrc, 0x4d617273U);
        QCOMPARE(report->sender->ntp, 0x4e5450314e545032ULL);
        QCOMPARE(report->sender->timestamp, 0x52545020U);
        QCOMPARE(report->sender->packets, 0x42aU);
        QCOMPARE(report->sender->octets, 0xe930U);
        QCOMPARE(report->blockCount, std::size_t{1});
        QCOMPARE(report->blocks[0].ssrc, 0x4c756e61U);
        QCOMPARE(report->blocks[0].fractionLost, std::uint8_t{0xde});
        QCOMPARE(report->blocks[0].cumulativeLost, static_cast<std::int32_t>(0xffadbeef));
        QVERIFY(reader->atEnd());
    }

    void writesWhatItReads() {
        const bool ok = rc::check("write, then read", [](bool sender, std::uint32_t ssrc) {
            rtp::Report report;
            report.ssrc = ssrc;
            if (sender)
                report.sender =
                    rtp::SenderInfo{*rc::gen::arbitrary<std::uint64_t>(), *rc::gen::arbitrary<std::uint32_t>(),
                                    *rc::gen::arbitrary<std::uint32_t>(), *rc::gen::arbitrary<std::uint32_t>()};
            report.blockCount = *rc::gen::inRange<std::size_t>(0, rtp::Report::kMaxBlocks + 1);
            for (std::size_t i = 0; i < report.blockCount; ++i) report.blocks[i] = anyBlock();
            const auto name = *rc::gen::container<std::string>(rc::gen::inRange('a', 'z'));
            Bytes out(2000);
            const auto size = rtp::writeReport(report, name, out);
            RC_ASSERT(size.has_value() && *size % 4 == 0);

            auto reader = rtp::CompoundReader::open(ByteView(out).first(*size));
            RC_ASSERT(reader.has_value());
            const auto part = reader->next();
            RC_ASSERT(part.has_value());
            const auto& read = std::get<rtp::Report>(*part);
            RC_ASSERT(read.ssrc == ssrc && read.sender == report.sender && read.blockCount == report.blockCount);
            for (std::size_t i = 0; i < report.blockCount; ++i) RC_ASSERT(read.blocks[i] == report.blocks[i]);
            if (!name.empty()) {
                const auto described = reader->next();
                RC_ASSERT(described.has_value());
                RC_ASSERT(std::get<rtp::SourceName>(*described).name == name);
            }
            RC_ASSERT(reader->atEnd());
        });
        QVERIFY(ok);
    }

    void skipsOtherItemsAndParts() {
        // Description with a tool item before the name; then a feedback packet (RFC 4585).
        const Bytes bytes =
            hex("81ca0005"
                "11223344"
                "0602"
                "4242"
                "01036162"
                "63"
                "000000"
                "00000000"
                "81cd0002"
                "11223344"
                "55667788");
        auto reader = rtp::CompoundReader::open(bytes);
        QVERIFY(reader);
        const auto name = reader->next();
        QVERIFY(name);
        QCOMPARE(std::get<rtp::SourceName>(*name).name, std::string_view("abc"));
        const auto other = reader->next();
        QVERIFY(other);
        QCOMPARE(std::get<rtp::OtherControl>(*other).type, std::uint8_t{205});
        QVERIFY(reader->atEnd());
    }

    void refusesBrokenCompounds_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty") << QByteArray("");
        QTest::newRow("header cut off") << QByteArray("80c900");
        QTest::newRow("version 0") << QByteArray("00c9000111223344");
        QTest::newRow("length beyond the end") << QByteArray("80c9000211223344");
        QTest::newRow("second part beyond the end") << QByteArray("80c900011122334480c9000211223344");
        QTest::newRow("padding before the last part") << QByteArray("a0c900011122334480c9000111223344");
        QTest::newRow("rest of less than a header") << QByteArray("80c90001112233448080");
    }
    void refusesBrokenCompounds() {
        QFETCH(QByteArray, bytes);
        QVERIFY(!rtp::CompoundReader::open(hex(bytes.toStdString())));
    }

    void refusesBrokenPartsAndGoesOn() {
        // A receiver report that announces one block and has none, then a goodbye.
        const Bytes bytes = hex("81c900011122334481cb000111223344");
        auto reader = rtp::CompoundReader::open(bytes);
        QVERIFY(reader);
        QVERIFY(!reader->next());
        const auto goodbye = reader->next();
        QVERIFY(goodbye);
        QCOMPARE(std::get<rtp::Goodbye>(*goodbye).ssrc, 0x11223344U);
        // A name that runs beyond its part.
        const Bytes beyond = hex("81ca00021122334401ff6162");
        auto name = rtp::CompoundReader::open(beyond);
        QVERIFY(name);
        QVERIFY(!name->next());
    }

    void refusesToWriteWhatDoesNotFit() {
        rtp::Report report;
        report.blockCount = 1;
        Bytes out(32);
        QVERIFY(rtp::writeReport(report, "", out));
        QVERIFY(!rtp::writeReport(report, "", ByteSpan(out).first(31)));
        QVERIFY(!rtp::writeReport(report, "a", out));
        report.blockCount = 32;
        Bytes large(2000);
        QVERIFY(!rtp::writeReport(report, "", large));
    }

    void everyByteStringIsReadOrRefused() {
        const bool ok = rc::check("read anything", [](const std::vector<std::uint8_t>& noise, std::uint8_t type) {
            Bytes bytes = hex("81000000");
            bytes[1] = static_cast<std::byte>(200 + type % 6);
            for (const auto b : noise) bytes.push_back(std::byte{b});
            bytes.resize(bytes.size() / 4 * 4);
            bytes[3] = static_cast<std::byte>(bytes.size() / 4 - 1);
            auto reader = rtp::CompoundReader::open(bytes);
            RC_ASSERT(reader.has_value());
            while (!reader->atEnd()) (void)reader->next();
        });
        QVERIFY(ok);
    }
};
KITH_TEST(RtcpTest);

#include "rtcp_test.moc"
