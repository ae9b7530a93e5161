// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/presence/leases.h"

#include <rapidcheck.h>

#include <QTest>

#include "protocol/crypto/keys.h"
#include "protocol/crypto/modernsuite.h"
#include "tests/support/seededrandom.h"
#include "tests/support/testmain.h"
#include "tests/support/vectorfile.h"

using namespace kith;
using namespace kith::presence;
using namespace std::chrono_literals;

namespace {

constexpr session::LinkNumber kAnna = 1;
constexpr session::LinkNumber kBert = 2;
constexpr session::LinkNumber kCarl = 3;

struct World {
    test::SeededRandom random;
    crypto::ModernSuite suite;
    crypto::SigningKey topicKey = crypto::SigningKey::generate(random);
    TopicId topic = topicOf(topicKey.publicKey());
    Leases leases;
    Now now{Instant{}, UnixMillis{1'800'000'000s}};
    overlay::Output out;
    wire::RequestId request = 0;

    explicit World(Leases::Options options = {}) : leases(options, suite) {}

    SignedLease lease(std::uint64_t sequence, std::string_view state = "online", std::uint8_t device = 1) {
        return lease(topicKey, sequence, state, device);
    }
    SignedLease lease(const crypto::SigningKey& key, std::uint64_t sequence, std::string_view state,
                      std::uint8_t device) {
        LeaseBody body;
        body.topicKey = key.publicKey();
        body.lease.bytes[0] = std::byte{device};
        body.sequence = sequence;
        body.expires = now.seconds() + kLeaseLife;
        body.sealedState = toBytes(state);
        return signLease(suite, NetworkId{}, body, key);
    }
    void pass(Duration time) {
        const Instant until = now.at + time;
        while (leases.nextWake() <= until) {
            step(leases.nextWake());
            leases.wake(now);
        }
        step(until);
        take();
    }
    void step(Instant to) {
        now.wall += std::chrono::duration_cast<std::chrono::milliseconds>(to - now.at);
        now.at = to;
    }
    void take() {
        out.clear();
        leases.take(out);
    }
    template <wire::Message M>
    void say(session::LinkNumber link, const M& message) {
        leases.receive(now, link, wire::encodeCommand(message, ++request));
        take();
    }
    void close(session::LinkNumber link) {
        leases.linkClosed(link);
        take();
    }
    template <wire::Message M>
    std::vector<M> sent(session::LinkNumber link) {
        std::vector<M> found;
        for (const auto& command : out.commands) {
            const auto view = wire::parseCommand(command.command);
            if (command.link == link && view->number == M::kNumber) found.push_back(wire::decode<M>(*view).value());
        }
        return found;
    }
    std::optional<LeaseRefusal> refusalOf(session::LinkNumber link, const SignedLease& lease) {
        say(link, Lease{lease});
        return sent<Leased>(link).at(0).refusal;
    }
    Watched watch(session::LinkNumber link, std::vector<TopicId> topics) {
        say(link, Watch{std::move(topics)});
        return sent<Watched>(link).at(0);
    }
};

}  // namespace

class LeasesTest : public QObject {
    Q_OBJECT

private slots:
    void aWatcherHearsAtOnce() {
        World w;
        QVERIFY(w.watch(kBert, {w.topic}).leases.empty());
        QVERIFY(!w.refusalOf(kAnna, w.lease(1)));
        auto heard = w.sent<TopicChanged>(kBert);
        QCOMPARE(heard.size(), 1U);
        QVERIFY(heard[0].topic == w.topic && heard[0].lease == w.lease(1));
        QVERIFY(w.watch(kCarl, {w.topic}).leases == std::vector{w.lease(1)});

        w.refusalOf(kAnna, w.lease(2, "away"));
        QCOMPARE(w.sent<TopicChanged>(kBert).size(), 1U);
        QCOMPARE(w.sent<TopicChanged>(kCarl).at(0).lease->body.sequence, std::uint64_t{2});

        w.close(kAnna);
        heard = w.sent<TopicChanged>(kBert);
        QCOMPARE(heard.size(), 1U);
        QVERIFY(!heard[0].lease && heard[0].ended == w.lease(2).body.lease);
    }

    void aLeaseThatIsNotRenewedEnds() {
        World w;
        w.watch(kBert, {w.topic});
        w.refusalOf(kAnna, w.lease(1));
        w.pass(9min);
        QVERIFY(w.sent<TopicChanged>(kBert).empty());
        w.refusalOf(kAnna, w.lease(2));
        w.pass(9min);
        QVERIFY(w.sent<TopicChanged>(kBert).empty());
        w.pass(1min);
        QVERIFY(w.sent<TopicChanged>(kBert).at(0).ended.has_value());
        QCOMPARE(w.leases.leaseCount(), 0U);
        QVERIFY(w.leases.nextWake() == kNever);
    }

