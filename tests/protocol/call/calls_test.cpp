// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/call/calls.h"

#include <rapidcheck.h>

#include <QTest>
#include <set>

#include "tests/support/people.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::call;
using kith::test::person;

namespace {

using Seconds = std::chrono::seconds;
const Codec kOpus{"opus", 111, 48000, 2, 10};
const Codec kOther{"other", 96, 8000, 1, 20};

class Node : public test::PersonNode, public MediaLinks, public Doorkeeper {
public:
    Node(test::PeopleWorld& world, std::string_view user, int which = 1)
        : PersonNode(test::deviceOf(user, which)),
          m_world(world),
          m_random(std::hash<std::string_view>{}(user) + static_cast<std::uint64_t>(which)) {
        start();
        world.add(*this);
    }

    /// As if killed and started anew.
    void restart() {
        m_world.dropLinks(*this);
        start();
        m_world.settle();
    }

    std::optional<std::uint8_t> mediaGeneration(const peer::Device& device) const override {
        if (!m_world.linked(self, device)) return std::nullopt;
        return std::uint8_t{7};
    }
    Admission admit(const UserName& user) const override {
        const auto at = admissions.find(user);
        return at == admissions.end() ? Admission::Welcome : at->second;
    }

    void deviceUp(Now now, const peer::Device& device) override { calls->deviceUp(now, device); }
    void deviceDown(Now now, const peer::Device& device) override { calls->deviceDown(now, device, Fault::TimedOut); }
    void reachFailed(Now now, const UserName& user) override { calls->reachFailed(now, user, Fault::Unreachable); }
    void receive(Now now, const peer::Device& from, ByteView command) override { calls->receive(now, from, command); }
    void wake(Now now) override { calls->wake(now); }
    Instant nextWake() override { return calls->nextWake(); }
    peer::Output drain(Now) override {
        Output out;
        calls->take(out);
        for (auto& event : out.events) note(event);
        for (auto& store : out.stores) records.push_back(store.record);
        return std::move(out.peer);
    }

    /// Sound that comes in: as long as both ends have media for the same call and a link.
    void hear(const Node& other) {
        for (const auto& [id, plan] : media)
            for (const auto& [theirId, theirs] : other.media)
                if (theirs.ownSsrc == plan.theirSsrc && m_world.linked(self, other.self))
                    calls->mediaHeard(m_world.now(), id);
        m_world.settle();
    }

    CallId place(std::string_view user) {
        const auto id = calls->place(m_world.now(), person(user));
        m_world.settle();
        return id ? *id : CallId{};
    }
    void answer(const CallId& id) {
        static_cast<void>(calls->answer(m_world.now(), id));
        m_world.settle();
    }
    void decline(const CallId& id) {
        static_cast<void>(calls->decline(m_world.now(), id));
        m_world.settle();
    }
    void hangUp(const CallId& id) {
        static_cast<void>(calls->hangUp(m_world.now(), id));
        m_world.settle();
    }
    void hold(const CallId& id, bool held) {
        static_cast<void>(calls->setHeld(m_world.now(), id, held));
        m_world.settle();
    }

    /// The newest call here; of a phase, if one is given.
    std::optional<Snapshot> call(std::optional<Phase> phase = {}) const {
        for (auto at = order.rbegin(); at != order.rend(); ++at)
            if (!phase || shown.at(*at).phase == *phase) return shown.at(*at);
        return std::nullopt;
    }
    bool has(Phase phase) const { return call(phase).has_value(); }
    EndReason ended() const { return call(Phase::Ended).value().end.value(); }

    std::optional<Calls> calls;
    std::vector<Codec> codecs{kOpus};
    Policy policy;
    std::map<UserName, Admission> admissions;
    std::map<CallId, Snapshot> shown;
    std::vector<CallId> order;
    std::map<CallId, MediaPlan> media;
    std::vector<MediaPlan> plans;  ///< all that ever were
    std::vector<Record> records;
    bool contradiction = false;

