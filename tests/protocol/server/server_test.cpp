// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/server/server.h"

#include <QTest>

#include "tests/support/recordmaker.h"
#include "tests/support/testmain.h"
#include "tests/support/transportworld.h"

using namespace kith;
using namespace std::chrono_literals;

namespace {

/// A server and bare transports as its clients, on a network in virtual time.
struct World {
    test::TransportWorld net;
    server::Server::Options options;
    server::ServerKeys keys;
    server::ServerIdentity identity;
    test::TransportNode& node;
    std::unique_ptr<server::Server> server;
    std::size_t seen = 0;
    wire::RequestId request = 0;
    std::vector<server::StoreOrder> orders;
    std::vector<ByteArray<16>> withdrawn;  ///< what the store says

    explicit World(server::Server::Options o = {})
        : options(o),
          keys(server::ServerKeys::make(net.authority.rootKey, test::Authority::kNow, net.random)),
          identity(server::ServerIdentity::make(keys).value()),
          node(net.add("198.51.100.1:33033", server::Server::transportOptions(o, identity))) {
        server = std::make_unique<server::Server>(
            o, identity, server::Server::Environment{node.transport, node.suite, node.random, node.log});
        server->start(net.now());
    }

    void pass(Duration time) {
        for (const Instant until = net.now().at + time; net.now().at < until;) {
            net.run(5ms);
            while (seen < node.events.size()) server->receive(net.now(), session::Event(node.events[seen++]));
            if (server->nextWake() <= net.now().at) server->wake(net.now());
            serveStore();
            net.settle();
        }
    }
    /// A store that knows nobody.
    void serveStore() {
        std::vector<server::StoreOrder> fresh;
        server->take(fresh);
        for (const auto& order : fresh) {
            orders.push_back(order);
            const auto* asked = std::get_if<login::StoreRequest>(&order);
            if (!asked) continue;
            if (const auto* it = std::get_if<login::LoadRevocations>(asked))
                server->receive(net.now(), login::StoreAnswer{login::RevocationsLoaded{it->ticket, {}, withdrawn, {}}});
            if (const auto* it = std::get_if<login::LoadAccount>(asked))
                server->receive(net.now(), login::StoreAnswer{login::AccountLoaded{it->ticket, {}, {}}});
        }
    }
    bool until(const std::function<bool()>& condition, Duration most = 30s) {
        for (const Instant end = net.now().at + most; net.now().at < end; pass(5ms))
            if (condition()) return true;
        return condition();
    }
    session::LinkNumber connect(test::TransportNode& client, session::Role role = session::Role::Node) {
        const auto link = client.transport.connect(net.now(), role, session::UdpPath{node.address});
        net.settle();
        const bool open = until(
            [&] {
                const auto opened = client.last<session::LinkOpened>();
                return opened && opened->link == link;
            },
            10s);
        return open ? link : 0;
    }
    template <wire::Message Answer, wire::Message M>
    std::optional<Answer> ask(test::TransportNode& client, session::LinkNumber link, session::Stream stream,
                              const M& message) {
        ++request;
        client.transport.send(net.now(), link, stream, wire::encodeCommand(message, request));
        net.settle();
        std::optional<Answer> out;
        until(
            [&] {
                for (const auto& answer : client.all<session::CommandReceived>()) {
                    const auto view = wire::parseCommand(answer.command);
                    if (view && view->requestId == request && view->number == Answer::kNumber)
                        out = wire::decode<Answer>(*view).value();
                }
                return out.has_value();
            },
            5s);
        return out;
    }
    template <wire::Message M>
    std::vector<M> told(test::TransportNode& client) {
        std::vector<M> out;
        for (const auto& command : client.all<session::CommandReceived>()) {
            const auto view = wire::parseCommand(command.command);
            if (view && view->number == M::kNumber) out.push_back(wire::decode<M>(*view).value());
        }
        return out;
    }
};

constexpr auto kOverlay = session::Stream::Overlay;
constexpr auto kDirectory = session::Stream::Directory;
constexpr auto kPresence = session::Stream::Presence;

}  // namespace

