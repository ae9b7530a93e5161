// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QTest>

#include "tests/support/testmain.h"
#include "tests/support/transportpair.h"

using namespace kith;
using namespace kith::session;
using namespace std::chrono_literals;
using kith::test::textCommand;
using kith::test::TransportPair;

class UdpLinkTest : public QObject {
    Q_OBJECT

private slots:
    void aProbeTellsANodeHowItLooksFromOutside() {
        TransportPair pair;
        const auto probe = pair.client.transport.probe(pair.world.now(), pair.server.address);
        QVERIFY(pair.world.runUntil([&] { return pair.client.count<ProbeAccepted>() > 0; }));
        const auto learned = pair.client.last<AddressLearned>();
        QVERIFY(learned);
        QCOMPARE(learned->ours, pair.client.address);
        QCOMPARE(learned->toldBy, pair.server.address);
        const auto accepted = *pair.client.last<ProbeAccepted>();
        QCOMPARE(accepted.probe, probe);
        QCOMPARE(accepted.remote, pair.server.address);
        QCOMPARE(accepted.roundTrip, Duration(40ms));
        // probe, nack, resend, accept
        QCOMPARE(pair.client.datagramsSent, std::size_t(2));
        QCOMPARE(pair.server.datagramsSent, std::size_t(2));
    }

    void aLinkOpensAndCarriesCommandsBothWays() {
        TransportPair pair;
        const auto link = pair.openUdp();
        QVERIFY(link != 0);
        QVERIFY(std::holds_alternative<crypto::SupernodeIdentity>(pair.client.last<LinkOpened>()->peer));
        QVERIFY(std::holds_alternative<crypto::AccessIdentity>(pair.server.last<LinkOpened>()->peer));
        QCOMPARE(pair.client.last<LinkOpened>()->incoming, false);
        QCOMPARE(pair.server.last<LinkOpened>()->incoming, true);
        QVERIFY(pair.client.transport.send(pair.world.now(), link, Stream::Overlay, textCommand("there")));
        QVERIFY(pair.server.transport.send(pair.world.now(), pair.serverLink(), Stream::Overlay, textCommand("back")));
        pair.world.run(1s);
        QCOMPARE(pair.server.texts(pair.serverLink(), Stream::Overlay), std::vector<std::string>{"there"});
        QCOMPARE(pair.client.texts(link, Stream::Overlay), std::vector<std::string>{"back"});
        QCOMPARE(pair.client.transport.mediaSecret(link)->secret,
                 pair.server.transport.mediaSecret(pair.serverLink())->secret);
    }
};

KITH_TEST(UdpLinkTest);
#include "udplink_test.moc"
