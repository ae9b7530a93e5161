// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/server/enrolment.h"

#include <QTest>

#include "protocol/server/server.h"
#include "tests/support/memoryaccounts.h"
#include "tests/support/testmain.h"
#include "tests/support/transportworld.h"

using namespace kith;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kCode = "0123-4567-89AB-CDEF-GHJK-MNPQ";

/// One server on the network, with a disk in memory.
struct Machine {
    Machine(test::TransportWorld& n, std::string_view address, const server::Server::Options& options,
            const server::ServerIdentity& i)
        : net(n),
          identity(i),
          node(net.add(address, server::Server::transportOptions(options, identity))),
          server(options, identity, {node.transport, node.suite, node.random, node.log}) {}

    void step() {
        while (seen < node.events.size()) server.receive(net.now(), session::Event(node.events[seen++]));
        if (server.nextWake() <= net.now().at) server.wake(net.now());
        std::vector<server::StoreOrder> orders;
        server.take(orders);
        for (const auto& order : orders)
            if (const auto* asked = std::get_if<login::StoreRequest>(&order))
                server.receive(net.now(), disk.carryOut(*asked));
        if (auto fresh = server.takeKeys()) kept = std::move(fresh);
    }

    test::TransportWorld& net;
    server::ServerIdentity identity;
    test::TransportNode& node;
    server::Server server;
    test::MemoryAccounts disk;
    std::optional<server::NodeKeys> kept;
    std::size_t seen = 0;
};

server::Server::Options role(bool login) {
    server::Server::Options options;
    options.login = login;
    options.supernode = !login;
    return options;
}

/// A login server, and a supernode elsewhere.
struct Two {
    Two()
        : keys(server::ServerKeys::make(net.authority.rootKey, test::Authority::kNow, net.random)),
          login(net, "198.51.100.1:33033", role(true), server::ServerIdentity::make(keys).value()),
          nodeKeys(server::NodeKeys::make(std::string(kCode), net.random)) {
        login::RootPart part;
        part.number = 1;
        login.server.setRootPart(wire::encodeObjects(
            login::signRootPart(login.node.suite, login.identity.trust().network, part, net.authority.rootKey)));
        login.disk.nodeCodes[login::nodeCodeHash(kCode)];
        login.server.start(net.now());
    }
    void startNode(std::string_view address = "198.51.100.2:33033") {
        node = std::make_unique<Machine>(net, address, role(false),
                                         server::ServerIdentity::ofNode(nodeKeys, login.identity.trust()).value());
        node->server.enrol(nodeKeys);
        node->server.setLoginServers({login.node.address});
        node->server.start(net.now());
    }
    bool until(const std::function<bool()>& condition, Duration most = 30s) {
        for (const Instant end = net.now().at + most; net.now().at < end && !condition();) {
            net.run(5ms);
            login.step();
            if (node) node->step();
            net.settle();
        }
        return condition();
    }
    void pass(Duration time) {
        until([] { return false; }, time);
    }
    /// Whether a client with this access certificate is let in and stays.
    bool isServed(test::TransportNode& client) {
        const auto link =
            client.transport.connect(net.now(), session::Role::Node, session::UdpPath{node->node.address});
        net.settle();
        pass(2s);
        const auto closed = client.last<session::LinkClosed>();
        const auto opened = client.last<session::LinkOpened>();
        return opened && opened->link == link && !(closed && closed->link == link);
    }

    test::TransportWorld net;
    server::ServerKeys keys;
    Machine login;
    server::NodeKeys nodeKeys;
    std::unique_ptr<Machine> node;
};

}  // namespace

/// A supernode that stands apart from its login server.
class EnrolmentTest : public QObject {
    Q_OBJECT

private slots:
    void theCodeMakesItASupernode() {
        Two two;
        two.startNode();
        auto& client = two.net.addClient("203.0.113.7:5000");
        QVERIFY(two.until([&] { return two.node->kept.has_value(); }));
        QVERIFY(two.node->kept->code.empty());
        QVERIFY(two.isServed(client));
        const auto opened = client.last<session::LinkOpened>();
        const auto* shown = std::get_if<crypto::SupernodeIdentity>(&opened->peer);
        QVERIFY(shown && shown->node == two.node->identity.node());
        // The link to the login server is closed between two rounds.
        QCOMPARE(two.login.node.transport.linkCount(), std::size_t{0});
    }