class ServerTest : public QObject {
    Q_OBJECT

private slots:
    void twoClientsFindAndReachEachOther() {
        World w;
        auto& anna = w.net.addClient("203.0.113.7:5000");
        auto& bert = w.net.addClient("203.0.113.8:5000");
        test::RecordMaker person(w.net.authority, "bert");
        const auto annaLink = w.connect(anna);
        const auto bertLink = w.connect(bert);
        QVERIFY(annaLink && bertLink);
        QVERIFY(w.ask<overlay::Attached>(anna, annaLink, kOverlay, overlay::Attach{}));
        const auto attached = w.ask<overlay::Attached>(bert, bertLink, kOverlay, overlay::Attach{});
        QVERIFY(attached && attached->seen == bert.address);
        QCOMPARE(w.server->clientCount(), 2U);

        auto location = person.location();
        location.home = w.identity.node();
        location.location = attached->location;
        const auto published = w.ask<directory::Published>(
            bert, bertLink, kDirectory,
            directory::Publish{person.sign(person.record()), person.sign(person.list()), person.sign(location)});
        QVERIFY(published && !published->user->refusal && !published->location->refusal);
        QVERIFY(std::any_of(w.orders.begin(), w.orders.end(),
                            [](const auto& order) { return std::holds_alternative<directory::KeepRequest>(order); }));

        const auto found = w.ask<directory::Found>(anna, annaLink, kDirectory, directory::FindName{person.name});
        QVERIFY(found && found->user && found->locations.size() == 1);

        const auto passed = w.ask<overlay::PassedOn>(
            anna, annaLink, kOverlay, overlay::Reach{w.identity.node(), attached->location, toBytes("it is me")});
        QVERIFY(passed.has_value());
        QVERIFY(w.until([&] { return !w.told<overlay::Reached>(bert).empty(); }));
        const auto reached = w.told<overlay::Reached>(bert).at(0);
        QVERIFY(asText(reached.sealed) == "it is me");

        // The two devices now open a link of their own, frames crossing the supernode.
        anna.transport.setCredentials(session::Role::Peer, w.net.authority.person(UserName::parse("anna").value()));
        bert.transport.setCredentials(session::Role::Peer, person.devices[0]);
        bert.transport.expectPeer(w.net.now(), {bertLink, reached.channel});
        bert.transport.send(w.net.now(), bertLink, kOverlay,
                            wire::encodeCommand(overlay::AcceptChannel{reached.channel}));
        const auto peer =
            anna.transport.connect(w.net.now(), session::Role::Peer, session::ChannelPath{annaLink, passed->channel});
        w.net.settle();
        QVERIFY(w.until([&] { return bert.last<session::LinkOpened>()->role == session::Role::Peer; }, 10s));
        anna.transport.send(w.net.now(), peer, session::Stream::Chat, test::textCommand("hello bert"));
        w.net.settle();
        const auto incoming = bert.last<session::LinkOpened>()->link;
        QVERIFY(w.until(
            [&] { return bert.texts(incoming, session::Stream::Chat) == std::vector<std::string>{"hello bert"}; }));
    }

    void presenceIsToldAndEndsWithTheLink() {
        World w;
        auto& anna = w.net.addClient("203.0.113.7:5000");
        auto& bert = w.net.addClient("203.0.113.8:5000");
        const auto annaLink = w.connect(anna);
        const auto bertLink = w.connect(bert);
        const auto topicKey = crypto::SigningKey::generate(w.net.random);
        const TopicId topic = presence::topicOf(topicKey.publicKey());
        // Nothing for who has not attached.
        QVERIFY(!w.ask<presence::Watched>(anna, annaLink, kPresence, presence::Watch{{topic}}));
        w.ask<overlay::Attached>(anna, annaLink, kOverlay, overlay::Attach{});
        w.ask<overlay::Attached>(bert, bertLink, kOverlay, overlay::Attach{});
        QVERIFY(w.ask<presence::Watched>(anna, annaLink, kPresence, presence::Watch{{topic}}));

        presence::LeaseBody body;
        body.topicKey = topicKey.publicKey();
        body.sequence = 1;
        body.supernode = w.identity.node();
        body.expires = w.net.now().seconds() + presence::kLeaseLife;
        const auto lease = presence::signLease(bert.suite, w.identity.trust().network, body, topicKey);
        const auto leased = w.ask<presence::Leased>(bert, bertLink, kPresence, presence::Lease{lease});
        QVERIFY(leased && !leased->refusal);
        QVERIFY(w.until([&] { return w.told<presence::TopicChanged>(anna).size() == 1; }, 1s));

        bert.transport.close(w.net.now(), bertLink, Fault::Unreachable);
        w.net.settle();
        QVERIFY(w.until([&] { return w.told<presence::TopicChanged>(anna).size() == 2; }, 1s));
        QVERIFY(w.told<presence::TopicChanged>(anna)[1].ended.has_value());
        QCOMPARE(w.server->clientCount(), 1U);
    }

