// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QTest>

#include "protocol/directory/localslot.h"
#include "protocol/directory/lookup.h"
#include "protocol/directory/publisher.h"
#include "protocol/directory/service.h"
#include "tests/support/recordmaker.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::directory;
using namespace std::chrono_literals;

namespace {

/// Clients with a lookup and a publisher each, at one supernode's directory service.
struct World {
    struct Client {
        Lookup lookup;
        Publisher publisher;
    };

    test::Authority authority;
    crypto::ModernSuite suite;
    Judge judge{suite, authority.trust()};
    LocalSlot slot{{}, judge};
    Service service{{}, slot};
    Now now{Instant{}, test::Authority::kNow};
    std::map<session::LinkNumber, std::unique_ptr<Client>> clients;
    std::vector<LookupEvent> events;
    int commands = 0;
    bool deaf = false;  ///< the supernode does not get what is sent

    Client& client(session::LinkNumber link) {
        auto& at = clients[link];
        if (!at)
            at = std::make_unique<Client>(
                Client{Lookup(judge), Publisher(suite, authority.issuer.network(), authority.random)});
        return *at;
    }
    void deliver() {
        for (bool any = true; any;) {
            any = false;
            for (auto& [link, client] : clients) {
                std::vector<Bytes> out;
                client->lookup.take(out, events);
                client->publisher.take(out);
                for (const Bytes& command : out) {
                    any = true;
                    ++commands;
                    if (!deaf) service.receive(now, link, command);
                }
            }
            overlay::Output answers;
            service.take(answers);
            for (const auto& answer : answers.commands) {
                any = true;
                client(answer.link).lookup.receive(now, answer.command);
                client(answer.link).publisher.receive(now, answer.command);
            }
        }
    }
    void pass(Duration time) {
        const Instant until = now.at + time;
        for (deliver();; deliver()) {
            Instant next = service.nextWake();
            for (auto& [link, client] : clients)
                next = std::min({next, client->lookup.nextWake(), client->publisher.nextWake()});
            if (next > until) break;
            step(next);
            service.wake(now);
            for (auto& [link, client] : clients) {
                client->lookup.wake(now);
                client->publisher.wake(now);
            }
        }
        step(until);
    }
    void step(Instant to) {
        now.wall += std::chrono::duration_cast<std::chrono::milliseconds>(to - now.at);
        now.at = to;
    }
    OwnRecords own(test::RecordMaker& who, std::size_t device = 0) {
        return {who.name,
                "Display",
                Findable::ExactName,
                who.userKey,
                who.devices[device],
                who.key(),
                std::make_shared<const SignedDeviceList>(who.sign(who.list())),
                {}};
    }
    const Person* found() {
        return events.size() == 1 && std::holds_alternative<PersonFound>(events[0])
                   ? &std::get<PersonFound>(events[0]).person
                   : nullptr;
    }
    std::optional<Fault> failure() {
        if (events.size() != 1 || !std::holds_alternative<LookupFailed>(events[0])) return std::nullopt;
        return std::get<LookupFailed>(events[0]).reason;
    }
};

LocationId location(std::uint8_t number) {
    return LocationId{{std::byte{number}}};
}

}  // namespace

class DirectoryClientTest : public QObject {
    Q_OBJECT

private slots:
    void whoFindsUsIsPublishedAtOnce() {
        World w;
        test::RecordMaker anna(w.authority, "anna");
        auto& publisher = w.client(1).publisher;
        publisher.setFindable(w.now, Findable::Nobody);  // nothing to publish yet
        publisher.set(w.now, w.own(anna));
        publisher.attached(w.now, NodeId{}, location(5));
        w.deliver();
        const int before = w.commands;
        publisher.setFindable(w.now, Findable::ExactName);
        w.deliver();
        QCOMPARE(w.commands, before);
        publisher.setFindable(w.now, Findable::Nobody);
        QVERIFY(!publisher.isPublished());
        w.deliver();
        QVERIFY(publisher.isPublished());
        w.client(2).lookup.linkUp(w.now);
        w.client(2).lookup.find(w.now, anna.name);
        w.deliver();
        QVERIFY(w.failure() == Fault::NotFound);
        w.events.clear();
        // What was chosen off line is published as soon as we are back.
        publisher.detached();
        publisher.setFindable(w.now, Findable::Everybody);
        publisher.attached(w.now, NodeId{}, location(5));
        w.deliver();
        w.client(2).lookup.find(w.now, anna.name);
        w.deliver();
        QVERIFY(w.found() && w.found()->record.findable == Findable::Everybody);
    }

