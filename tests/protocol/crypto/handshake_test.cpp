// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/crypto/tlshandshake.h"

#include <QTest>

#include "protocol/crypto/modernsuite.h"
#include "tests/support/authority.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::crypto;
using test::Authority;

namespace {

const UserName kAlice = UserName::parse("alice").value();
const UserName kBob = UserName::parse("bob").value();

/// Two ends and what travels between them; `chunk` cuts the bytes into pieces of that size.
struct Pair {
    std::unique_ptr<Handshake> client;
    std::unique_ptr<Handshake> server;
    Result<void> clientOutcome{};
    Result<void> serverOutcome{};
    std::size_t clientBytes = 0;
    std::size_t serverBytes = 0;

    Pair(const HandshakeOptions& clientOptions, const HandshakeOptions& serverOptions) {
        ModernSuite suite;
        client = suite.handshake(clientOptions);
        server = suite.handshake(serverOptions);
    }

    static Result<void> feed(Handshake& to, ByteView bytes, Bytes& answer, std::size_t chunk) {
        Result<void> outcome;
        while (!bytes.empty() && outcome) {
            const std::size_t count = std::min(chunk, bytes.size());
            outcome = to.advance(bytes.first(count), answer);
            bytes = bytes.subspan(count);
        }
        return outcome;
    }

    void run(std::size_t chunk = 100'000) {
        Bytes toServer;
        clientOutcome = client->advance({}, toServer);
        for (int turn = 0; turn < 6 && !toServer.empty(); ++turn) {
            clientBytes += toServer.size();
            Bytes toClient;
            serverOutcome = feed(*server, toServer, toClient, chunk);
            serverBytes += toClient.size();
            toServer.clear();
            if (clientOutcome) clientOutcome = feed(*client, toClient, toServer, chunk);
        }
    }

    [[nodiscard]] bool bothDone() const {
        return clientOutcome && serverOutcome && client->isDone() && server->isDone();
    }
};

HandshakeOptions options(Side side, const Authority& authority, std::shared_ptr<const Credentials> own) {
    HandshakeOptions out;
    out.side = side;
    out.alpn = "kith-peer";
    out.own = std::move(own);
    out.trust = authority.trust();
    out.now = authority.now;
    return out;
}

}  // namespace

class HandshakeTest : public QObject {
    Q_OBJECT

private slots:
    void bothShowWhoTheyAre() {
        Authority authority;
        const auto alice = authority.person(kAlice);
        const auto bob = authority.person(kBob);
        Pair pair(options(Side::Client, authority, alice), options(Side::Server, authority, bob));
        pair.run();
        QVERIFY(pair.bothDone());
        QCOMPARE(std::get<PersonIdentity>(pair.client->peer()).user, kBob);
        QCOMPARE(std::get<PersonIdentity>(pair.server->peer()).user, kAlice);
        QCOMPARE(pair.client->peerChain(), bob->chain);
        QCOMPARE(pair.server->peerChain(), alice->chain);
        QVERIFY2(pair.clientBytes < 1900 && pair.serverBytes < 1900, "about 1.5 kB each way");
    }

    void theExporterIsTheSameOnBothSides() {
        Authority authority;
        const auto alice = authority.person(kAlice);
        const auto bob = authority.person(kBob);
        ByteArray<32> before{};
        for (int i = 0; i < 2; ++i) {
            Pair pair(options(Side::Client, authority, alice), options(Side::Server, authority, bob));
            pair.run();
            const auto a = pair.client->takeSecrets();
            const auto b = pair.server->takeSecrets();
            QCOMPARE(a.secret, b.secret);
            QCOMPARE(a.clientHeaderKey, b.clientHeaderKey);
            QCOMPARE(a.serverHeaderKey, b.serverHeaderKey);
            QVERIFY(a.secret != a.clientHeaderKey && a.clientHeaderKey != a.serverHeaderKey && a.secret != before);
            before = a.secret;
        }
    }

    void bytesMayComeOneByOne() {
        Authority authority;
        Pair pair(options(Side::Client, authority, authority.person(kAlice)),
                  options(Side::Server, authority, authority.person(kBob)));
        pair.run(1);
        QVERIFY(pair.bothDone());
    }

    void anAnonymousClientIsLetInWhereThatIsAllowed() {
        Authority authority;
        auto server = options(Side::Server, authority, authority.loginServer());
        server.demandPeer = false;
        Pair pair(options(Side::Client, authority, nullptr), server);
        pair.run();
        QVERIFY(pair.bothDone());
        QVERIFY(std::holds_alternative<Anonymous>(pair.server->peer()));
        QVERIFY(pair.server->peerChain().empty());
        QVERIFY(std::holds_alternative<LoginServerIdentity>(pair.client->peer()));
    }

    void aMissingCertificateIsRefusedWhereOneIsDemanded() {
        Authority authority;
        Pair pair(options(Side::Client, authority, nullptr), options(Side::Server, authority, authority.person(kBob)));
        pair.run();
        QCOMPARE(pair.serverOutcome.error().fault, Fault::CertificateInvalid);
        QVERIFY(!pair.server->isDone());
        QCOMPARE(pair.clientOutcome.error().fault, Fault::Refused);  // by the alert
    }

    void anotherNetworksServerIsTold() {
        Authority ours(1);
        Authority theirs(2);
        auto server = options(Side::Server, theirs, theirs.loginServer());
        server.demandPeer = false;
        Pair pair(options(Side::Client, ours, nullptr), server);
        pair.run();
        QCOMPARE(pair.clientOutcome.error().fault, Fault::WrongRootKey);
        QCOMPARE(pair.serverOutcome.error().fault, Fault::Refused);
        QVERIFY(!pair.client->isDone() && !pair.server->isDone());
    }

