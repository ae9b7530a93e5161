// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/overlay/supernode.h"

#include <QTest>

#include "tests/support/nulllog.h"
#include "tests/support/seededrandom.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::overlay;
using namespace std::chrono_literals;

namespace {

struct World {
    test::SeededRandom random;
    test::NullLog log;
    Supernode::Options options;
    Supernode node;
    Now now;
    Output out;
    wire::RequestId lastRequest = 0;

    explicit World(Supernode::Options o = {}) : options(named(std::move(o))), node(options, random, log) {}
    static Supernode::Options named(Supernode::Options o) {
        o.node.bytes[0] = std::byte{9};
        return o;
    }

    void open(session::LinkNumber link, crypto::PeerIdentity who, session::Path path = session::TcpPath{1}) {
        node.linkOpened(now, {link, session::Role::Node, true, std::move(who), {}, path});
        take();
    }
    void openClient(session::LinkNumber link) {
        crypto::AccessIdentity id;
        id.id[0] = static_cast<std::byte>(link);
        open(link, id, session::UdpPath{{IpAddress::v4(1, 2, 3, 4), static_cast<std::uint16_t>(5000 + link)}});
    }
    LocationId attach(session::LinkNumber link) {
        openClient(link);
        return ask<Attached>(link, Attach{})->location;
    }
    void take() {
        out.clear();
        node.take(out);
    }
    template <wire::Message M>
    void say(session::LinkNumber link, const M& message, std::optional<wire::RequestId> request = {}) {
        node.receive(now, link, wire::encodeCommand(message, request));
        take();
    }
    /// The command of this kind to this link among what was sent last.
    template <wire::Message M>
    std::optional<M> sent(session::LinkNumber link) {
        for (const auto& command : out.commands) {
            const auto view = wire::parseCommand(command.command);
            if (command.link == link && view && view->number == M::kNumber) return *wire::decode<M>(*view);
        }
        return std::nullopt;
    }
    template <wire::Message Answer, wire::Message M>
    std::optional<Answer> ask(session::LinkNumber link, const M& message) {
        say(link, message, ++lastRequest);
        for (const auto& command : out.commands)
            if (command.link == link && wire::parseCommand(command.command)->requestId == lastRequest)
                return sent<Answer>(link);
        return std::nullopt;
    }
    Reach reachTo(const LocationId& location, std::string_view sealed = "sealed") {
        return {options.node, location, toBytes(sealed)};
    }
};

}  // namespace

class SupernodeTest : public QObject {
    Q_OBJECT

private slots:
    void onlyAccessCertificatesAreLetIn() {
        for (const crypto::PeerIdentity& who :
             {crypto::PeerIdentity(crypto::Anonymous{}), crypto::PeerIdentity(crypto::PersonIdentity{}),
              crypto::PeerIdentity(crypto::LoginServerIdentity{})}) {
            World w;
            w.open(1, who);
            QCOMPARE(w.out.closes.size(), 1U);
            QVERIFY(w.out.closes[0].reason == Fault::Refused);
            w.say(1, Attach{}, 1);
            QVERIFY(w.out.commands.empty());
        }
    }

    void aClientAttachesAndLearnsHowItIsSeen() {
        World w;
        w.openClient(1);
        QVERIFY(!w.node.serves(1));
        const auto attached = w.ask<Attached>(1, Attach{});
        QVERIFY(attached && !attached->location.isNull());
        QVERIFY(attached->seen == (Endpoint{IpAddress::v4(1, 2, 3, 4), 5001}));
        QVERIFY(w.node.serves(1));
        w.node.linkClosed(1);
        QVERIFY(!w.node.serves(1));
        QCOMPARE(w.node.clientCount(), 0U);
    }

    void nothingIsServedBeforeAttach() {
        World w;
        const auto bob = w.attach(2);
        w.openClient(1);
        QVERIFY(!w.ask<PassedOn>(1, w.reachTo(bob)));
        QVERIFY(w.out.commands.empty());
        QCOMPARE(w.node.refusedCommands(), 1U);
    }

    void anAttemptIsPassedOnAndTheChannelCarries() {
        World w;
        w.attach(1);
        const auto bob = w.attach(2);
        const auto passed = w.ask<PassedOn>(1, w.reachTo(bob, "who I am"));
        QVERIFY(passed.has_value());
        const auto reached = w.sent<Reached>(2);
        QVERIFY(reached && asText(reached->sealed) == "who I am");
        QVERIFY(reached->channel != passed->channel);

        w.node.receive(w.now, session::ForwardReceived{1, passed->channel, toBytes("frame")});
        w.take();
        QVERIFY(w.out.forwards.entries().empty());
        w.say(2, AcceptChannel{reached->channel});
        QCOMPARE(w.out.forwards.entries().size(), 1U);
        QCOMPARE(w.out.forwards.entries()[0].link, session::LinkNumber{2});
        QVERIFY(asText(w.out.forwards.frameOf(w.out.forwards.entries()[0])) == "frame");

        w.node.linkClosed(2);
        w.take();
        QVERIFY(w.sent<CloseChannel>(1)->channel == passed->channel);
    }

