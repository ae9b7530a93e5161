// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/overlay/relay.h"

#include <rapidcheck.h>

#include <QTest>

#include "tests/support/seededrandom.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::overlay;
using namespace std::chrono_literals;

namespace {

constexpr session::LinkNumber kAlice = 1;
constexpr session::LinkNumber kBob = 2;
constexpr session::LinkNumber kEve = 3;

struct World {
    test::SeededRandom random;
    Relay relay;
    Now now;

    explicit World(Relay::Options options = {}) : relay(options, random) {}

    void pass(Duration time) {
        const Instant until = now.at + time;
        while (relay.nextWake() <= until) {
            now.at = std::max(now.at, relay.nextWake());
            relay.wake(now);
        }
        now.at = until;
    }
    void say(session::LinkNumber from, const ChannelId& channel, std::string_view frame) {
        relay.forward(now, from, channel, asBytes(frame));
    }
    /// What came out since the last time: "link:frame" each.
    std::vector<std::string> heard() {
        ForwardBatch batch;
        relay.take(batch, ended);
        std::vector<std::string> out;
        for (const auto& entry : batch.entries())
            out.push_back(std::to_string(entry.link) + ":" + std::string(asText(batch.frameOf(entry))));
        return out;
    }
    std::vector<Relay::Ended> ended;
};

using Frames = std::vector<std::string>;

}  // namespace

class RelayTest : public QObject {
    Q_OBJECT

private slots:
    void framesCrossUnderTheOtherSidesId() {
        World w;
        const auto channel = w.relay.open(w.now, kAlice, kBob);
        QVERIFY(channel && channel->caller != channel->callee);
        w.relay.accept(w.now, kBob, channel->callee);
        w.relay.forward(w.now, kAlice, channel->caller, asBytes("hello"));
        ForwardBatch batch;
        w.relay.take(batch, w.ended);
        QCOMPARE(batch.entries().size(), 1U);
        QCOMPARE(batch.entries()[0].link, kBob);
        QVERIFY(batch.entries()[0].channel == channel->callee);
        w.say(kBob, channel->callee, "hi");
        QCOMPARE(w.heard(), Frames{"1:hi"});
    }

    void nobodyElseUsesAChannel() {
        World w;
        const auto channel = *w.relay.open(w.now, kAlice, kBob);
        w.relay.accept(w.now, kEve, channel.callee);
        w.relay.accept(w.now, kAlice, channel.caller);  // only the callee can accept
        w.say(kBob, channel.callee, "early");
        QVERIFY(w.heard().empty());
        w.relay.accept(w.now, kBob, channel.callee);
        w.say(kEve, channel.caller, "x");
        w.say(kAlice, channel.callee, "x");
        w.relay.close(kEve, channel.caller);
        QVERIFY(w.heard().empty());
        QCOMPARE(w.relay.channelCount(), 1U);
    }

    void theFirstFramesWaitForTheCallee() {
        World w;
        const auto channel = *w.relay.open(w.now, kAlice, kBob);
        for (const char* frame : {"1", "2", "3", "4", "5", "6"}) w.say(kAlice, channel.caller, frame);
        QVERIFY(w.heard().empty());
        w.relay.accept(w.now, kBob, channel.callee);
        QCOMPARE(w.heard(), (Frames{"2:3", "2:4", "2:5", "2:6"}));
    }

    void whatWaitedTooLongIsDropped() {
        World w;
        const auto channel = *w.relay.open(w.now, kAlice, kBob);
        w.say(kAlice, channel.caller, "old");
        w.pass(1500ms);
        w.say(kAlice, channel.caller, "young");
        w.pass(600ms);
        w.relay.accept(w.now, kBob, channel.callee);
        QCOMPARE(w.heard(), Frames{"2:young"});
    }

    void aChannelToNobodyLooksLikeOneThatIsNotAccepted() {
        World w;
        const auto channel = *w.relay.open(w.now, kAlice, std::nullopt);
        w.say(kAlice, channel.caller, "anybody?");
        w.pass(29s);
        QCOMPARE(w.relay.channelCount(), 1U);
        w.pass(10s);
        QCOMPARE(w.relay.channelCount(), 0U);
        QVERIFY(w.heard().empty());
        QVERIFY(w.ended.empty());
        QVERIFY(w.relay.nextWake() == kNever);
    }

    void aCalleeWhoLeavesUnseenIsNotTold() {
        World w;
        const auto channel = *w.relay.open(w.now, kAlice, kBob);
        w.relay.linkGone(kBob);
        w.say(kAlice, channel.caller, "x");
        QVERIFY(w.heard().empty() && w.ended.empty());
        QCOMPARE(w.relay.channelCount(), 1U);
    }

    void theOtherSideIsToldOfAnEnd() {
        for (const bool byLink : {true, false}) {
            World w;
            const auto channel = *w.relay.open(w.now, kAlice, kBob);
            w.relay.accept(w.now, kBob, channel.callee);
            if (byLink)
                w.relay.linkGone(kAlice);
            else
                w.relay.close(kAlice, channel.caller);
            w.say(kBob, channel.callee, "x");
            QVERIFY(w.heard().empty());
            QCOMPARE(w.ended.size(), 1U);
            QCOMPARE(w.ended[0].link, kBob);
            QVERIFY(w.ended[0].channel == channel.callee);
            QCOMPARE(w.relay.channelCount(), 0U);
        }
    }