    void onePublishesTheOtherFinds() {
        World w;
        test::RecordMaker anna(w.authority, "anna");
        w.client(1).publisher.set(w.now, w.own(anna));
        w.client(1).publisher.attached(w.now, NodeId{}, location(5));
        w.deliver();
        QVERIFY(w.client(1).publisher.isPublished());

        w.client(2).lookup.linkUp(w.now);
        w.client(2).lookup.find(w.now, anna.name);
        w.deliver();
        const Person* person = w.found();
        QVERIFY(person && person->key == anna.key() && person->record.name == anna.name);
        QCOMPARE(person->devices.devices.size(), 1U);
        QCOMPARE(person->locations.size(), 1U);
        QVERIFY(person->locations[0].location.location == location(5));
        QVERIFY(person->locations[0].credential == anna.devices[0]->chain);

        w.events.clear();
        w.client(2).lookup.fetch(w.now, anna.key());
        w.deliver();
        QVERIFY(w.found());
        w.events.clear();
        w.client(2).lookup.find(w.now, UserName::parse("nobody").value());
        w.deliver();
        QVERIFY(w.failure() == Fault::NotFound);
    }

    void whatIsWithdrawnIsNotFound() {
        World w;
        test::RecordMaker anna(w.authority, "anna");
        w.client(1).publisher.set(w.now, w.own(anna));
        w.client(1).publisher.attached(w.now, NodeId{}, location(5));
        w.client(2).lookup.linkUp(w.now);
        const auto isFound = [&](const crypto::Revocations& revocations) {
            w.events.clear();
            w.client(2).lookup.setRevocations(std::make_shared<const crypto::Revocations>(revocations));
            w.client(2).lookup.find(w.now, anna.name);
            w.deliver();
            return w.found() && w.found()->locations.size() == 1;
        };
        QVERIFY(isFound({}));
        QVERIFY(!isFound({{}, {anna.key().bytes}}));
        QVERIFY(w.failure() == Fault::NotFound);
        QVERIFY(!isFound({{crypto::sha256(anna.devices[0]->chain[1])}, {}}));
        QVERIFY(w.failure() == Fault::NotFound);
        // Another one's certificate and key.
        QVERIFY(isFound({{crypto::sha256(Bytes{})}, {crypto::sha256(Bytes{})}}));
    }

    void aQuestionWithoutAnswerIsAskedAgainAndGivenUp() {
        World w;
        w.client(1).lookup.linkUp(w.now);
        w.deaf = true;
        w.client(1).lookup.find(w.now, UserName::parse("anna").value());
        w.pass(29s);
        QCOMPARE(w.commands, 6);
        QVERIFY(w.events.empty());
        w.pass(2s);
        QVERIFY(w.failure() == Fault::Unreachable);
        QVERIFY(w.client(1).lookup.nextWake() == kNever);
    }

    void questionsSurviveAChangeOfSupernode() {
        World w;
        test::RecordMaker anna(w.authority, "anna");
        w.client(1).publisher.set(w.now, w.own(anna));
        w.client(1).publisher.attached(w.now, NodeId{}, location(5));
        w.deliver();
        w.client(2).lookup.find(w.now, anna.name);  // no link yet
        w.deliver();
        QVERIFY(w.events.empty());
        w.deaf = true;
        w.client(2).lookup.linkUp(w.now);
        w.deliver();
        w.client(2).lookup.linkDown();
        w.deaf = false;
        w.client(2).lookup.linkUp(w.now);
        w.deliver();
        QVERIFY(w.found());
    }

    void manyQuestionsAreAskedInTurn() {
        World w;
        w.client(1).lookup.linkUp(w.now);
        std::vector<LookupNumber> numbers;
        for (int i = 0; i < 300; ++i)
            numbers.push_back(w.client(1).lookup.find(w.now, UserName::parse("anna").value()));
        std::vector<Bytes> out;
        w.client(1).lookup.take(out, w.events);
        QCOMPARE(out.size(), Lookup::kMaxAtOnce);
        w.pass(6s);
        w.deliver();
        QCOMPARE(w.events.size(), 300U);
    }

    void anAnswerIsBelievedOnlyWithProof() {
        World w;
        test::RecordMaker anna(w.authority, "anna", 2);
        test::RecordMaker bert(w.authority, "bert");
        const auto ask = [&](const Found& lie) {
            Lookup lookup(w.judge);
            lookup.linkUp(w.now);
            lookup.find(w.now, anna.name);
            lookup.receive(w.now, wire::encodeCommand(lie, 1));
            std::vector<Bytes> out;
            w.events.clear();
            lookup.take(out, w.events);
        };
        const auto user = anna.sign(anna.record());
        ask({bert.sign(bert.record()), {}, {}});
        QVERIFY(w.failure() == Fault::NotFound);
        auto broken = user;
        broken.signature[0] ^= std::byte{1};
        ask({broken, {}, {}});
        QVERIFY(w.failure() == Fault::BadSignature);
        // Somebody else's list or a ghost device: the person, but no way to her.
        ask({user, bert.sign(bert.list()), {anna.sign(anna.location())}});
        QVERIFY(w.found() && w.found()->devices.devices.empty() && w.found()->locations.empty());
        auto list = anna.list();
        list.devices.pop_back();
        ask({user,
             anna.sign(list),
             {anna.sign(anna.location(0)), anna.sign(anna.location(1), 1), bert.sign(bert.location())}});
        QVERIFY(w.found());
        QCOMPARE(w.found()->locations.size(), 1U);
        QVERIFY(w.found()->locations[0].location.device == anna.device(0));

        // An answer to nothing, or with another request id.
        Lookup idle(w.judge);
        idle.linkUp(w.now);
        idle.receive(w.now, wire::encodeCommand(Found{user, {}, {}}, 1));
        idle.find(w.now, anna.name);
        idle.receive(w.now, wire::encodeCommand(Found{user, {}, {}}, 7));
        idle.receive(w.now, asBytes("rubbish"));
        std::vector<Bytes> out;
        w.events.clear();
        idle.take(out, w.events);
        QVERIFY(w.events.empty());
    }

