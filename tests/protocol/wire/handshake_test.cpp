// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/wire/handshake.h"

#include <QTest>

#include "protocol/wire/payload.h"
#include "tests/protocol/wire/vectors.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::wire;
using namespace kith::wire::test;

class HandshakeTest : public QObject {
    Q_OBJECT

private slots:
    void acceptByHand() {
        const Bytes expected = vectorNamed("accept-command");
        const ProbeAccept accept{*fromHex("0001020304050607")};
        QCOMPARE(toHex(encodeCommand(accept, 0x0102)), toHex(expected));
        QCOMPARE(decode<ProbeAccept>(*parseCommand(expected))->token, accept.token);
    }

    void aProbeIsNoReplyAndItsAnswersAre() {
        QVERIFY(!parseCommand(encodePaddedProbe(7))->reply);
        QVERIFY(parseCommand(encodeCommand(ProbeAccept{}, 7))->reply);
        QVERIFY(parseCommand(encodeCommand(ProbeRefuse{}, 7))->reply);
        QVERIFY(!parseCommand(encodeCommand(HandshakePart{}))->reply);
    }

    void aProbeHasItsSize() {
        const Bytes probe = encodePaddedProbe(0xffff);
        QCOMPARE(probe.size(), kProbeCommandSize);
        QCOMPARE(decode<Probe>(*parseCommand(probe))->version, kProtocolVersion);
    }

    void noAnswerIsLargerThanAProbe() {
        const Endpoint v6 = *Endpoint::parse("[2001:db8::1]:65535");
        const ProbeRefuse refuse{std::vector<Endpoint>(kMaxRedirects, v6)};
        QVERIFY(encodeCommand(refuse, 0xffff).size() <= kProbeCommandSize);
        QVERIFY(encodeCommand(ProbeAccept{Bytes(kMaxToken)}, 0xffff).size() <= kProbeCommandSize);
        const ProbeRefuse tooMany{std::vector<Endpoint>(kMaxRedirects + 1, v6)};
        QCOMPARE(decode<ProbeRefuse>(*parseCommand(encodeCommand(tooMany, 1))).error().fault, Fault::TooLarge);
    }

    void theLargestPartFitsOneDatagram() {
        HandshakePart part;
        part.role = 255;
        part.otherLink.emplace();
        part.token = Bytes(kMaxToken);
        part.proof.emplace();
        part.offset = kMaxHandshakeStream;
        part.tls = Bytes(kMaxHandshakePart);
        part.received = std::vector<std::uint32_t>(2 * kMaxHandshakeRanges, kMaxHandshakeStream);
        const Bytes command = encodeCommand(part);
        QVERIFY(command.size() <= kMaxPlainCommand);
        QVERIFY(command.size() + kMaxResendOverhead <= kMaxInnerFrame);
        QCOMPARE(decode<HandshakePart>(*parseCommand(command))->received, part.received);
    }
};

KITH_TEST(HandshakeTest);
#include "handshake_test.moc"