    void anotherNetworksClientIsRefused() {
        Authority ours(1);
        Authority theirs(2);
        auto client = options(Side::Client, theirs, theirs.person(kAlice));
        client.trust = ours.trust();
        Pair pair(client, options(Side::Server, ours, ours.person(kBob)));
        pair.run();
        QCOMPARE(pair.serverOutcome.error().fault, Fault::WrongRootKey);
        QVERIFY(!pair.server->isDone());
    }

    void aServerThatLooksExpiredFailsByItsDates() {
        Authority authority;
        auto client = options(Side::Client, authority, nullptr);
        client.now = authority.now + Days(365);  // the client's clock
        auto server = options(Side::Server, authority, authority.loginServer());
        server.demandPeer = false;
        Pair pair(client, server);
        pair.run();
        QCOMPARE(pair.clientOutcome.error().fault, Fault::CertificateDates);
    }

    void anExpiredClientHearsWhy() {
        Authority authority;
        auto server = options(Side::Server, authority, authority.issue([&](const auto& key) {
            return authority.issuer.person(key, kBob, {}, Validity::from(authority.now, Days(80)), authority.random);
        }));
        server.now = authority.now + Days(50);
        Pair pair(options(Side::Client, authority, authority.person(kAlice)), server);
        pair.run();
        QCOMPARE(pair.serverOutcome.error().fault, Fault::CertificateDates);
        QCOMPARE(pair.clientOutcome.error().fault, Fault::CredentialExpired);
    }

    void aCertificateForSomethingElseIsRefused() {
        Authority authority;
        auto client = options(Side::Client, authority, authority.access());
        client.peerUse = Use::Supernode;
        auto server = options(Side::Server, authority, authority.supernode());
        server.peerUse = Use::Access;
        Pair fits(client, server);
        fits.run();
        QVERIFY(fits.bothDone());

        // A person's certificate does not make a supernode, nor a supernode's a person.
        auto impostor = server;
        impostor.own = authority.person(kBob);
        Pair wrongServer(client, impostor);
        wrongServer.run();
        QCOMPARE(wrongServer.clientOutcome.error().fault, Fault::CertificateInvalid);
        auto named = client;
        named.own = authority.person(kAlice);
        Pair wrongClient(named, server);
        wrongClient.run();
        QCOMPARE(wrongClient.serverOutcome.error().fault, Fault::CertificateInvalid);
    }

    void anotherProtocolIsRefused() {
        Authority authority;
        auto client = options(Side::Client, authority, authority.person(kAlice));
        client.alpn = "kith-login";
        Pair pair(client, options(Side::Server, authority, authority.person(kBob)));
        pair.run();
        QCOMPARE(pair.serverOutcome.error().fault, Fault::Refused);
        QCOMPARE(pair.clientOutcome.error().fault, Fault::Refused);
        QVERIFY(!pair.client->isDone() && !pair.server->isDone());
    }

    void aStolenCertificateIsNoUseWithoutItsKey() {
        Authority authority;
        const auto bob = authority.person(kBob);
        auto thief = std::make_shared<Credentials>(*bob);
        thief->key = authority.person(kAlice)->key;
        Pair pair(options(Side::Client, authority, thief), options(Side::Server, authority, bob));
        pair.run();
        QVERIFY(!pair.clientOutcome);
        QVERIFY(!pair.server->isDone());
    }

    void garbageEndsIt() {
        Authority authority;
        test::SeededRandom random(7);
        for (int i = 0; i < 300; ++i) {
            const auto server = makeTlsHandshake(options(Side::Server, authority, authority.loginServer()));
            Bytes noise(1 + random.below(400));
            random.fill(noise);
            if (i % 2 == 0) noise[0] = std::byte{22};
            Bytes out;
            const auto outcome = server->advance(noise, out);
            QVERIFY(!server->isDone());
            if (!outcome) {
                QVERIFY(!server->advance({}, out));  // it stays ended
            }
        }
    }

    void alteredBytesNeverComplete() {
        Authority authority;
        const auto alice = authority.person(kAlice);
        const auto bob = authority.person(kBob);
        Bytes hello;
        Bytes answer;
        for (std::size_t at = 0;; at += 13) {
            Pair pair(options(Side::Client, authority, alice), options(Side::Server, authority, bob));
            hello.clear();
            answer.clear();
            QVERIFY(pair.client->advance({}, hello));
            QVERIFY(pair.server->advance(hello, answer));
            if (at >= answer.size()) break;
            answer[at] ^= std::byte{1};
            Bytes last;
            const auto outcome = pair.client->advance(answer, last);
            QVERIFY(!outcome || !pair.client->isDone());
        }
    }

    void aFloodIsCutOff() {
        Authority authority;
        const auto server = makeTlsHandshake(options(Side::Server, authority, authority.loginServer()));
        Bytes out;
        Result<void> outcome;
        // Records that announce a huge client hello
        Bytes record{std::byte{22}, std::byte{3}, std::byte{1}, std::byte{0x3f}, std::byte{0}};
        record.resize(5 + 0x3f00);
        record[5] = std::byte{1};
        record[6] = std::byte{1};
        for (int i = 0; i < 4 && outcome; ++i) outcome = server->advance(record, out);
        QVERIFY(!outcome);
    }

    void brokenCredentialsAreTold() {
        Authority authority;
        auto broken = std::make_shared<Credentials>(*authority.person(kAlice));
        broken->chain[0].resize(20);
        const auto client = makeTlsHandshake(options(Side::Client, authority, broken));
        Bytes out;
        QCOMPARE(client->advance({}, out).error().fault, Fault::CertificateInvalid);
    }
};

KITH_TEST(HandshakeTest);
#include "handshake_test.moc"
