// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/wire/payload.h"

#include <QTest>

#include "tests/protocol/wire/samples.h"
#include "tests/protocol/wire/vectors.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::wire;
using namespace kith::wire::test;

namespace {

const IpAddress kV4Source = IpAddress::v4(192, 0, 2, 1);
const IpAddress kV4Destination = IpAddress::v4(198, 51, 100, 7);
const IpAddress kV6Source = *IpAddress::parse("2001:db8::1");
const IpAddress kV6Destination = *IpAddress::parse("2001:db8::2");
constexpr std::uint32_t kIv = 0xdeadbeef;
constexpr std::uint32_t kValue = 0xcafef00d;
constexpr FrameId kId = 0x1234;

}  // namespace

class PayloadTest : public QObject {
    Q_OBJECT

private slots:
    void layouts_data() {
        QTest::addColumn<QByteArray>("vector");
        QTest::addColumn<int>("source");
        QTest::addColumn<int>("destination");
        QTest::addColumn<int>("bits");
        QTest::newRow("IPv4") << QByteArray("payload-ipv4") << 4 << 4 << 0x50;
        QTest::newRow("IPv6") << QByteArray("payload-ipv6") << 6 << 6 << 0;
        QTest::newRow("IPv4 to IPv6") << QByteArray("payload-ipv4-to-ipv6") << 4 << 6 << 0;
        QTest::newRow("forward") << QByteArray("payload-inside-forward") << 0 << 0 << 0;
        QTest::newRow("unknown source") << QByteArray("payload-unknown-source") << 0 << 4 << 0;
    }

    void layouts() {
        QFETCH(QByteArray, vector);
        QFETCH(int, source);
        QFETCH(int, destination);
        QFETCH(int, bits);
        const AddressPair addresses{source == 4   ? kV4Source
                                    : source == 6 ? kV6Source
                                                  : IpAddress{},
                                    destination == 4   ? kV4Destination
                                    : destination == 6 ? kV6Destination
                                                       : IpAddress{}};
        const Bytes command = vectorNamed("accept-command");
        const Bytes expected = vectorNamed(vector.constData());
        Bytes made;
        writePayload(made, m_obfuscation, {kId, static_cast<std::uint8_t>(bits)}, addresses, kIv, command);
        QCOMPARE(toHex(made), toHex(expected));
        QCOMPARE(made.size(), command.size() + kPayloadOverhead);

        const ByteView body = parseFrame(expected)->body;
        QCOMPARE(payloadIv(body).value(), kIv);
        const IpAddress ours[] = {addresses.destination};
        const auto read = readPayload(m_obfuscation, kId, body, addresses.source, ours);
        QCOMPARE(toHex(read.value().command), toHex(command));
    }

    void aReceiverTriesItsFewAddresses() {
        const ByteView body = parseFrame(m_payload)->body;
        const IpAddress both[] = {kV6Destination, kV4Destination};
        const auto read = readPayload(m_obfuscation, kId, body, kV4Source, both);
        QCOMPARE(read.value().destination, kV4Destination);
        const auto other = readPayload(m_obfuscation, kId, body, kV4Source, std::span(both).first(1));
        QCOMPARE(other.error().fault, Fault::ChecksumMismatch);
        QCOMPARE(readPayload(m_obfuscation, kId, body, kV4Source, {}).error().fault, Fault::ChecksumMismatch);
        QCOMPARE(readPayload(m_obfuscation, kId, body, kV6Source, both).error().fault, Fault::ChecksumMismatch);
        QCOMPARE(readPayload(m_obfuscation, kId + 1, body, kV4Source, both).error().fault, Fault::ChecksumMismatch);
    }

    void aChangedBitIsNoticed() {
        const IpAddress ours[] = {kV4Destination};
        for (std::size_t bit = 8 * kFrameHeaderSize; bit < 8 * m_payload.size(); ++bit) {
            Bytes damaged = m_payload;
            damaged[bit / 8] ^= static_cast<std::byte>(1U << bit % 8);
            QVERIFY(!readPayload(m_obfuscation, kId, parseFrame(damaged)->body, kV4Source, ours));
        }
    }

    void cutPayloads() {
        const IpAddress ours[] = {kV4Destination};
        for (std::size_t size = 0; size < 8; ++size) {
            QCOMPARE(payloadIv(Bytes(size)).error().fault, Fault::Truncated);
            QCOMPARE(readPayload(m_obfuscation, kId, Bytes(size), kV4Source, ours).error().fault, Fault::Truncated);
        }
    }

    void resends() {
        const Bytes command = vectorNamed("accept-command");
        const std::pair<const char*, AddressPair> cases[] = {{"resend-ipv4", {kV4Source, kV4Destination}},
                                                             {"resend-ipv6", {kV6Source, kV6Destination}}};
        for (const auto& [name, addresses] : cases) {
            Bytes made;
            writeResend(made, m_obfuscation, {kId, 0}, addresses, kValue, command);
            QCOMPARE(toHex(made), toHex(vectorNamed(name)));
            QVERIFY(made.size() <= command.size() + kMaxResendOverhead);

            const ByteView body = parseFrame(made)->body;
            QCOMPARE(resendValue(body).value(), kValue);
            const auto read = readResend(m_obfuscation, kId, body, addresses.source);
            QCOMPARE(toHex(read.value().command), toHex(command));
            QCOMPARE(read->destination, addresses.destination);
            QCOMPARE(read->value, kValue);
            QCOMPARE(readResend(m_obfuscation, kId, body, addresses.destination).error().fault,
                     Fault::ChecksumMismatch);
        }
    }

    void resendsThatAreNone() {
        const Bytes whole = vectorNamed("resend-ipv6");
        const ByteView body = parseFrame(whole)->body;
        for (std::size_t size = 0; size < kMaxResendOverhead - kFrameHeaderSize; ++size)
            QCOMPARE(readResend(m_obfuscation, kId, body.first(size), kV6Source).error().fault, Fault::Truncated);
        Bytes two = toBytes(body);
        two[0] = std::byte{2};
        QCOMPARE(readResend(m_obfuscation, kId, two, kV6Source).error().fault, Fault::Malformed);
        Bytes family = toBytes(body);
        family[5] = std::byte{5};
        QCOMPARE(readResend(m_obfuscation, kId, family, kV6Source).error().fault, Fault::Malformed);
    }

    void anyBytesAreReadOrRefused() {
        QVERIFY(rc::check("any bytes", [&](const Bytes& bytes) {
            const IpAddress ours[] = {kV4Destination, kV6Destination};
            static_cast<void>(readPayload(m_obfuscation, kId, bytes, kV4Source, ours));
            static_cast<void>(readResend(m_obfuscation, kId, bytes, kV4Source));
        }));
    }

private:
    SeedObfuscation m_obfuscation;
    Bytes m_payload = vectorNamed("payload-ipv4");
};

KITH_TEST(PayloadTest);
#include "payload_test.moc"
