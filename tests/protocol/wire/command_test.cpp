// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QTest>

#include "tests/protocol/wire/samples.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::wire;
using namespace kith::wire::test;

namespace {

Fault faultOf(const char* hex) {
    const auto parsed = parseCommand(*fromHex(hex));
    if (parsed) qFatal("%s parses", hex);
    return parsed.error().fault;
}

}  // namespace

class CommandTest : public QObject {
    Q_OBJECT

private slots:
    void headersByHand() {
        // 242 << 3 = 1936 = 90 0f; with a request id 92 0f; 241 is a reply: 241 << 3 | 3 = 8b 0f.
        QCOMPARE(toHex(encodeCommand(Nothing{})), std::string("02900f4100"));
        QCOMPARE(toHex(encodeCommand(Nothing{}, 0x1234)), std::string("04920f12344100"));
        QCOMPARE(toHex(encodeCommand(Colours{}, 0)).substr(0, 10), std::string("0a8b0f0000"));
    }

    // The header of a command as the literature has it: 7 bytes, number 29, reply, request id 0x40d6.
    void aPublishedHeader() {
        const Bytes command = *fromHex("04eb0140d64100");
        const auto parsed = parseCommand(command);
        QVERIFY(parsed);
        QCOMPARE(parsed->number, 29U);
        QVERIFY(parsed->reply);
        QCOMPARE(parsed->requestId, std::optional<RequestId>(0x40d6));
        QCOMPARE(toHex(parsed->objects), std::string("4100"));
    }

    void decodeOfEncodeIsTheSame() {
        QVERIFY(rc::check("command", [](std::uint16_t id, bool withId) {
            const Everything message = *everythings();
            const Bytes bytes = encodeCommand(message, withId ? std::optional(id) : std::nullopt);
            const auto parsed = parseCommand(bytes);
            RC_ASSERT(parsed.has_value());
            RC_ASSERT(parsed->requestId == (withId ? std::optional(id) : std::nullopt));
            RC_ASSERT(decode<Everything>(*parsed).value() == message);
        }));
    }

    void headersThatAreNone() {
        QCOMPARE(faultOf(""), Fault::Truncated);
        QCOMPARE(faultOf("02"), Fault::Truncated);
        QCOMPARE(faultOf("0290"), Fault::Truncated);
        QCOMPARE(faultOf("02900f41"), Fault::Truncated);
        QCOMPARE(faultOf("02900f410000"), Fault::TrailingBytes);
        QCOMPARE(faultOf("02940f4100"), Fault::Malformed);  // the reserved bit
        QCOMPARE(faultOf("00900f"), Fault::Truncated);      // no list
        QCOMPARE(faultOf("01920f12"), Fault::Truncated);    // half a request id
        QCOMPARE(faultOf("818004900f"), Fault::TooLarge);   // 65,537 bytes
        QCOMPARE(faultOf("028080204100"), Fault::TooLarge);
    }

    void anotherCommandIsToldFromADamagedOne() {
        const Bytes nothing = encodeCommand(Nothing{});
        QCOMPARE(decode<Nest>(*parseCommand(nothing)).error().fault, Fault::WrongType);
        CommandView asReply = *parseCommand(nothing);
        asReply.reply = true;
        QCOMPARE(decode<Nothing>(asReply).error().fault, Fault::Malformed);
    }

    void commandsInAStreamAreFoundOneByOne() {
        Bytes stream = encodeCommand(Nothing{}, 7);
        const std::size_t first = stream.size();
        for (std::size_t size = 0; size < first; ++size)
            QCOMPARE(commandSize(ByteView(stream).first(size)).value(), std::nullopt);
        append(stream, encodeCommand(Colours{}));
        QCOMPARE(commandSize(stream).value(), std::optional(first));
        QCOMPARE(commandSize(*fromHex("818004900f")).error().fault, Fault::TooLarge);
        QCOMPARE(commandSize(*fromHex("02940f")).error().fault, Fault::Malformed);
    }

    void anyBytesParseOrFail() {
        QVERIFY(rc::check("any bytes", [](const Bytes& bytes) {
            const auto size = commandSize(bytes);
            const auto parsed = parseCommand(bytes);
            if (parsed) RC_ASSERT(size.value() == std::optional(bytes.size()));
        }));
    }
};

KITH_TEST(CommandTest);
#include "command_test.moc"