    void idleChannelsEndUsedOnesStay() {
        World w;
        const auto channel = *w.relay.open(w.now, kAlice, kBob);
        w.relay.accept(w.now, kBob, channel.callee);
        for (int i = 0; i < 10; ++i) {
            w.pass(100s);
            w.say(kBob, channel.callee, "still here");
        }
        QCOMPARE(w.heard().size(), 10U);
        w.pass(160s);
        QCOMPARE(w.relay.channelCount(), 0U);
        w.heard();
        QCOMPARE(w.ended.size(), 2U);
    }

    void rateAndTotalAreCapped() {
        Relay::Options options;
        options.bytes = {1000, 5000};
        options.maxBytes = 20'000;
        World w(options);
        const auto channel = *w.relay.open(w.now, kAlice, kBob);
        w.relay.accept(w.now, kBob, channel.callee);
        const std::string frame(1000, 'x');
        for (int i = 0; i < 10; ++i) w.say(kAlice, channel.caller, frame);
        QCOMPARE(w.heard().size(), 5U);
        w.pass(2s);
        for (int i = 0; i < 10; ++i) w.say(kAlice, channel.caller, frame);
        QCOMPARE(w.heard().size(), 2U);
        w.say(kAlice, channel.caller, std::string(1501, 'x'));  // no frame is that long
        w.say(kBob, channel.callee, frame);                     // the other direction has its own rate
        QCOMPARE(w.heard().size(), 1U);
        for (int i = 0; i < 13; ++i) {
            w.pass(1s);
            w.say(kAlice, channel.caller, frame);
        }
        QCOMPARE(w.heard().size(), 12U);
        QCOMPARE(w.relay.channelCount(), 0U);
        QCOMPARE(w.ended.size(), 2U);
    }

    void channelsAreCounted() {
        Relay::Options options;
        options.maxChannels = 5;
        options.maxChannelsOfLink = 3;
        World w(options);
        for (int i = 0; i < 3; ++i) QVERIFY(w.relay.open(w.now, kAlice, kBob));
        QVERIFY(!w.relay.open(w.now, kAlice, kEve));
        QVERIFY(!w.relay.open(w.now, kEve, kBob));
        QVERIFY(w.relay.open(w.now, kEve, std::nullopt));
        QVERIFY(w.relay.open(w.now, 9, 10));
        QVERIFY(!w.relay.open(w.now, 11, 12));
        w.relay.linkGone(kAlice);
        QVERIFY(w.relay.open(w.now, kEve, kBob));
    }

    void whateverHappensNothingIsLeftBehind() {
        const bool ok = rc::check("all links gone: no channels, and frames only to the right side", [] {
            World w;
            std::map<std::string, session::LinkNumber> mayHear;
            std::vector<std::pair<Relay::Channel, std::array<session::LinkNumber, 2>>> open;
            const auto steps = *rc::gen::container<std::vector<std::array<unsigned, 3>>>(
                rc::gen::container<std::array<unsigned, 3>>(rc::gen::inRange(0U, 1000U)));
            int serial = 0;
            for (const auto& [what, a, b] : steps) {
                const session::LinkNumber x = 1 + a % 4;
                const session::LinkNumber y = 1 + b % 4;
                if (what % 6 == 0) {
                    if (const auto channel = w.relay.open(w.now, x, y)) open.push_back({*channel, {x, y}});
                } else if (what % 6 == 1) {
                    w.relay.linkGone(x);
                } else if (what % 6 == 2) {
                    w.pass(std::chrono::milliseconds(a * b));
                } else if (!open.empty()) {
                    const auto& [channel, links] = open[a % open.size()];
                    if (what % 6 == 3) w.relay.accept(w.now, y, channel.callee);
                    if (what % 6 == 4) w.relay.close(y, b % 2 ? channel.caller : channel.callee);
                    if (what % 6 == 5) {
                        const std::string frame = std::to_string(++serial);
                        const bool fromCaller = b % 2;
                        mayHear[frame] = links[fromCaller ? 1 : 0];
                        w.say(links[fromCaller ? 0 : 1], fromCaller ? channel.caller : channel.callee, frame);
                    }
                }
                for (const std::string& heard : w.heard()) {
                    const auto colon = heard.find(':');
                    RC_ASSERT(std::to_string(mayHear.at(heard.substr(colon + 1))) == heard.substr(0, colon));
                }
            }
            for (session::LinkNumber link = 1; link <= 4; ++link) w.relay.linkGone(link);
            w.pass(1h);
            RC_ASSERT(w.relay.channelCount() == 0U);
            RC_ASSERT(w.relay.nextWake() == kNever);
        });
        QVERIFY(ok);
    }
};

KITH_TEST(RelayTest);

#include "relay_test.moc"
