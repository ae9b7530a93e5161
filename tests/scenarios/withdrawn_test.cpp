// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QTest>

#include "protocol/login/networkdocument.h"
#include "tests/scenarios/twopeople.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::test;
using namespace std::chrono_literals;
using engine::MessageStatus;

namespace {

bool finds(SmallNetwork& network, PersonAtWork& who, const PersonAtWork& whom) {
    if (!network.done(who, engine::FindPeople{whom.name.text()})) return false;
    const auto found = who.all<engine::PeopleFound>();
    return !found.empty() && !found.back().people.empty();
}

/// What `kith-server renew --stolen` does to a server, which starts again.
void renewAfterTheft(SmallNetwork& network) {
    const UnixTime now = network.world.now().seconds();
    login::RootPart part;
    part.number = 2;
    part.made = now;
    part.revokedIntermediates = {crypto::sha256(network.disk.keys.intermediateCertificate)};
    network.killServer();
    QVERIFY(network.disk.keys.renew(network.rootKey, now, network.world.random));
    const auto id = server::ServerIdentity::make(network.disk.keys).value().trust().network;
    network.disk.rootPart = wire::encodeObjects(login::signRootPart(network.serverSuite, id, part, network.rootKey));
    network.restartServer();
}

}  // namespace

/// Whom the network document withdraws is nobody to those who have it.
class WithdrawnTest : public QObject {
    Q_OBJECT

private slots:
    void whoIsShutOutIsFoundNoMore() {
        TwoPeople two;
        QVERIFY(two.signUp(two.alice) && two.signUp(two.bob));
        auto& carol = two.add("carol");
        QVERIFY(two.signUp(carol));
        two.disk.accounts.accounts.at(two.alice.name).disabled = true;
        QVERIFY(finds(two, two.bob, two.alice));
        // With the papers of the next day comes the document.
        two.world.run(25h);
        QVERIFY(!finds(two, two.bob, two.alice));
        QVERIFY(finds(two, two.bob, carol));
        // What is on the disk is believed from the start.
        two.bob.quit();
        two.bob.restart();
        QVERIFY(two.until([&] { return two.isOnline(two.bob); }));
        QVERIFY(!finds(two, two.bob, two.alice));
    }

    void papersUnderAStolenIntermediateOpenNoLink() {
        TwoPeople two;
        QVERIFY(two.signUp(two.alice));
        two.world.run(12h);
        QVERIFY(two.signUp(two.bob) && two.befriend(two.alice, two.bob));
        renewAfterTheft(two);
        // Alice gets new papers half a day before Bob does.
        two.world.run(13h);
        QVERIFY(two.until([&] { return two.isOnline(two.alice) && two.isOnline(two.bob); }));
        QVERIFY(two.done(two.bob, engine::SendText{two.alice.name, "is it me?"}));
        QVERIFY(!two.until([&] { return two.hasStatus(two.bob, two.alice, MessageStatus::Delivered); }, 10min));
        two.world.run(12h);
        QVERIFY(two.until([&] { return two.hasStatus(two.bob, two.alice, MessageStatus::Delivered); }, 1h));
        QVERIFY(two.areTalking());
    }
};

KITH_TEST(WithdrawnTest);

#include "withdrawn_test.moc"
