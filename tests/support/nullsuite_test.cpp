// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/nullsuite.h"

#include <QTest>

#include "tests/support/authority.h"
#include "tests/support/nullobfuscation.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::test;

namespace {

struct Outcome {
    std::unique_ptr<crypto::Handshake> client;
    std::unique_ptr<crypto::Handshake> server;
    std::optional<Fault> clientFault;
    std::optional<Fault> serverFault;
};

}  // namespace

class NullSuiteTest : public QObject {
    Q_OBJECT

private slots:
    void bothEndsHaveTheSameSecretsAndKnowEachOther() {
        Outcome outcome = shake(clientOptions(), serverOptions());
        QVERIFY(outcome.client->isDone() && outcome.server->isDone());
        const auto ours = outcome.client->takeSecrets();
        const auto theirs = outcome.server->takeSecrets();
        QVERIFY(ours.secret == theirs.secret);
        QVERIFY(ours.clientHeaderKey == theirs.clientHeaderKey);
        QVERIFY(ours.serverHeaderKey == theirs.serverHeaderKey);
        QVERIFY(ours.clientHeaderKey != ours.serverHeaderKey);
        QVERIFY(std::holds_alternative<crypto::SupernodeIdentity>(outcome.client->peer()));
        QVERIFY(std::holds_alternative<crypto::AccessIdentity>(outcome.server->peer()));
        QCOMPARE(outcome.client->peerChain().size(), std::size_t{3});
        QVERIFY(ours.secret != shake(clientOptions(), serverOptions()).client->takeSecrets().secret);
    }

    void anAnonymousClientWhereOneIsLetIn() {
        auto client = clientOptions();
        client.own = nullptr;
        QCOMPARE(shake(client, serverOptions()).serverFault, std::optional(Fault::CertificateInvalid));
        auto server = serverOptions();
        server.demandPeer = false;
        const Outcome outcome = shake(client, server);
        QVERIFY(outcome.server->isDone());
        QVERIFY(std::holds_alternative<crypto::Anonymous>(outcome.server->peer()));
    }

    void whatTlsWouldRefuse() {
        auto server = serverOptions();
        server.alpn = "kith-login";
        QVERIFY(shake(clientOptions(), server).serverFault.has_value());

        auto late = clientOptions();
        late.now += crypto::kRootLife;
        QCOMPARE(shake(late, serverOptions()).clientFault, std::optional(Fault::CertificateDates));

        auto stranger = clientOptions();
        stranger.trust = Authority(7).trust();
        QCOMPARE(shake(stranger, serverOptions()).clientFault, std::optional(Fault::WrongRootKey));

        auto wrongUse = serverOptions();
        wrongUse.own = m_authority.loginServer();
        QCOMPARE(shake(clientOptions(), wrongUse).clientFault, std::optional(Fault::CertificateInvalid));
    }

    void aProvenChainOfAnotherNetworkIsStillAnother() {
        QVERIFY(m_suite.identify(serverOptions().own->chain, m_authority.trust(), Authority::kNow));
        QVERIFY(!m_suite.identify(serverOptions().own->chain, Authority(7).trust(), Authority::kNow));
    }

    void signaturesFitOneMessageAndOneKey() {
        const auto key = crypto::SigningKey::generate(m_random);
        const auto other = crypto::SigningKey::generate(m_random);
        const auto signature = m_suite.sign(key, asBytes("message"));
        QVERIFY(m_suite.verify(key.publicKey(), asBytes("message"), signature));
        QVERIFY(!m_suite.verify(key.publicKey(), asBytes("massage"), signature));
        QVERIFY(!m_suite.verify(other.publicKey(), asBytes("message"), signature));
    }

    void obfuscationNoticesAnotherSeed() {
        NullObfuscation obfuscation;
        Bytes data = toBytes("plain");
        const auto checksum = obfuscation.cover(5, data);
        QVERIFY(obfuscation.uncover(5, data, checksum));
        QVERIFY(!obfuscation.uncover(6, data, checksum));
        QVERIFY(data == toBytes("plain"));
    }

private:
    crypto::HandshakeOptions clientOptions() {
        crypto::HandshakeOptions out;
        out.side = crypto::Side::Client;
        out.alpn = "kith-node";
        out.own = m_access;
        out.peerUse = crypto::Use::Supernode;
        out.trust = m_authority.trust();
        out.now = Authority::kNow;
        return out;
    }
    crypto::HandshakeOptions serverOptions() {
        crypto::HandshakeOptions out = clientOptions();
        out.side = crypto::Side::Server;
        out.own = m_supernode;
        out.peerUse = crypto::Use::Access;
        return out;
    }
    /// Every byte on its own: flights come in pieces.
    static std::optional<Fault> pass(crypto::Handshake& to, const Bytes& bytes, Bytes& out) {
        for (const std::byte b : bytes)
            if (const auto taken = to.advance(ByteView(&b, 1), out); !taken) return taken.error().fault;
        return std::nullopt;
    }
    Outcome shake(const crypto::HandshakeOptions& client, const crypto::HandshakeOptions& server) {
        Outcome out{m_suite.handshake(client), m_suite.handshake(server), {}, {}};
        Bytes toServer;
        static_cast<void>(out.client->advance({}, toServer));
        for (int flight = 0; flight < 3 && !out.clientFault && !out.serverFault; ++flight) {
            Bytes toClient;
            out.serverFault = pass(*out.server, toServer, toClient);
            toServer.clear();
            out.clientFault = pass(*out.client, toClient, toServer);
        }
        return out;
    }

    Authority m_authority;
    SeededRandom m_random{5};
    NullSuite m_suite{m_random};
    std::shared_ptr<crypto::Credentials> m_access = m_authority.access();
    std::shared_ptr<crypto::Credentials> m_supernode = m_authority.supernode();
};

KITH_TEST(NullSuiteTest);
#include "nullsuite_test.moc"
