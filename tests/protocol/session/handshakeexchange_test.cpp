// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QTest>

#include "protocol/crypto/modernsuite.h"
#include "protocol/session/handshakes.h"
#include "protocol/wire/payload.h"
#include "tests/support/authority.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::session;
using namespace std::chrono_literals;
using Phase = HandshakeExchange::Phase;

namespace {

Now nowAt(Duration time) {
    return {Instant{} + time, UnixMillis{test::Authority::kNow}};
}
wire::HandshakePart partOf(ByteView command) {
    return wire::decode<wire::HandshakePart>(*wire::parseCommand(command)).value();
}
std::vector<wire::HandshakePart> taken(HandshakeExchange& exchange) {
    std::vector<Bytes> commands;
    exchange.take(commands);
    std::vector<wire::HandshakePart> out;
    for (const auto& command : commands) out.push_back(partOf(command));
    return out;
}

struct Ends {
    explicit Ends(bool isReliable = false) {
        HandshakeExchange::Options options;
        options.role = Role::Node;
        options.ours = link::LinkId::random(authority.random);
        options.token = Bytes(16, std::byte{9});
        options.isReliable = isReliable;
        client.emplace(nowAt(0s), options, tls(crypto::Side::Client, authority.access()));
        options.theirs = options.ours;
        options.ours = link::LinkId::random(authority.random);
        options.side = crypto::Side::Server;
        options.token.reset();
        server.emplace(nowAt(0s), options, tls(crypto::Side::Server, authority.supernode()));
    }
    std::unique_ptr<crypto::Handshake> tls(crypto::Side side, std::shared_ptr<const crypto::Credentials> own) {
        auto options = handshakeOptions(Role::Node, side);
        options.own = std::move(own);
        options.trust = authority.trust();
        options.now = test::Authority::kNow;
        return suite.handshake(options);
    }

    test::Authority authority;
    crypto::ModernSuite suite;
    std::optional<HandshakeExchange> client;
    std::optional<HandshakeExchange> server;
};

}  // namespace

class HandshakeExchangeTest : public QObject {
    Q_OBJECT

private slots:
    void aFlightIsSentTwiceAndThenByPtoUntilItIsGivenUp() {
        Ends ends;
        ends.client->start(nowAt(0s));
        QCOMPARE(taken(*ends.client).size(), std::size_t(1));
        std::vector<Duration> times;
        while (ends.client->phase() == Phase::Running) {
            const Instant next = ends.client->nextWake();
            ends.client->wake({next, {}});
            if (!taken(*ends.client).empty()) times.push_back(next - Instant{});
        }
        const std::vector<Duration> beginning(times.begin(), times.begin() + 4);
        QCOMPARE(beginning, (std::vector<Duration>{15ms, 500ms, 1500ms, 3500ms}));
        QVERIFY(times.size() <= 10);
        QCOMPARE(ends.client->fault(), Fault::TimedOut);
        QCOMPARE(ends.client->nextWake(), kNever);
    }

    void onAReliableCarrierNothingIsSentTwice() {
        Ends ends(true);
        ends.client->start(nowAt(0s));
        QCOMPARE(taken(*ends.client).size(), std::size_t(1));
        QCOMPARE(ends.client->nextWake(), nowAt(HandshakeExchange::kClientTime).at);
    }

    void theTokenIsShownUntilTheOtherEndIsKnown() {
        Ends ends;
        ends.client->start(nowAt(0s));
        const auto first = taken(*ends.client).front();
        QCOMPARE(first.token, std::optional(Bytes(16, std::byte{9})));
        QVERIFY(!first.otherLink);
        ends.server->receive(nowAt(10ms), first);
        for (auto& part : taken(*ends.server)) {
            QVERIFY(!part.token);
            QCOMPARE(part.otherLink, std::optional(first.ownLink));
            ends.client->receive(nowAt(20ms), part);
        }
        QCOMPARE(ends.client->phase(), Phase::Done);
        for (const auto& part : taken(*ends.client)) {
            QVERIFY(!part.token);
            QVERIFY(part.otherLink);
        }
    }

    void bothEndsComeToTheSameSecrets() {
        Ends ends;
        ends.client->start(nowAt(0s));
        for (int i = 0; i < 4; ++i) {
            for (auto& part : taken(*ends.client)) ends.server->receive(nowAt(10ms), part);
            ends.server->wake(nowAt(16ms));
            for (auto& part : taken(*ends.server)) ends.client->receive(nowAt(20ms), part);
        }
        QCOMPARE(ends.server->phase(), Phase::Done);
        // It has heard that the server has everything.
        QCOMPARE(ends.client->phase(), Phase::Confirmed);
        const auto atClient = ends.client->takeOutcome();
        const auto atServer = ends.server->takeOutcome();
        QVERIFY(atClient && atServer);
        QCOMPARE(atClient->secrets.secret, atServer->secrets.secret);
        QVERIFY(atClient->secrets.secret != ByteArray<32>{});
        QVERIFY(!ends.client->takeOutcome());
    }