    void start() {
        shown.clear();
        order.clear();
        media.clear();
        calls.emplace(self.device, codecs, Calls::Environment{m_random, *this, *this}, policy);
    }

private:
    void note(const Event& event) {
        if (const auto* changed = std::get_if<CallChanged>(&event)) {
            const CallId& id = changed->call.id;
            if (!shown.contains(id)) order.push_back(id);
            contradiction |= shown.contains(id) && shown[id].phase == Phase::Ended;
            contradiction |= (changed->call.phase == Phase::Ended) != changed->call.end.has_value();
            shown[id] = changed->call;
        } else if (const auto* started = std::get_if<MediaStarted>(&event)) {
            media[started->plan.id] = started->plan;
            plans.push_back(started->plan);
        } else {
            contradiction |= media.erase(std::get<MediaStopped>(event).id) != 1;
        }
    }

    test::PeopleWorld& m_world;
    test::SeededRandom m_random;
};

struct Stage {
    test::PeopleWorld world;
    Node alice{world, "alice"};
    Node bob{world, "bob"};

    Stage() { keepTalking(); }
    /// Packets every second, for as long as the world turns.
    void keepTalking() {
        world.after(Seconds(1), [this] {
            if (sound) {
                alice.hear(bob);
                bob.hear(alice);
            }
            keepTalking();
        });
    }
    bool ring() {
        alice.place("bob");
        return world.runUntil([&] { return alice.has(Phase::Ringing) && bob.has(Phase::Incoming); }, Seconds(5));
    }
    bool talk() {
        if (!ring()) return false;
        bob.answer(bob.call()->id);
        return world.runUntil([&] { return alice.has(Phase::Active); }, Seconds(5));
    }
    bool bothEnded(EndReason here, EndReason there) {
        world.run(Seconds(2));
        return alice.ended() == here && bob.ended() == there && alice.media.empty() && bob.media.empty();
    }
    bool sound = true;
};

bool matches(const MediaPlan& a, const MediaPlan& b) {
    return a.callerHalf == b.callerHalf && a.calleeHalf == b.calleeHalf && a.epoch == b.epoch &&
           a.generation == b.generation && a.caller == b.caller && a.callee == b.callee && a.weCall != b.weCall &&
           a.ownSsrc == b.theirSsrc && b.ownSsrc == a.theirSsrc && a.ownSsrc != b.ownSsrc && a.codec == b.codec;
}

}  // namespace

class CallsTest : public QObject {
    Q_OBJECT

private slots:
    void aCallRingsIsAnsweredAndHungUp() {
        Stage s;
        QVERIFY(s.ring());
        QVERIFY(s.bob.call()->incoming);
        QVERIFY(!s.bob.call()->softly);
        s.bob.answer(s.bob.call()->id);
        QVERIFY(s.bob.media.size() == 1);
        QVERIFY(s.world.runUntil([&] { return s.alice.has(Phase::Active); }, Seconds(1)));
        QVERIFY(matches(s.alice.media.begin()->second, s.bob.media.begin()->second));
        QCOMPARE(s.alice.plans.front().codec, kOpus);
        s.world.run(std::chrono::minutes(10));
        QVERIFY(s.alice.has(Phase::Active) && s.bob.has(Phase::Active));
        s.alice.hangUp(s.alice.call()->id);
        QVERIFY(s.bothEnded(EndReason::HungUp, EndReason::HungUp));
        QVERIFY(s.alice.records.front().ours && !s.bob.records.front().ours);
        QVERIFY(s.bob.records.front().talked >= std::chrono::minutes(10));
        QVERIFY(!s.bob.records.front().missed);
        QCOMPARE(s.alice.records.front().id, s.bob.records.front().id);
        QCOMPARE(s.alice.calls->nextWake(), kNever);
        QCOMPARE(s.bob.calls->nextWake(), kNever);
    }

    void ringingIsHeardWithinAMomentOfTheClick() {
        Stage s;
        s.alice.place("bob");
        s.world.run(4 * s.world.delay);
        QVERIFY(s.alice.has(Phase::Ringing));
    }

    void declined() {
        Stage s;
        QVERIFY(s.ring());
        s.bob.decline(s.bob.call()->id);
        QVERIFY(s.bothEnded(EndReason::Declined, EndReason::Declined));
        QVERIFY(!s.bob.records.front().missed);
    }

