// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QTest>

#include "protocol/base/bytereader.h"
#include "protocol/base/bytewriter.h"
#include "tests/support/testmain.h"

using namespace kith;

class BytesTest : public QObject {
    Q_OBJECT

private slots:
    void hexAndBackIsTheSame() {
        QCOMPARE(toHex(toBytes("\x01\xfe")), std::string("01fe"));
        QCOMPARE(fromHex("01fe"), std::optional(toBytes("\x01\xfe")));
        QVERIFY(!fromHex("0"));
        QVERIFY(!fromHex("0G"));
    }

    // RFC 4648 section 10, in the alphabet of section 5, without padding.
    void base64Url() {
        const std::pair<const char*, const char*> vectors[] = {
            {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},         {"foo", "Zm9v"},
            {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}};
        for (const auto& [plain, coded] : vectors) {
            QCOMPARE(toBase64Url(toBytes(plain)), std::string(coded));
            QCOMPARE(fromBase64Url(coded), std::optional(toBytes(plain)));
        }
        QCOMPARE(toBase64Url(*fromHex("fbff")), std::string("-_8"));
        QVERIFY(!fromBase64Url("Zh"));  // bits left over
        QVERIFY(!fromBase64Url("Z"));
        QVERIFY(!fromBase64Url("Zg=="));
    }

    void varintsOfTheLiterature() {
        const std::pair<std::uint64_t, const char*> vectors[] = {{0, "00"},
                                                                 {128, "8001"},
                                                                 {392, "8803"},
                                                                 {422, "a603"},
                                                                 {19218956, "8c849509"},
                                                                 {0xffffffffU, "ffffffff0f"},
                                                                 {~0ULL, "ffffffffffffffffff01"}};
        for (const auto& [value, coded] : vectors) {
            Bytes out;
            ByteWriter(out).varint(value);
            QCOMPARE(toHex(out), std::string(coded));
            QCOMPARE(out.size(), ByteWriter::varintSize(value));
            QCOMPARE(ByteReader(out).varint().value(), value);
        }
    }

    void varintsThatAreNone() {
        const std::pair<const char*, Fault> vectors[] = {{"", Fault::Truncated},
                                                         {"80", Fault::Truncated},
                                                         {"8000", Fault::Malformed},
                                                         {"ffffffffffffffffff02", Fault::TooLarge},
                                                         {"ffffffffffffffffffff01", Fault::TooLarge}};
        for (const auto& [coded, fault] : vectors) {
            const Bytes input = *fromHex(coded);
            QCOMPARE(ByteReader(input).varint().error().fault, fault);
        }
    }

    void numbersAreBigEndian() {
        Bytes out;
        ByteWriter(out).u8(1).u16(0x0203).u32(0x04050607).u64(0x08090a0b0c0d0e0fULL);
        QCOMPARE(toHex(out), std::string("0102030405060708090a0b0c0d0e0f"));
        ByteReader reader(out);
        QCOMPARE(*reader.u8(), 1);
        QCOMPARE(*reader.u16(), 0x0203);
        QCOMPARE(*reader.u32(), 0x04050607U);
        QCOMPARE(*reader.u64(), 0x08090a0b0c0d0e0fULL);
        QVERIFY(reader.atEnd());
        QCOMPARE(reader.u8().error().fault, Fault::Truncated);
    }

    void utf8() {
        QVERIFY(isUtf8("Grüße, 世界 🙂"));
        QVERIFY(!isUtf8("\xc0\xaf"));          // overlong
        QVERIFY(!isUtf8("\xed\xa0\x80"));      // surrogate
        QVERIFY(!isUtf8("\xf4\x90\x80\x80"));  // above U+10FFFF
        QVERIFY(!isUtf8("\xe4\xb8"));          // cut off
        QVERIFY(!isUtf8(std::string_view("a\0b", 3)));
    }
};

KITH_TEST(BytesTest);
#include "bytes_test.moc"