    void eitherRoleStandsAlone() {
        server::Server::Options loginOnly;
        loginOnly.supernode = false;
        World login(loginOnly);
        QCOMPARE(login.connect(login.net.addClient("203.0.113.7:5000")), 0U);
        QVERIFY(login.connect(login.net.addClient("203.0.113.8:5000"), session::Role::Login) != 0);

        server::Server::Options supernodeOnly;
        supernodeOnly.login = false;
        World node(supernodeOnly);
        QVERIFY(node.connect(node.net.addClient("203.0.113.7:5000")) != 0);
        QCOMPARE(node.connect(node.net.addClient("203.0.113.8:5000"), session::Role::Login), 0U);
    }

    void whoShowsNoCertificateIsTurnedAway() {
        World w;
        auto& stranger = w.net.add("203.0.113.9:5000", w.net.options());
        w.connect(stranger);
        QVERIFY(w.until([&] { return stranger.count<session::LinkClosed>() == 1; }));
        QVERIFY(stranger.last<session::LinkClosed>()->reason == Fault::Refused);
    }

    void theLoginServerAnswers() {
        World w;
        auto& anna = w.net.addClient("203.0.113.7:5000");
        const auto link = w.connect(anna, session::Role::Login);
        QVERIFY(link);
        const auto document = w.ask<login::Document>(anna, link, session::Stream::Login,
                                                     login::FetchDocument{login::DocumentPart::Server});
        QVERIFY(document && !document->document.empty());
        login::NetworkDocument known;
        QVERIFY(known.learnServer(anna.suite, w.identity.trust(), document->document, w.net.now().seconds()));
        login::LogIn guess;
        guess.user = UserName::parse("nobody").value();
        const auto answer = w.ask<login::LoggedIn>(anna, link, session::Stream::Login, guess);
        QVERIFY(answer && answer->answer.refusal);
        // Not on this kind of link.
        QVERIFY(!w.ask<overlay::Attached>(anna, link, kOverlay, overlay::Attach{}));

        const auto identity = server::ServerIdentity::make(w.keys).value();
        w.server->renewed(w.net.now(), identity, {});
        w.net.settle();
        QVERIFY(w.until([&] { return anna.count<session::LinkClosed>() == 1; }));
        QVERIFY(w.connect(anna, session::Role::Login));
    }

    void guessesAreCountedByAddressOnTcp() {
        World w;
        auto& anna = w.net.addClient("203.0.113.7:5000");
        const auto connection = anna.transport.openTcp(w.net.now(), w.node.address);
        w.net.settle();
        QVERIFY(w.until([&] { return anna.count<session::TcpReady>() == 1; }));
        // The transport does not say who is at the other end of a connection; the rim does.
        w.server->tcpAccepted(3, anna.address.address);
        const auto link = anna.transport.connect(w.net.now(), session::Role::Login, session::TcpPath{connection});
        w.net.settle();
        QVERIFY(w.until([&] { return w.node.count<session::LinkOpened>() == 1; }));
        QVERIFY(std::get<session::TcpPath>(w.node.last<session::LinkOpened>()->path).connection == 3);
        std::optional<login::LoggedIn> answer;
        for (int i = 0; i < 40 && !(answer && answer->answer.retrySeconds > 0); ++i) {
            login::LogIn guess;
            guess.user = UserName::parse("name" + std::to_string(i)).value();
            answer = w.ask<login::LoggedIn>(anna, link, session::Stream::Login, guess);
        }
        QVERIFY(answer && answer->answer.retrySeconds > 0);
    }

    void whoIsWithdrawnIsTurnedAwayWithinAMinute() {
        World w;
        auto& anna = w.net.addClient("203.0.113.7:5000");
        const auto link = w.connect(anna);
        QVERIFY(w.ask<overlay::Attached>(anna, link, kOverlay, overlay::Attach{}));
        w.withdrawn.push_back(std::get<crypto::AccessIdentity>(w.node.last<session::LinkOpened>()->peer).id);
        QVERIFY(w.until([&] { return anna.count<session::LinkClosed>() == 1; }, 62s));
        QVERIFY(anna.last<session::LinkClosed>()->reason == Fault::AccountDisabled);
    }

    void certificatesAreFreshEveryDay() {
        World w;
        for (int week = 0; week < 8; ++week) {
            w.net.run(24h * 7);
            w.server->wake(w.net.now());
        }
        w.net.authority.now = w.net.now().seconds();
        QVERIFY(w.connect(w.net.addClient("203.0.113.7:5000")) != 0);
    }
};

KITH_TEST(ServerTest);

#include "server_test.moc"