    void cancelledIsMissed() {
        Stage s;
        QVERIFY(s.ring());
        s.alice.hangUp(s.alice.call()->id);
        QVERIFY(s.bothEnded(EndReason::Cancelled, EndReason::Cancelled));
        QVERIFY(s.bob.records.front().missed);
        QVERIFY(!s.alice.records.front().missed);
    }

    void nobodyAnswersFor60Seconds() {
        Stage s;
        QVERIFY(s.ring());
        s.world.run(Seconds(59));
        QVERIFY(s.bob.has(Phase::Incoming));
        QVERIFY(s.bothEnded(EndReason::NoAnswer, EndReason::NoAnswer));
        QVERIFY(s.bob.records.front().missed);
    }

    void whoIsAwayIsUnreachable() {
        Stage s;
        s.world.setOnline(s.bob, false);
        s.alice.place("bob");
        s.world.run(Seconds(1));
        QCOMPARE(s.alice.ended(), EndReason::Unreachable);
    }

    void whoIsNotToBeDisturbedIsNotRungAndSeesWhoTried() {
        Stage s;
        s.bob.admissions[person("alice")] = Admission::NotNow;
        s.alice.place("bob");
        s.world.run(Seconds(5));
        QCOMPARE(s.alice.ended(), EndReason::DoNotDisturb);
        QVERIFY(!s.bob.call());
        QCOMPARE(s.bob.records.size(), std::size_t{1});
        const Record& record = s.bob.records.front();
        QVERIFY(record.missed && !record.ours && record.conversation == person("alice"));
        QCOMPARE(record.end, EndReason::DoNotDisturb);
        // Who does not want to be called may call.
        s.bob.place("alice");
        QVERIFY(s.world.runUntil([&] { return s.alice.has(Phase::Incoming); }, Seconds(5)));
    }

    void aCallThatCrossesOursDisturbsNobody() {
        Stage s;
        s.bob.admissions[person("alice")] = Admission::NotNow;
        s.alice.place("bob");
        s.bob.place("alice");
        QVERIFY(s.world.runUntil([&] { return s.alice.has(Phase::Active) && s.bob.has(Phase::Active); }, Seconds(5)));
    }

    void onlyContactsRingAndTheBlockedSeeNobody() {
        Stage s;
        s.bob.admissions[person("alice")] = Admission::Stranger;
        s.alice.place("bob");
        s.world.run(Seconds(1));
        QCOMPARE(s.alice.ended(), EndReason::NotAContact);
        s.bob.admissions[person("alice")] = Admission::Blocked;
        s.alice.place("bob");
        s.world.run(Seconds(1));
        QCOMPARE(s.alice.ended(), EndReason::Unreachable);
        QVERIFY(s.bob.order.empty() && s.bob.records.empty());
        s.alice.admissions[person("bob")] = Admission::Stranger;
        QCOMPARE(s.alice.calls->place(s.world.now(), person("bob")).error().fault, Fault::NotAContact);
    }

    void withoutACommonCodecItDoesNotRing() {
        Stage s;
        s.bob.codecs = {kOther};
        s.bob.start();
        s.alice.place("bob");
        s.world.run(Seconds(1));
        QCOMPARE(s.alice.ended(), EndReason::NoCommonCodec);
        QVERIFY(s.bob.order.empty());
    }

    void ourBestCommonCodecIsTaken() {
        Stage s;
        s.alice.codecs = {kOther, kOpus};
        s.bob.codecs = {kOpus, kOther};
        s.alice.start();
        s.bob.start();
        QVERIFY(s.talk());
        QCOMPARE(s.bob.plans.front().codec, kOpus);
        QCOMPARE(s.alice.plans.front().codec, kOpus);
    }

    void allDevicesRingAndTheFirstAnswerWins() {
        Stage s;
        Node bob2(s.world, "bob", 2);
        QVERIFY(s.ring());
        QVERIFY(s.world.runUntil([&] { return bob2.has(Phase::Incoming); }, Seconds(1)));
        s.bob.answer(s.bob.call()->id);
        bob2.answer(bob2.call()->id);
        s.world.run(Seconds(1));
        const bool first = s.bob.has(Phase::Active);
        QVERIFY(first != bob2.has(Phase::Active));
        Node& loser = first ? bob2 : s.bob;
        QCOMPARE(loser.ended(), EndReason::AnsweredElsewhere);
        QVERIFY(loser.media.empty());
        QVERIFY(!loser.records.front().missed);
        QCOMPARE(s.alice.call()->phase, Phase::Active);
    }