    void recordsAreRenewedLongBeforeTheyEnd() {
        World w;
        test::RecordMaker anna(w.authority, "anna");
        w.client(1).publisher.set(w.now, w.own(anna));
        w.client(1).publisher.attached(w.now, NodeId{}, location(5));
        w.client(2).lookup.linkUp(w.now);
        for (int day = 0; day < 20; ++day) {
            w.pass(24h);
            w.events.clear();
            w.client(2).lookup.find(w.now, anna.name);
            w.deliver();
            QVERIFY(w.found());
            QVERIFY(w.found()->locations.at(0).location.expires > w.now.seconds() + 48h);
        }
        QVERIFY(w.commands < 20 + 20 * 3);
    }

    void aLostPublishIsRepeatedWithGrowingPauses() {
        World w;
        test::RecordMaker anna(w.authority, "anna");
        w.deaf = true;
        w.client(1).publisher.set(w.now, w.own(anna));
        w.client(1).publisher.attached(w.now, NodeId{}, location(5));
        w.pass(1h);
        QVERIFY(w.commands > 5 && w.commands < 20);
        w.deaf = false;
        w.pass(10min);
        QVERIFY(w.client(1).publisher.isPublished());
        w.client(1).publisher.detached();
        QVERIFY(!w.client(1).publisher.isPublished());
        QVERIFY(w.client(1).publisher.nextWake() == kNever);
    }

    void aClockThatWentBackIsNoObstacle() {
        World w;
        test::RecordMaker anna(w.authority, "anna");
        w.client(1).publisher.set(w.now, w.own(anna));
        w.client(1).publisher.attached(w.now, NodeId{}, location(5));
        w.deliver();
        w.now.wall -= 30min;
        w.clients.erase(1);  // restarted: it knows of no sequence
        w.client(1).publisher.set(w.now, w.own(anna));
        w.client(1).publisher.attached(w.now, NodeId{}, location(6));
        w.deliver();
        QVERIFY(w.client(1).publisher.isPublished());
        w.client(2).lookup.linkUp(w.now);
        w.client(2).lookup.find(w.now, anna.name);
        w.deliver();
        QVERIFY(w.found()->locations.at(0).location.location == location(6));
    }

    void anAbsurdSequenceIsNotBelieved() {
        World w;
        test::RecordMaker anna(w.authority, "anna");
        Publisher publisher(w.suite, w.authority.issuer.network(), w.authority.random);
        publisher.set(w.now, w.own(anna));
        publisher.attached(w.now, NodeId{}, location(1));
        const Verdict lie{Refusal::Stale, ~std::uint64_t{0}};
        for (wire::RequestId i = 1; i < 10; ++i)
            publisher.receive(w.now, wire::encodeCommand(Published{lie, {}, lie}, i));
        std::vector<Bytes> out;
        publisher.take(out);
        QVERIFY(out.size() < 10);
        for (const Bytes& command : out) w.service.receive(w.now, 1, command);
        overlay::Output answers;
        w.service.take(answers);
        for (const auto& answer : answers.commands)
            QVERIFY(!wire::decode<Published>(*wire::parseCommand(answer.command))->user->refusal);
    }

    void whoAsksTooFastIsNotAnswered() {
        World w;
        const Bytes question = wire::encodeCommand(FindName{UserName::parse("anna").value()}, 1);
        for (int i = 0; i < 1000; ++i) w.service.receive(w.now, 1, question);
        w.service.receive(w.now, 2, question);
        overlay::Output out;
        w.service.take(out);
        QCOMPARE(out.commands.size(), 501U);
        QVERIFY(w.service.refusedCommands() == 500);
        w.step(w.now.at + 1s);
        for (int i = 0; i < 1000; ++i) w.service.receive(w.now, 1, question);
        w.service.linkClosed(1);
        out.clear();
        w.service.take(out);
        QVERIFY(out.commands.empty());
    }
};

KITH_TEST(DirectoryClientTest);

#include "client_test.moc"