    void theAnswerDoesNotTellWhoIsThere() {
        World w;
        w.attach(1);
        const auto bob = w.attach(2);
        auto elsewhere = w.reachTo(bob);
        elsewhere.supernode.bytes[0] = std::byte{1};
        const auto here = w.ask<PassedOn>(1, w.reachTo(bob));
        const auto nobody = w.ask<PassedOn>(1, w.reachTo(LocationId::random(w.random)));
        const auto other = w.ask<PassedOn>(1, elsewhere);
        QVERIFY(here && nobody && other);
        QVERIFY(!w.sent<Reached>(2));
        for (int i = 0; i < 1000; ++i) QVERIFY(w.ask<PassedOn>(1, w.reachTo(bob)));
        QVERIFY(!w.sent<Reached>(2));  // over the limit, and it looks the same
        QVERIFY(!w.ask<PassedOn>(1, w.reachTo(bob))->channel.isNull());
    }

    void nobodyIsFloodedWithAttempts() {
        Supernode::Options options;
        options.reached = {1, 10};
        World w(options);
        const auto bob = w.attach(200);
        int reached = 0;
        for (session::LinkNumber link = 1; link <= 30; ++link) {
            w.attach(link);
            w.ask<PassedOn>(link, w.reachTo(bob));
            reached += w.sent<Reached>(200).has_value();
        }
        QCOMPARE(reached, 10);
    }

    void whoComesBackKeepsItsPlace() {
        World w;
        w.attach(1);
        const auto bob = w.attach(2);
        crypto::AccessIdentity same;
        same.id[0] = std::byte{2};
        w.open(7, same);
        QVERIFY(w.ask<Attached>(7, Attach{})->location == bob);
        QCOMPARE(w.out.closes.size(), 1U);
        QCOMPARE(w.out.closes[0].link, session::LinkNumber{2});
        w.node.linkClosed(2);
        w.ask<PassedOn>(1, w.reachTo(bob));
        QVERIFY(w.sent<Reached>(7).has_value());
    }

    void aFullSupernodeSaysSo() {
        Supernode::Options options;
        options.registrar.maxClients = 1;
        World w(options);
        w.attach(1);
        w.openClient(2);
        QVERIFY(!w.ask<Attached>(2, Attach{}));
        QCOMPARE(w.out.closes.size(), 1U);
        QVERIFY(w.out.closes[0].reason == Fault::Busy);
    }

    void withdrawnAccessEndsAtOnce() {
        World w;
        w.attach(1);
        AccessId id;
        id.bytes[0] = std::byte{1};
        w.node.withdraw(std::vector{id});
        w.take();
        QCOMPARE(w.out.closes.size(), 1U);
        QVERIFY(w.out.closes[0].reason == Fault::AccountDisabled);
        QVERIFY(!w.node.serves(1));
        w.openClient(1);
        QCOMPARE(w.out.closes.size(), 1U);
        w.node.withdraw({});
        w.attach(1);
        QVERIFY(w.node.serves(1));
    }

    void othersAreNamed() {
        World w;
        w.attach(1);
        std::vector<SupernodeEntry> known;
        for (std::uint8_t i = 0; i < 80; ++i) known.push_back({{IpAddress::v4(9, 9, 9, i), 33033}, NodeId{}});
        w.node.know(known);
        const auto some = w.ask<Supernodes>(1, MoreSupernodes{7});
        QVERIFY(some && some->supernodes.size() == 7);
        QCOMPARE(w.ask<Supernodes>(1, MoreSupernodes{4'000'000'000})->supernodes.size(), kMaxSupernodeEntries);
        QVERIFY(w.ask<Supernodes>(1, MoreSupernodes{7})->supernodes != some->supernodes);
    }

    void rubbishIsCounted() {
        World w;
        w.attach(1);
        w.node.receive(w.now, 1, asBytes("rubbish"));
        w.node.receive(w.now, 1, {});
        w.say(1, Attached{});
        w.say(1, w.reachTo(LocationId{}, std::string(kMaxSealedReach + 1, 'x')), 1);
        QCOMPARE(w.node.refusedCommands(), 4U);
        QVERIFY(w.out.commands.empty());
    }
};

KITH_TEST(SupernodeTest);

#include "supernode_test.moc"