    void theOtherDevicesStopRinging() {
        Stage s;
        Node bob2(s.world, "bob", 2);
        QVERIFY(s.ring());
        s.world.run(Seconds(1));
        s.bob.answer(s.bob.call()->id);
        s.world.run(Seconds(1));
        QCOMPARE(bob2.ended(), EndReason::AnsweredElsewhere);
        s.alice.hangUp(s.alice.call()->id);
        s.world.run(Seconds(1));
        QVERIFY(s.ring());
        s.world.run(Seconds(1));
        bob2.decline(bob2.call()->id);
        s.world.run(Seconds(1));
        QCOMPARE(s.alice.ended(), EndReason::Declined);
        QCOMPARE(s.bob.ended(), EndReason::AnsweredElsewhere);
        QVERIFY(!s.bob.records.back().missed);
    }

    void aDeviceThatComesWhileItRingsRings() {
        Stage s;
        QVERIFY(s.ring());
        s.world.run(Seconds(10));
        Node bob2(s.world, "bob", 2);
        s.world.link(s.alice, bob2);
        s.world.run(Seconds(1));
        QVERIFY(s.bob.has(Phase::Incoming) && bob2.has(Phase::Incoming));
    }

    void twoWhoCallEachOtherGetOneCall() {
        for (int lead = 0; lead < 200; lead += 20) {
            Stage s;
            s.alice.place("bob");
            s.world.run(std::chrono::milliseconds(lead));
            s.bob.place("alice");
            s.world.run(Seconds(2));
            if (s.bob.call()->incoming) continue;  // it rang there already: calling back was answering
            QCOMPARE(s.alice.order.size(), std::size_t{1});
            QCOMPARE(s.bob.order.size(), std::size_t{1});
            QVERIFY(s.alice.has(Phase::Active) && s.bob.has(Phase::Active));
            QVERIFY(!s.alice.call()->incoming && !s.bob.call()->incoming);
            QVERIFY(matches(s.alice.media.begin()->second, s.bob.media.begin()->second));
            s.bob.hangUp(s.bob.call()->id);
            QVERIFY(s.bothEnded(EndReason::HungUp, EndReason::HungUp));
        }
    }

    void callingBackWhileItRingsIsAnswering() {
        Stage s;
        QVERIFY(s.ring());
        s.bob.place("alice");
        s.world.run(Seconds(1));
        QVERIFY(s.alice.has(Phase::Active) && s.bob.has(Phase::Active));
    }

    void aSecondCallRingsSoftlyAndAnsweringHoldsTheFirst() {
        Stage s;
        Node carol(s.world, "carol");
        QVERIFY(s.talk());
        carol.place("bob");
        QVERIFY(s.world.runUntil([&] { return s.bob.has(Phase::Incoming); }, Seconds(1)));
        QVERIFY(s.bob.call(Phase::Incoming)->softly);
        s.bob.answer(s.bob.call(Phase::Incoming)->id);
        s.world.run(Seconds(1));
        QVERIFY(s.alice.call()->heldByThem);
        QVERIFY(!carol.call()->heldByThem);
        QCOMPARE(carol.call()->phase, Phase::Active);
        const CallId first = s.bob.order.front();
        QVERIFY(s.bob.shown.at(first).heldByUs);
        s.bob.hold(first, false);
        s.world.run(Seconds(1));
        QVERIFY(!s.alice.call()->heldByThem);
        QVERIFY(carol.call()->heldByThem);
    }

