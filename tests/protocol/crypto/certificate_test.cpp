// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/crypto/certificate.h"

#include <QTest>

#include "protocol/crypto/hash.h"
#include "tests/support/authority.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::crypto;
using test::Authority;

namespace {

const UserName kAlice = UserName::parse("alice").value();

Fault faultOf(const CertificateChain& chain, const Trust& trust, UnixTime now = Authority::kNow) {
    const auto outcome = verifyChain(chain, trust, now);
    return outcome ? Fault::InvalidArgument : outcome.error().fault;
}

/// An intermediate below `above` and a leaf below that, as whoever holds the key of `above` could make them.
CertificateChain forgedBelow(Authority& authority, const SigningKey& signer, const Bytes& above) {
    auto key = std::make_shared<SigningKey>(SigningKey::generate(authority.random));
    const auto validity = Validity::from(authority.now, Days(1));
    const Bytes own = makeIntermediate(signer, above, key->publicKey(), validity, authority.random);
    const auto issuer = Issuer::make({{own, above}, key}).value();
    const Bytes leaf = issuer.person(key->publicKey(), kAlice, {}, validity, authority.random);
    return {leaf, own, above};
}

}  // namespace

class CertificateTest : public QObject {
    Q_OBJECT

private slots:
    void eachKindTellsWhoItIs() {
        Authority authority;
        const auto userKeyHash = sha256(asBytes("user key"));
        const auto person = authority.person(kAlice, userKeyHash);
        const auto identity = verifyChain(person->chain, authority.trust(), authority.now).value();
        const auto* who = std::get_if<PersonIdentity>(&identity);
        QVERIFY(who);
        QCOMPARE(who->user, kAlice);
        QCOMPARE(who->device.bytes, person->key->publicKey());
        QCOMPARE(who->userKeyHash, userKeyHash);
        QCOMPARE(who->expires, authority.now + kCredentialLife);

        const auto access = verifyChain(authority.access()->chain, authority.trust(), authority.now).value();
        QVERIFY(std::get<AccessIdentity>(access).id != ByteArray<16>{});
        const auto node = authority.supernode();
        const auto supernode = verifyChain(node->chain, authority.trust(), authority.now).value();
        QCOMPARE(std::get<SupernodeIdentity>(supernode).node.bytes, node->key->publicKey());
        const auto server = verifyChain(authority.loginServer()->chain, authority.trust(), authority.now).value();
        QVERIFY(std::holds_alternative<LoginServerIdentity>(server));
    }

    void namesThatLookLikeOtherNamesStayNames() {
        Authority authority;
        for (const char* name : {"key", "node", "access", "a.b-c_d", "node.login"}) {
            const auto user = UserName::parse(name).value();
            const auto identity = verifyChain(authority.person(user)->chain, authority.trust(), authority.now).value();
            QCOMPARE(std::get<PersonIdentity>(identity).user, user);
        }
    }

    void certificatesAreSmall() {
        Authority authority;
        const auto person = authority.person(UserName::parse(std::string(32, 'a')).value());
        std::size_t total = 0;
        for (const Bytes& der : person->chain) total += der.size();
        QVERIFY2(total < 1300, qPrintable(QString::number(total)));
        QVERIFY2(authority.access()->chain[0].size() < 400, "access certificate");
    }

    void anotherNetworksRootIsSaidToBeThat() {
        Authority ours(1);
        Authority theirs(2);
        QCOMPARE(faultOf(theirs.person(kAlice)->chain, ours.trust()), Fault::WrongRootKey);
        // Ours at the end makes no difference to who signed.
        auto mixed = theirs.person(kAlice)->chain;
        mixed[2] = ours.issuer.chain()[1];
        QCOMPARE(faultOf(mixed, ours.trust()), Fault::CertificateInvalid);
        mixed[1] = ours.issuer.chain()[0];
        QCOMPARE(faultOf(mixed, ours.trust()), Fault::CertificateInvalid);
    }

    void datesAloneAreToldApart() {
        Authority authority;
        const auto chain = authority.person(kAlice)->chain;
        const auto last = authority.now + kCredentialLife;
        QVERIFY(verifyChain(chain, authority.trust(), last - std::chrono::seconds(1)));
        QCOMPARE(faultOf(chain, authority.trust(), last + std::chrono::seconds(1)), Fault::CertificateDates);
        QVERIFY(verifyChain(chain, authority.trust(), authority.now - kBackdate + std::chrono::seconds(1)));
        QCOMPARE(faultOf(chain, authority.trust(), authority.now - kBackdate - std::chrono::seconds(1)),
                 Fault::CertificateDates);
        // The intermediate's last day counts as well.
        QCOMPARE(faultOf(chain, authority.trust(), authority.now + kIntermediateLife + Days(1)),
                 Fault::CertificateDates);
    }

    void datesDontHideAForgery() {
        Authority authority;
        auto chain = authority.person(kAlice)->chain;
        chain[0].back() ^= std::byte{1};
        const auto expired = authority.now + kCredentialLife + Days(1);
        QCOMPARE(faultOf(chain, authority.trust(), expired), Fault::CertificateInvalid);
        Authority theirs(2);
        QCOMPARE(faultOf(theirs.person(kAlice)->chain, authority.trust(), expired), Fault::WrongRootKey);
    }

    void everyAlteredByteIsNoticed() {
        Authority authority;
        const auto chain = authority.person(kAlice)->chain;
        for (std::size_t which = 0; which < chain.size(); ++which)
            for (std::size_t i = 0; i < chain[which].size(); ++i) {
                auto altered = chain;
                altered[which][i] ^= std::byte{1};
                QVERIFY2(!verifyChain(altered, authority.trust(), authority.now),
                         qPrintable(QString("%1, byte %2").arg(which).arg(i)));
            }
    }