    void withoutACertificateNobodyIsServed() {
        Two two;
        two.login.disk.nodeCodes.clear();
        two.startNode();
        two.pass(5s);
        QVERIFY(!two.node->kept);
        QVERIFY(!two.isServed(two.net.addClient("203.0.113.7:5000")));
    }

    void aCodeIsGoodForOneNode() {
        Two two;
        two.startNode();
        QVERIFY(two.until([&] { return two.node->kept.has_value(); }));
        // The same node may ask again: its answer, or the power, may have been lost.
        two.node->server.enrol(two.nodeKeys);
        two.node->kept.reset();
        two.node->server.setLoginServers({two.login.node.address});
        QVERIFY(two.until([&] { return two.node->kept.has_value(); }));
        two.nodeKeys = server::NodeKeys::make(std::string(kCode), two.net.random);
        two.startNode("198.51.100.3:33033");
        two.pass(10s);
        QVERIFY(!two.node->kept);
    }

    void aPersonsInvitationIsNoCode() { QVERIFY(login::nodeCodeHash(kCode) != login::invitationHash(kCode)); }

    void theCertificateIsRenewedEveryDayWithoutACode() {
        Two two;
        two.startNode();
        QVERIFY(two.until([&] { return two.node->kept.has_value(); }));
        const auto first = *std::exchange(two.node->kept, {});
        two.login.disk.nodeCodes.clear();
        two.pass(23h);
        QVERIFY(!two.node->kept);
        QVERIFY(two.until([&] { return two.node->kept.has_value(); }, 2h));
        QVERIFY(two.node->kept->chain != first.chain);
    }

    void aCertificateUnderAStolenIntermediateRenewsNothing() {
        Two two;
        two.startNode();
        QVERIFY(two.until([&] { return two.node->kept.has_value(); }));
        two.node->kept.reset();
        login::RootPart part;
        part.number = 2;
        part.revokedIntermediates = {crypto::sha256(two.keys.intermediateCertificate)};
        QVERIFY(two.keys.renew(two.net.authority.rootKey, two.net.now().seconds(), two.net.random));
        const Bytes document = wire::encodeObjects(login::signRootPart(
            two.login.node.suite, two.login.identity.trust().network, part, two.net.authority.rootKey));
        two.login.server.renewed(two.net.now(), server::ServerIdentity::make(two.keys).value(), document);
        two.pass(26h);
        QVERIFY(!two.node->kept);
    }

    void anotherNodesCertificateRenewsNothing() {
        Two two;
        two.startNode();
        QVERIFY(two.until([&] { return two.node->kept.has_value(); }));
        auto thief = server::NodeKeys::make({}, two.net.random);
        thief.chain = two.node->kept->chain;
        two.nodeKeys = thief;
        two.net.run(25h);
        two.startNode("198.51.100.3:33033");
        two.pass(10s);
        QVERIFY(!two.node->kept);
    }

    void withdrawnAccessIsLearnedWithinAnHour() {
        Two two;
        two.startNode();
        auto& client = two.net.addClient("203.0.113.7:5000");
        QVERIFY(two.until([&] { return two.node->kept.has_value(); }));
        QVERIFY(two.isServed(client));
        const auto seen = two.node->node.last<session::LinkOpened>();
        two.login.disk.withdrawn = {std::get<crypto::AccessIdentity>(seen->peer).id};
        QVERIFY(two.until([&] { return client.last<session::LinkClosed>().has_value(); }, 3h));
        QVERIFY(client.last<session::LinkClosed>()->reason == Fault::AccountDisabled);
    }

    void aLoginServerThatIsAwayIsAskedAgain() {
        Two two;
        two.net.refusesTcp = two.login.node.address;
        two.startNode();
        two.pass(1min);
        QVERIFY(!two.node->kept);
        two.net.refusesTcp.reset();
        QVERIFY(two.until([&] { return two.node->kept.has_value(); }, 5min));
    }
};

KITH_TEST(EnrolmentTest);

#include "enrolment_test.moc"