    void nobodyBringsBackAnEndedLease() {
        World w;
        const auto seen = w.lease(5);
        w.refusalOf(kAnna, seen);
        w.close(kAnna);
        QVERIFY(w.refusalOf(kBert, seen) == LeaseRefusal::Stale);
        QVERIFY(w.watch(kCarl, {w.topic}).leases.empty());
        w.pass(11min);
        QVERIFY(w.refusalOf(kBert, seen) == LeaseRefusal::Stale);
        QVERIFY(!w.refusalOf(kAnna, w.lease(6)));
    }

    void whatIsNotSignedOrNotForHereIsRefused() {
        World w;
        auto lease = w.lease(1);
        lease.body.sealedState = toBytes("offline");
        QVERIFY(w.refusalOf(kAnna, lease) == LeaseRefusal::BadSignature);
        auto eternal = w.lease(1).body;
        eternal.expires += 20min;
        QVERIFY(w.refusalOf(kAnna, signLease(w.suite, NetworkId{}, eternal, w.topicKey)) == LeaseRefusal::TooLong);
        auto elsewhere = w.lease(1).body;
        elsewhere.supernode.bytes[0] = std::byte{1};
        QVERIFY(w.refusalOf(kAnna, signLease(w.suite, NetworkId{}, elsewhere, w.topicKey)) == LeaseRefusal::NotMine);
        const NetworkId other{{std::byte{1}}};
        QVERIFY(w.refusalOf(kAnna, signLease(w.suite, other, w.lease(1).body, w.topicKey)) ==
                LeaseRefusal::BadSignature);
        QCOMPARE(w.leases.leaseCount(), 0U);
    }

    void aLeaseFollowsItsDeviceToAnotherLink() {
        World w;
        w.watch(kBert, {w.topic});
        w.refusalOf(kAnna, w.lease(1));
        QVERIFY(!w.refusalOf(7, w.lease(2)));
        w.close(kAnna);
        QVERIFY(w.sent<TopicChanged>(kBert).empty());
        w.close(7);
        QCOMPARE(w.sent<TopicChanged>(kBert).size(), 1U);
    }

    void devicesHoldLeasesOfTheirOwn() {
        World w;
        w.refusalOf(kAnna, w.lease(1, "phone", 1));
        w.refusalOf(7, w.lease(1, "desk", 2));
        QCOMPARE(w.watch(kBert, {w.topic}).leases.size(), 2U);
        w.say(7, EndLease{w.topic, w.lease(1, "phone", 1).body.lease});  // not its own
        QVERIFY(w.sent<TopicChanged>(kBert).empty());
        w.say(7, EndLease{w.topic, w.lease(1, "desk", 2).body.lease});
        QCOMPARE(w.sent<TopicChanged>(kBert).size(), 1U);
        QCOMPARE(w.watch(kBert, {w.topic}).leases.size(), 1U);
    }

    void whoStopsWatchingHearsNothing() {
        World w;
        w.watch(kBert, {w.topic});
        w.watch(kCarl, {w.topic});
        w.say(kBert, Unwatch{{w.topic, TopicId{}}});
        w.close(kCarl);
        w.refusalOf(kAnna, w.lease(1));
        QCOMPARE(w.out.commands.size(), 1U);
        QCOMPARE(w.leases.watchCount(), 0U);
    }

    void everythingIsBounded() {
        Leases::Options options;
        options.maxLeases = 20;
        options.maxLeasesOfLink = 3;
        options.maxWatches = 5;
        options.maxWatchesOfLink = 3;
        World w(options);
        for (std::uint8_t i = 1; i <= 3; ++i) QVERIFY(!w.refusalOf(kAnna, w.lease(1, "x", i)));
        QVERIFY(w.refusalOf(kAnna, w.lease(1, "x", 9)) == LeaseRefusal::TooMany);
        QVERIFY(!w.refusalOf(kAnna, w.lease(2, "x", 1)));
        for (std::uint8_t i = 4; i <= 16; ++i) QVERIFY(!w.refusalOf(100U + i, w.lease(1, "x", i)));
        QVERIFY(w.refusalOf(200, w.lease(1, "x", 17)) == LeaseRefusal::TooMany);  // one topic's
        for (std::uint8_t i = 0; i < 4; ++i) {
            const auto key = crypto::SigningKey::generate(w.random);
            QVERIFY(!w.refusalOf(300U + i, w.lease(key, 1, "x", 1)));
        }
        const auto key = crypto::SigningKey::generate(w.random);
        QVERIFY(w.refusalOf(400, w.lease(key, 1, "x", 1)) == LeaseRefusal::TooMany);

        std::vector<TopicId> topics;
        for (std::uint8_t i = 0; i < 5; ++i) topics.push_back(TopicId{{std::byte{i}}});
        QCOMPARE(w.watch(kBert, topics).refused, 2U);
        QCOMPARE(w.watch(kCarl, topics).refused, 3U);
        w.close(kBert);
        QCOMPARE(w.watch(kCarl, topics).refused, 2U);
    }

