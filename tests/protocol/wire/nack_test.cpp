// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/wire/nack.h"

#include <QTest>

#include "protocol/wire/probe.h"
#include "tests/protocol/wire/samples.h"
#include "tests/protocol/wire/vectors.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::wire;
using namespace kith::wire::test;

class NackTest : public QObject {
    Q_OBJECT

private slots:
    void layouts() {
        const std::pair<const char*, Nack> cases[] = {
            {"nack-ipv4", {*Endpoint::parse("192.0.2.1:33033"), 0xdeadbeef, 0xcafef00d}},
            {"nack-ipv6", {*Endpoint::parse("[2001:db8::1]:33033"), 0xdeadbeef, 0xcafef00d}}};
        for (const auto& [name, nack] : cases) {
            const Bytes expected = vectorNamed(name);
            Bytes made;
            ByteWriter writer(made);
            writeNack(writer, {0x1234, std::to_integer<std::uint8_t>(expected[2])}, nack);
            QCOMPARE(toHex(made), toHex(expected));
            QCOMPARE(made.size(), nackSize(nack.seen));
            const auto frame = parseFrame(expected);
            QCOMPARE(frame->type, FrameType::Nack);
            QCOMPARE(parseNack(frame->body).value(), nack);
        }
    }

    void natInfo() {
        const NatInfo info{*Endpoint::parse("192.0.2.1:33033"), 0xcafef00d};
        Bytes made;
        ByteWriter writer(made);
        writeNatInfo(writer, {0x1234, 0}, info);
        QCOMPARE(toHex(made), toHex(vectorNamed("nat-info-ipv4")));
        QCOMPARE(parseNatInfo(parseFrame(made)->body).value(), info);
    }

    void cutAndTooLong() {
        for (const char* name : {"nack-ipv4", "nack-ipv6"}) {
            const Bytes whole = vectorNamed(name);
            Bytes body = toBytes(parseFrame(whole)->body);
            for (std::size_t size = 0; size < body.size(); ++size)
                QCOMPARE(parseNack(ByteView(body).first(size)).error().fault, Fault::Truncated);
            body.push_back(std::byte{0});
            QCOMPARE(parseNack(body).error().fault, Fault::TrailingBytes);
        }
        Bytes info = toBytes(parseFrame(vectorNamed("nat-info-ipv4"))->body);
        for (std::size_t size = 0; size < info.size(); ++size)
            QCOMPARE(parseNatInfo(ByteView(info).first(size)).error().fault, Fault::Truncated);
        info.push_back(std::byte{0});
        QCOMPARE(parseNatInfo(info).error().fault, Fault::TrailingBytes);
    }

    void anyBytesParseOrFail() {
        QVERIFY(rc::check("any bytes", [](const Bytes& bytes) {
            static_cast<void>(parseNack(bytes));
            static_cast<void>(parseNatInfo(bytes));
        }));
    }

    void aNackIsSmallerThanTheSmallestProbe() {
        const std::size_t probe = encodePaddedProbe(1).size() + kPayloadOverhead;
        QVERIFY(nackSize(*Endpoint::parse("[2001:db8::1]:1")) < probe);
    }
};

KITH_TEST(NackTest);
#include "nack_test.moc"