    void whoAnswersEverybodyHoldsNobody() {
        Stage s;
        Node carol(s.world, "carol");
        s.bob.policy = {2, false};
        s.bob.start();
        QVERIFY(s.talk());
        carol.place("bob");
        QVERIFY(s.world.runUntil([&] { return s.bob.has(Phase::Incoming); }, Seconds(1)));
        QVERIFY(!s.bob.call(Phase::Incoming)->softly);
        s.bob.answer(s.bob.call(Phase::Incoming)->id);
        s.world.run(Seconds(1));
        QVERIFY(carol.has(Phase::Active) && s.alice.has(Phase::Active));
        QVERIFY(!s.alice.call()->heldByThem && !carol.call()->heldByThem);
        Node dave(s.world, "dave");
        dave.place("bob");
        s.world.run(Seconds(1));
        QCOMPARE(dave.ended(), EndReason::Busy);
    }

    void decliningASecondCallSaysBusy() {
        Stage s;
        Node carol(s.world, "carol");
        QVERIFY(s.talk());
        carol.place("bob");
        QVERIFY(s.world.runUntil([&] { return s.bob.has(Phase::Incoming); }, Seconds(1)));
        s.bob.decline(s.bob.call(Phase::Incoming)->id);
        s.world.run(Seconds(1));
        QCOMPARE(carol.ended(), EndReason::Busy);
        QVERIFY(s.alice.has(Phase::Active));
    }

    void bothMayHold() {
        Stage s;
        QVERIFY(s.talk());
        s.alice.hold(s.alice.call()->id, true);
        s.bob.hold(s.bob.call()->id, true);
        s.world.run(Seconds(1));
        QVERIFY(s.alice.call()->heldByUs && s.alice.call()->heldByThem);
        s.alice.hold(s.alice.call()->id, false);
        s.world.run(Seconds(1));
        QVERIFY(!s.alice.call()->heldByUs && s.alice.call()->heldByThem);
        QVERIFY(s.bob.call()->heldByUs && !s.bob.call()->heldByThem);
    }

    void muteIsNobodyElsesBusiness() {
        Stage s;
        QVERIFY(s.talk());
        const std::size_t before = s.world.commands;
        QVERIFY(s.alice.calls->setMuted(s.alice.call()->id, true));
        s.world.run(Seconds(1));
        QVERIFY(s.alice.call()->muted);
        QCOMPARE(s.world.commands, before);
    }

    void silenceFor30SecondsEndsIt() {
        Stage s;
        QVERIFY(s.talk());
        s.sound = false;
        s.world.run(Seconds(28));
        QVERIFY(s.alice.has(Phase::Active));
        s.world.run(Seconds(3));
        QVERIFY(s.bothEnded(EndReason::ConnectionLost, EndReason::ConnectionLost));
    }

    void aLostLinkThatComesBackGoesOnWithNewKeys() {
        Stage s;
        QVERIFY(s.talk());
        s.alice.hold(s.alice.call()->id, true);
        s.world.run(Seconds(5));
        s.world.setOnline(s.bob, false);
        s.alice.hold(s.alice.call()->id, false);
        s.bob.hold(s.bob.call()->id, true);
        s.world.run(Seconds(8));
        QVERIFY(s.alice.call()->interrupted && s.bob.call()->interrupted);
        s.world.setOnline(s.bob, true);
        s.world.run(Seconds(6));
        QVERIFY(!s.alice.call()->interrupted && !s.bob.call()->interrupted);
        QVERIFY(s.alice.call()->heldByThem && !s.bob.call()->heldByThem);
        const MediaPlan& now = s.alice.media.begin()->second;
        QVERIFY(matches(now, s.bob.media.begin()->second));
        QCOMPARE(now.epoch, 1U);
        QVERIFY(now.callerHalf != s.alice.plans.front().callerHalf);
        QVERIFY(now.calleeHalf != s.alice.plans.front().calleeHalf);
        s.world.run(std::chrono::minutes(2));
        QVERIFY(s.alice.has(Phase::Active) && s.bob.has(Phase::Active));
    }

    void aLostLinkThatDoesNotComeBackEndsIt() {
        Stage s;
        QVERIFY(s.talk());
        s.world.setOnline(s.bob, false);
        s.world.run(Seconds(14));
        QVERIFY(s.alice.has(Phase::Active));
        QVERIFY(s.bothEnded(EndReason::ConnectionLost, EndReason::ConnectionLost));
    }