    void aLongAnswerComesInParts() {
        World w;
        std::vector<TopicId> topics;
        for (int i = 0; i < 20; ++i) {
            const auto key = crypto::SigningKey::generate(w.random);
            topics.push_back(topicOf(key.publicKey()));
            for (std::uint8_t device = 0; device < 10; ++device)
                w.refusalOf(1000U + static_cast<unsigned>(i) * 10 + device,
                            w.lease(key, 1, std::string(kMaxSealedState, 's'), device));
        }
        const auto watched = w.watch(kBert, topics);
        QCOMPARE(watched.leases.size() + w.sent<TopicChanged>(kBert).size(), 200U);
        for (const auto& command : w.out.commands) QVERIFY(command.command.size() <= wire::kMaxCommandSize);
    }

    void aLeaseIsTheVectorsByteForByte() {
        const test::VectorFile vectors(QStringLiteral(KITH_VECTORS "/records.txt"));
        crypto::ModernSuite suite;
        const auto filled = [](auto bytes, int value) {
            bytes.fill(static_cast<std::byte>(value));
            return bytes;
        };
        const auto key = crypto::SigningKey::fromSeed(filled(ByteArray<32>{}, 4));
        NetworkId network;
        for (std::size_t i = 0; i < network.bytes.size(); ++i) network.bytes[i] = static_cast<std::byte>(i);
        const LeaseBody body{key.publicKey(),          LeaseId{filled(ByteArray<8>{}, 8)},
                             1'800'000'000'456,        NodeId{filled(ByteArray<32>{}, 5)},
                             UnixTime{1'800'000'600s}, toBytes("sealed")};
        QVERIFY(wire::encodeObjects(body) == vectors["lease"]);
        QVERIFY(toBytes(signLease(suite, network, body, key).signature) == vectors["lease-signature"]);
        QVERIFY(toBytes(topicOf(key.publicKey()).bytes) == vectors["topic-id"]);
    }

    void rubbishAndHasteAreCounted() {
        World w;
        w.leases.receive(w.now, kAnna, asBytes("rubbish"));
        w.say(kAnna, Leased{});
        QCOMPARE(w.leases.refusedCommands(), 2U);
        for (std::uint64_t i = 1; i <= 300; ++i) w.leases.receive(w.now, kAnna, wire::encodeCommand(Lease{w.lease(i)}));
        QCOMPARE(w.leases.refusedCommands(), 202U);
    }

    void watchersKnowWhatStands() {
        const bool ok = rc::check("after any story a watcher's picture is the supernode's", [] {
            World w;
            std::vector<crypto::SigningKey> keys;
            std::vector<TopicId> topics;
            for (int i = 0; i < 3; ++i) {
                keys.push_back(crypto::SigningKey::generate(w.random));
                topics.push_back(topicOf(keys.back().publicKey()));
            }
            std::map<std::pair<TopicId, LeaseId>, SignedLease> picture;
            w.watch(kBert, topics);
            const auto steps = *rc::gen::container<std::vector<std::array<unsigned, 3>>>(
                rc::gen::container<std::array<unsigned, 3>>(rc::gen::inRange(0U, 1000U)));
            std::uint64_t sequence = 0;
            for (const auto& [what, a, b] : steps) {
                const session::LinkNumber link = 10 + a % 4;
                const auto& key = keys[b % 3];
                const auto device = static_cast<std::uint8_t>(1 + a % 4);
                switch (what % 4) {
                    case 0: w.say(link, Lease{w.lease(key, ++sequence, "state", device)}); break;
                    case 1: w.close(link); break;
                    case 2: w.pass(std::chrono::seconds(b)); break;
                    default: w.say(link, EndLease{topics[b % 3], LeaseId{{std::byte{device}}}}); break;
                }
                for (const auto& change : w.sent<TopicChanged>(kBert)) {
                    if (change.lease) picture[{change.topic, change.lease->body.lease}] = *change.lease;
                    if (change.ended) picture.erase({change.topic, *change.ended});
                }
            }
            std::map<std::pair<TopicId, LeaseId>, SignedLease> truth;
            for (const auto& lease : w.watch(kCarl, topics).leases)
                truth[{topicOf(lease.body.topicKey), lease.body.lease}] = lease;
            RC_ASSERT(picture == truth);
            for (session::LinkNumber link = 1; link < 20; ++link) w.close(link);
            w.pass(1h);
            RC_ASSERT(w.leases.leaseCount() == 0U);
            RC_ASSERT(w.leases.watchCount() == 0U);
        });
        QVERIFY(ok);
    }
};

KITH_TEST(LeasesTest);

#include "leases_test.moc"