    void anotherEndsPartsAreNotHeard() {
        Ends ends;
        ends.client->start(nowAt(0s));
        for (auto& part : taken(*ends.client)) ends.server->receive(nowAt(10ms), part);
        auto parts = taken(*ends.server);
        ends.client->receive(nowAt(20ms), parts.front());
        auto forged = parts.back();
        forged.ownLink[0] ^= std::byte{1};
        ends.client->receive(nowAt(20ms), forged);
        QCOMPARE(ends.client->phase(), Phase::Running);
        for (auto& part : parts) ends.client->receive(nowAt(20ms), part);
        QCOMPARE(ends.client->phase(), Phase::Done);
    }

    void everyPartFitsItsDatagram() {
        Ends ends;
        ends.client->start(nowAt(0s));
        std::vector<Bytes> commands;
        ends.client->take(commands);
        ends.server->receive(nowAt(10ms), partOf(commands.front()));
        ends.server->take(commands);
        for (const auto& command : commands) QVERIFY(command.size() <= wire::kMaxPlainCommand);
        QVERIFY(commands.size() >= 3);
    }

    // Whoever can prove one address, or owns a network, takes a quarter of the room at most.
    void oneAddressDoesNotTakeAllTheRoom() {
        test::Authority authority;
        crypto::ModernSuite suite;
        CredentialSet credentials;
        credentials[static_cast<std::size_t>(Role::Node)] = authority.supernode();
        Handshakes handshakes({authority.trust(), {Role::Node}, 16}, suite, authority.random, credentials);
        const auto knock = [&](std::uint8_t host, std::uint16_t port) {
            wire::HandshakePart part;
            part.role = static_cast<std::uint8_t>(Role::Node);
            part.ownLink = authority.random.bytes<8>();
            // The first byte of a ClientHello that never comes.
            part.tls = Bytes(1, std::byte{22});
            const Endpoint from{IpAddress::v4(192, 0, 2, host), port};
            handshakes.receive(nowAt(1s), UdpPath{from}, part, {true, true, from.address});
        };
        for (std::uint16_t port = 1; port <= 100; ++port) knock(1, port);
        QCOMPARE(handshakes.halfOpen(), std::size_t(4));
        for (std::uint8_t host = 2; host <= 100; ++host) knock(host, 1);
        QCOMPARE(handshakes.halfOpen(), std::size_t(16));
        QCOMPARE(handshakes.refused(), std::uint64_t(199 - 16));
        handshakes.wake(nowAt(1s + HandshakeExchange::kServerTime));
        QCOMPARE(handshakes.halfOpen(), std::size_t(0));
        knock(1, 7);
        QCOMPARE(handshakes.halfOpen(), std::size_t(1));
    }

    void whatDoesNotProveTheSecretLeavesNoTrace() {
        test::Authority authority;
        crypto::ModernSuite suite;
        CredentialSet credentials;
        credentials[static_cast<std::size_t>(Role::Peer)] = authority.person(UserName::parse("bob").value());
        Handshakes handshakes({authority.trust(), {}, 16}, suite, authority.random, credentials);
        const ChannelPath channel{1, ChannelId::random(authority.random)};
        const PeerSecret secret = authority.random.bytes<16>();
        handshakes.expect(nowAt(1s), channel, secret);
        wire::HandshakePart part;
        part.role = static_cast<std::uint8_t>(Role::Peer);
        part.ownLink = authority.random.bytes<8>();
        part.tls = Bytes(1, std::byte{22});
        const auto receive = [&](const wire::HandshakePart& shown) {
            handshakes.receive(nowAt(1s), channel, shown, {false, true, std::nullopt});
            return handshakes.halfOpen();
        };
        QCOMPARE(receive(part), std::size_t(0));
        const auto other = encodeProven(part, crypto::Secret<16>(authority.random.bytes<16>()));
        QCOMPARE(receive(partOf(other)), std::size_t(0));
        auto altered = partOf(encodeProven(part, crypto::Secret<16>(secret)));
        altered.tls.front() = std::byte{23};
        QCOMPARE(receive(altered), std::size_t(0));
        QCOMPARE(receive(partOf(encodeProven(part, crypto::Secret<16>(secret)))), std::size_t(1));
    }
};

KITH_TEST(HandshakeExchangeTest);
#include "handshakeexchange_test.moc"