    void hangingUpWithoutALinkIsToldLater() {
        Stage s;
        QVERIFY(s.talk());
        s.world.setOnline(s.bob, false);
        s.world.run(Seconds(3));
        s.bob.hangUp(s.bob.call()->id);
        s.world.run(Seconds(1));
        s.world.setOnline(s.bob, true);
        s.world.run(Seconds(5));
        QCOMPARE(s.alice.ended(), EndReason::HungUp);
    }

    void aLinkLostWhileItRingsRingsOn() {
        Stage s;
        QVERIFY(s.ring());
        const CallId id = s.bob.call()->id;
        s.world.dropLinks(s.bob);
        s.world.run(Seconds(5));
        QCOMPARE(s.bob.order.size(), std::size_t{1});
        s.bob.answer(id);
        s.world.run(Seconds(2));
        QVERIFY(s.alice.has(Phase::Active) && s.bob.has(Phase::Active));
        QVERIFY(matches(s.alice.media.begin()->second, s.bob.media.begin()->second));
    }

    void aKilledProgramLeavesNoCallBehind() {
        Stage s;
        QVERIFY(s.talk());
        s.bob.restart();
        s.world.run(Seconds(5));
        QCOMPARE(s.alice.ended(), EndReason::ConnectionLost);
        QVERIFY(s.bob.calls->calls().empty());
        QVERIFY(s.talk());
        s.alice.restart();
        s.world.run(Seconds(16));
        QCOMPARE(s.bob.ended(), EndReason::ConnectionLost);
    }

    void whoCallsAnewAfterACrashIsHeard() {
        Stage s;
        QVERIFY(s.talk());
        s.alice.restart();
        QVERIFY(s.ring());
        s.bob.answer(s.bob.call(Phase::Incoming)->id);
        s.world.run(Seconds(2));
        QVERIFY(s.alice.has(Phase::Active) && s.bob.has(Phase::Active));
    }

    void callsAreBounded() {
        Stage s;
        std::vector<CallId> ids;
        for (std::uint8_t i = 0; i < 20; ++i) {
            const auto from = test::deviceOf("carol", i + 1);
            CallId id;
            id.bytes[0] = std::byte{i};
            s.bob.calls->receive(s.world.now(), from, wire::encodeCommand(Invite{id, Offer{{}, 5, 0, {kOpus}}}));
        }
        QCOMPARE(s.bob.calls->calls().size(), Policy{}.most);
    }

    void whatConcernsNoCallDoesNoHarm() {
        Stage s;
        QVERIFY(s.talk());
        const CallId id = s.alice.call()->id;
        const auto eve = test::deviceOf("eve");
        s.alice.calls->receive(s.world.now(), eve, wire::encodeCommand(End{id, EndReason::HungUp}));
        s.alice.calls->receive(s.world.now(), eve, wire::encodeCommand(Update{id, 9, true}));
        s.alice.calls->receive(s.world.now(), eve, wire::encodeCommand(Invite{id, Offer{{}, 5, 0, {kOpus}}}));
        s.bob.calls->receive(s.world.now(), test::deviceOf("alice", 2),
                             wire::encodeCommand(Rejoin{id, 5, Offer{{}, 5, 0, {kOpus}}}));
        s.bob.calls->receive(s.world.now(), s.alice.self, wire::encodeCommand(Rejoin{id, 0, Offer{{}, 5, 0, {kOpus}}}));
        s.world.run(Seconds(5));
        QVERIFY(s.alice.has(Phase::Active) && s.bob.has(Phase::Active));
        QVERIFY(!s.alice.call()->heldByThem);
        QCOMPARE(s.bob.plans.size(), std::size_t{1});
    }

    void whoComesTooLateIsToldHowItEnded() {
        Stage s;
        QVERIFY(s.ring());
        const CallId id = s.alice.call()->id;
        s.alice.hangUp(id);
        s.world.run(Seconds(1));
        s.alice.calls->receive(s.world.now(), s.bob.self, wire::encodeCommand(Answer{id, {}}));
        Output out;
        s.alice.calls->take(out);
        QCOMPARE(out.peer.sends.size(), std::size_t{1});
        QVERIFY(out.peer.sends.front().command == wire::encodeCommand(End{id, EndReason::Cancelled}));
        // And a ring that was overtaken by its end does not ring.
        const auto late = wire::encodeCommand(Invite{id, Offer{{}, 5, 0, {kOpus}}});
        s.bob.calls->receive(s.world.now(), s.alice.self, late);
        QVERIFY(s.bob.calls->calls().empty());
    }