    void truncatedCertificatesAreNone() {
        Authority authority;
        const auto chain = authority.person(kAlice)->chain;
        for (std::size_t size = 0; size < chain[0].size(); ++size) {
            auto cut = chain;
            cut[0].resize(size);
            QCOMPARE(faultOf(cut, authority.trust()), Fault::Malformed);
        }
        auto longer = chain;
        longer[0].push_back(std::byte{0});
        QCOMPARE(faultOf(longer, authority.trust()), Fault::TrailingBytes);
        longer[0].resize(kMaxCertificateSize + 1);
        QCOMPARE(faultOf(longer, authority.trust()), Fault::TooLarge);
    }

    void aChainIsThreeInOrder() {
        Authority authority;
        const auto chain = authority.person(kAlice)->chain;
        const auto& trust = authority.trust();
        QCOMPARE(faultOf({}, trust), Fault::CertificateInvalid);
        QCOMPARE(faultOf({chain[0]}, trust), Fault::CertificateInvalid);
        QCOMPARE(faultOf({chain[0], chain[2]}, trust), Fault::CertificateInvalid);
        QCOMPARE(faultOf({chain[1], chain[0], chain[2]}, trust), Fault::CertificateInvalid);
        QCOMPARE(faultOf({chain[0], chain[0], chain[2]}, trust), Fault::CertificateInvalid);
        QCOMPARE(faultOf({chain[1], chain[2], chain[2]}, trust), Fault::CertificateInvalid);
        QCOMPARE(faultOf({chain[0], chain[1], chain[1], chain[2]}, trust), Fault::CertificateInvalid);
    }

    void aPersonIsNoAuthority() {
        Authority authority;
        const auto mallory = authority.person(UserName::parse("mallory").value());
        // Mallory signs with her device key, as if her own certificate were an intermediate.
        const auto self = Issuer::make({{mallory->chain[0], mallory->chain[2]}, mallory->key});
        QVERIFY(!self);
        auto forged = forgedBelow(authority, *mallory->key, mallory->chain[0]);
        forged.push_back(authority.issuer.chain()[1]);
        QCOMPARE(faultOf(forged, authority.trust()), Fault::CertificateInvalid);
        QCOMPARE(faultOf({forged[0], forged[1], forged[3]}, authority.trust()), Fault::CertificateInvalid);
        QCOMPARE(faultOf({forged[1], forged[2], forged[3]}, authority.trust()), Fault::CertificateInvalid);
    }

    void anIntermediateMakesNoIntermediates() {
        Authority authority;
        auto chain = forgedBelow(authority, *authority.intermediateKey, authority.issuer.chain()[0]);
        chain.push_back(authority.issuer.chain()[1]);
        QCOMPARE(faultOf(chain, authority.trust()), Fault::CertificateInvalid);
        QCOMPARE(faultOf({chain[0], chain[1], chain[3]}, authority.trust()), Fault::CertificateInvalid);
        QCOMPARE(faultOf({chain[1], chain[2], chain[3]}, authority.trust()), Fault::CertificateInvalid);
    }

    void aLeafOfAnotherNetworkInItsNamesIsRefused() {
        Authority ours(1);
        Authority theirs(2);
        auto trust = ours.trust();
        trust.network = theirs.trust().network;
        QCOMPARE(faultOf(ours.person(kAlice)->chain, trust), Fault::CertificateInvalid);
    }

    void issuersNeedTheirOwnKeyAndChain() {
        Authority ours(1);
        Authority theirs(2);
        auto key = std::make_shared<SigningKey>(SigningKey::generate(ours.random));
        QVERIFY(!Issuer::make({ours.issuer.chain(), key}));
        QVERIFY(!Issuer::make({ours.issuer.chain(), nullptr}));
        QVERIFY(!Issuer::make({{ours.issuer.chain()[0]}, key}));
        QCOMPARE(ours.issuer.expires(), ours.now + kIntermediateLife);
        QCOMPARE(ours.issuer.network(), networkOf(rootKeyHash(ours.rootKey.publicKey())));
    }

    void leavesCanBeReadWithoutTheirChain() {
        Authority authority;
        const auto person = authority.person(kAlice);
        const auto facts = readLeaf(person->chain[0], authority.issuer.network()).value();
        QCOMPARE(std::get<PersonIdentity>(facts.identity).user, kAlice);
        QCOMPARE(facts.publicKey, person->key->publicKey());
        QCOMPARE(facts.validity, Validity::from(authority.now, kCredentialLife));
        QVERIFY(!readLeaf(person->chain[1], authority.issuer.network()));
    }

    void chainsTravel() {
        Authority authority;
        const auto chain = authority.person(kAlice)->chain;
        const Bytes encoded = encodeChain(chain);
        QCOMPARE(decodeChain(encoded).value(), chain);
        for (std::size_t size = 0; size < encoded.size(); ++size) QVERIFY(!decodeChain(ByteView(encoded).first(size)));
        Bytes longer = encoded;
        longer.push_back(std::byte{0});
        QCOMPARE(decodeChain(longer).error().fault, Fault::TrailingBytes);
        longer[0] = std::byte{4};
        QCOMPARE(decodeChain(longer).error().fault, Fault::TooLarge);
    }
};

KITH_TEST(CertificateTest);
#include "certificate_test.moc"
