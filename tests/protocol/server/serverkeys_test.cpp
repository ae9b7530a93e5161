// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/server/serverkeys.h"

#include <QTest>

#include "tests/support/seededrandom.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::server;

class ServerKeysTest : public QObject {
    Q_OBJECT

    static constexpr UnixTime kNow{std::chrono::seconds{1'800'000'000}};
    test::SeededRandom m_random;
    crypto::SigningKey m_root = crypto::SigningKey::generate(m_random);

private slots:
    void aNetworkStandsUnderItsRootKey() {
        const auto keys = ServerKeys::make(m_root, kNow, m_random);
        const auto identity = ServerIdentity::make(keys);
        QVERIFY(identity.has_value());
        QVERIFY(identity->trust().rootKeyHash == crypto::rootKeyHash(m_root.publicKey()));
        const auto server = crypto::verifyChain(identity->loginServer(kNow, m_random)->chain, identity->trust(), kNow);
        QVERIFY(server && std::holds_alternative<crypto::LoginServerIdentity>(*server));
        const auto node = crypto::verifyChain(identity->supernode(kNow, m_random)->chain, identity->trust(), kNow);
        QVERIFY(node && std::get<crypto::SupernodeIdentity>(*node).node == identity->node());
    }

    // Else they would learn that their clock is wrong, and not by how much.
    void whoseClockIsWeeksBehindGetsToTheLoginServer() {
        auto keys = ServerKeys::make(m_root, kNow, m_random);
        const auto isGood = [&](UnixTime made) {
            const auto identity = ServerIdentity::make(keys).value();
            const auto chain = identity.loginServer(made, m_random)->chain;
            return crypto::verifyChain(chain, identity.trust(), made - crypto::Days(30)).has_value();
        };
        QVERIFY(isGood(kNow));
        QVERIFY(keys.renew(m_root, kNow + crypto::Days(80), m_random).has_value());
        QVERIFY(isGood(kNow + crypto::Days(80)));
    }

    void keysAreReadAsTheyWereWritten() {
        const auto keys = ServerKeys::make(m_root, kNow, m_random);
        const auto read = wire::decodeObjects<ServerKeys>(wire::encodeObjects(keys));
        QVERIFY(read.has_value());
        const auto before = ServerIdentity::make(keys);
        const auto after = ServerIdentity::make(*read);
        QVERIFY(after && after->node() == before->node());
        QVERIFY(after->derive("one") == before->derive("one"));
        QVERIFY(after->derive("one") != before->derive("two"));
    }

    void keysThatDontFitAreRefused() {
        auto keys = ServerKeys::make(m_root, kNow, m_random);
        keys.intermediateSeed[0] ^= std::byte{1};
        QVERIFY(!ServerIdentity::make(keys));
    }

    void renewalKeepsEverythingButTheIntermediate() {
        auto keys = ServerKeys::make(m_root, kNow, m_random);
        const auto before = ServerIdentity::make(keys).value();
        const auto later = kNow + crypto::Days(80);
        QVERIFY(keys.renew(m_root, later, m_random).has_value());
        const auto after = ServerIdentity::make(keys).value();
        QVERIFY(after.node() == before.node() && after.trust().rootKeyHash == before.trust().rootKeyHash);
        QVERIFY(after.issuer().expires() == later + crypto::kIntermediateLife);
        // Leaves never outlive the intermediate above them.
        const auto leaf = crypto::readLeaf(before.loginServer(later, m_random)->chain.front(), before.trust().network);
        QVERIFY(leaf->validity.notAfter == before.issuer().expires());
        QVERIFY(crypto::verifyChain(after.loginServer(later, m_random)->chain, before.trust(), later + crypto::Days(30))
                    .has_value());
    }

    void anotherRootKeyRenewsNothing() {
        auto keys = ServerKeys::make(m_root, kNow, m_random);
        const auto certificate = keys.intermediateCertificate;
        const auto other = crypto::SigningKey::generate(m_random);
        const auto renewed = keys.renew(other, kNow, m_random);
        QVERIFY(!renewed && renewed.error().fault == Fault::WrongRootKey);
        QVERIFY(keys.intermediateCertificate == certificate);
    }
};

KITH_TEST(ServerKeysTest);

#include "serverkeys_test.moc"