    void anAnswerThatDoesNotFitIsNoAnswer() {
        Stage s;
        QVERIFY(s.ring());
        const CallId id = s.alice.call()->id;
        for (const Accept& accept : {Accept{{}, {}, 5, kOpus}, Accept{{}, {}, 0, kOpus}, Accept{{}, {}, 5, kOther}})
            s.alice.calls->receive(s.world.now(), s.bob.self, wire::encodeCommand(Answer{id, accept}));
        s.world.settle();
        QVERIFY(s.alice.has(Phase::Ringing));
        QVERIFY(s.alice.media.empty());
    }

    void twoCallMachinesAgreeAfterAnyStory() {
        const bool holds = rc::check("any verbs, lost links, restarts, doubled and mixed up commands", [] {
            test::PeopleWorld world(*rc::gen::arbitrary<std::uint32_t>());
            world.duplicates = 0.3;
            world.scatter = std::chrono::milliseconds(*rc::gen::element(0, 60, 400));
            Node alice(world, "alice"), bob(world, "bob"), bob2(world, "bob", 2);
            const std::vector<Node*> nodes{&alice, &bob, &bob2};
            const auto turn = [&](Duration span) {
                for (const Instant end = world.now().at + span; world.now().at < end;) {
                    world.run(std::min<Duration>(Seconds(1), end - world.now().at));
                    for (Node* one : nodes)
                        for (Node* other : nodes)
                            if (one != other) one->hear(*other);
                }
            };
            for (int i = 0; i < 25; ++i) {
                Node& self = *nodes[*rc::gen::inRange<std::size_t>(0, 3)];
                const auto id =
                    self.order.empty() ? CallId{} : self.order[*rc::gen::inRange<std::size_t>(0, self.order.size())];
                switch (*rc::gen::inRange(0, 11)) {
                    case 0:
                    case 1:
                    case 2: self.place(&self == &alice ? "bob" : "alice"); break;
                    case 3:
                    case 4: self.answer(id); break;
                    case 5: self.decline(id); break;
                    case 6: self.hangUp(id); break;
                    case 7: self.hold(id, *rc::gen::arbitrary<bool>()); break;
                    case 8: world.setOnline(self, !self.online); break;
                    case 9: world.dropLinks(self); break;
                    case 10: self.restart(); break;
                }
                turn(std::chrono::milliseconds(*rc::gen::element(0, 10, 45, 100, 2000, 20'000)));
            }
            for (Node* node : nodes) world.setOnline(*node, true);
            turn(std::chrono::minutes(4));

            RC_CLASSIFY(!alice.calls->calls().empty(), "talking in the end");
            std::set<std::pair<CallHalf, CallHalf>> keys;
            for (Node* node : nodes) {
                RC_ASSERT(!node->contradiction);
                for (const Snapshot& call : node->calls->calls()) {
                    RC_ASSERT(call.phase == Phase::Active);
                    RC_ASSERT(!call.interrupted);
                    const MediaPlan& plan = node->media.at(call.id);
                    const Node* there = nullptr;
                    for (Node* other : nodes)
                        if (other->self == plan.remote) there = other;
                    RC_ASSERT(there != nullptr);
                    const auto match = std::find_if(there->media.begin(), there->media.end(),
                                                    [&](const auto& each) { return matches(each.second, plan); });
                    RC_ASSERT(match != there->media.end());
                    RC_ASSERT(there->shown.at(match->first).heldByThem == call.heldByUs);
                }
                for (const MediaPlan& plan : node->plans)
                    if (plan.weCall) RC_ASSERT(keys.insert({plan.callerHalf, plan.calleeHalf}).second);
            }
        });
        QVERIFY(holds);
    }
};

KITH_TEST(CallsTest);
#include "calls_test.moc"
