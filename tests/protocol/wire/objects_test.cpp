// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QTest>

#include "protocol/wire/objects.h"
#include "tests/protocol/wire/samples.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::wire;

namespace {

std::optional<Fault> faultOf(const char* hex) {
    const auto checked = checkObjects(*fromHex(hex));
    if (checked) return std::nullopt;
    return checked.error().fault;
}

Bytes nested(std::size_t levels) {
    Bytes out = *fromHex("4100");
    for (std::size_t i = 1; i < levels; ++i) {
        Bytes outer = *fromHex("41010500");
        append(outer, out);
        out = outer;
    }
    return out;
}

}  // namespace

class ObjectsTest : public QObject {
    Q_OBJECT

private slots:
    void eachOfTheSevenTypes() {
        for (const char* whole : {"4100",                      // nothing inside
                                  "410100078001",              // number
                                  "410101070102030405060708",  // raw
                                  "41010207c00002018109",      // address
                                  "4101030761626300",          // text
                                  "41010407027eff",            // blob
                                  "4101050741010000ff01",      // list
                                  "4101060703008001ff01"})     // numbers
            QVERIFY2(!faultOf(whole), whole);
    }

    void listsThatAreNone_data() {
        QTest::addColumn<QByteArray>("hex");
        QTest::addColumn<int>("fault");
        const auto row = [](const char* name, const char* hex, Fault fault) {
            QTest::newRow(name) << QByteArray(hex) << static_cast<int>(fault);
        };
        row("nothing", "", Fault::Truncated);
        row("compressed", "4200", Fault::UnknownVersion);
        row("another start", "4300", Fault::Malformed);
        row("no count", "41", Fault::Truncated);
        row("trailing", "410000", Fault::TrailingBytes);
        row("type 7", "4101070000", Fault::Malformed);
        row("id over 32 bits", "410100808080801000", Fault::TooLarge);
        row("count of 2^63", "41ffffffffffffffff7f", Fault::TooLarge);
        row("count of 1025", "418108", Fault::TooLarge);
        row("count of 1024 and no objects", "418008", Fault::Truncated);
        row("address cut", "41010200c0000201", Fault::Truncated);
        row("raw cut", "4101010000000000000000", Fault::Truncated);
        row("text without end", "41010300616263", Fault::Truncated);
        row("text not UTF-8", "41010300ff00", Fault::Malformed);
        row("blob of 2^63 bytes", "41010400ffffffffffffffff7f", Fault::Truncated);
        row("numbers: the published overflow", "41010600908080800801", Fault::Truncated);
        row("numbers cut", "410106000201", Fault::Truncated);
        row("varint too long", "4101000080808080808080808080 01", Fault::TooLarge);
        row("nested list cut", "4101050041", Fault::Truncated);
        row("nested compressed list", "410105004200", Fault::UnknownVersion);
    }

    void listsThatAreNone() {
        QFETCH(QByteArray, hex);
        QFETCH(int, fault);
        hex.replace(" ", "");
        const auto found = faultOf(hex.constData());
        QVERIFY(found.has_value());
        QCOMPARE(name(*found), name(static_cast<Fault>(fault)));
    }

    void eightLevelsAreTheDeepest() {
        QVERIFY(checkObjects(nested(kMaxDepth)));
        QCOMPARE(checkObjects(nested(kMaxDepth + 1)).error().fault, Fault::TooDeep);
    }

    void objectsAreCountedThroughAllLevels() {
        // 512 numbers in the outer list, beside one list that may hold 511 more and no 512th.
        const auto list = [](std::size_t inner) {
            Bytes out;
            ByteWriter writer(out);
            writer.u8(kPlainList).varint(513);
            for (std::uint32_t i = 0; i < 512; ++i) writeNumber(writer, i, i);
            writeHeader(writer, ObjectType::List, 9);
            writer.u8(kPlainList).varint(inner);
            for (std::uint32_t i = 0; i < inner; ++i) writeNumber(writer, i, i);
            return out;
        };
        QVERIFY(checkObjects(list(511)));
        QCOMPARE(checkObjects(list(512)).error().fault, Fault::TooLarge);
    }

    void sixtyFourKibibytesAreTheLargest() {
        const auto list = [](std::size_t size) {
            Bytes out;
            ByteWriter writer(out);
            writer.u8(kPlainList).varint(1);
            writeBlob(writer, 0, Bytes(size));
            return out;
        };
        // Start, count, type, id and three bytes of length.
        const std::size_t largest = kMaxListSize - 7;
        QCOMPARE(list(largest).size(), kMaxListSize);
        QVERIFY(checkObjects(list(largest)));
        QCOMPARE(checkObjects(list(largest + 1)).error().fault, Fault::TooLarge);
    }

    void everyByteStringIsCheckedOrRefused() {
        QVERIFY(rc::check("any bytes", [](Bytes bytes) { static_cast<void>(checkObjects(bytes)); }));
        QVERIFY(rc::check("any bytes behind the start", [](Bytes bytes) {
            bytes.insert(bytes.begin(), {std::byte{kPlainList}, std::byte{3}});
            static_cast<void>(checkObjects(bytes));
        }));
    }

    void endpointsHaveOneEncoding() {
        QVERIFY(rc::check("endpoint", [](const Endpoint& endpoint) {
            Bytes list;
            ByteWriter writer(list);
            writer.u8(kPlainList).varint(1);
            writeEndpoint(writer, 0, endpoint);
            RC_ASSERT(list.size() == (endpoint.address.isV4() ? 10U : 23U));
        }));
        Bytes mapped(18);
        mapped[10] = mapped[11] = std::byte{0xff};
        QCOMPARE(endpointFromBlob(mapped).error().fault, Fault::Malformed);
        QCOMPARE(endpointFromBlob(Bytes(17)).error().fault, Fault::Malformed);
    }

    void aTextEndsAtItsFirstNul() {
        Bytes out;
        ByteWriter writer(out);
        writeText(writer, 1, std::string_view("ab\0cd", 5));
        QCOMPARE(toHex(out), std::string("0301616200"));
    }
};

KITH_TEST(ObjectsTest);
#include "objects_test.moc"
