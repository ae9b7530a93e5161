// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/scenarios/twopeople.h"

#include <QTest>

#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::test;
using namespace std::chrono_literals;
using engine::CallPhase;
using engine::EndReason;
using engine::MessageStatus;

/// From a fresh machine to a call, and what can come between.
class TwoPeopleTest : public QObject {
    Q_OBJECT

private slots:
    void theFirstCall() {
        TwoPeople two;
        auto& alice = two.alice;
        auto& bob = two.bob;
        QVERIFY(two.signUp(alice));
        QVERIFY(two.signUp(bob));
        QCOMPARE(alice.all<engine::RecoveryKeyMade>().size(), std::size_t{1});

        QVERIFY(two.done(alice, engine::FindPeople{"bob"}));
        const auto found = alice.all<engine::PeopleFound>().back().people;
        QVERIFY(found.size() == 1 && found.front().displayName == "The bob");
        QVERIFY(two.befriend(alice, bob));

        QVERIFY(two.done(alice, engine::SendText{bob.name, "Hello, Bob"}));
        QVERIFY(two.until([&] { return two.hasStatus(alice, bob, MessageStatus::Delivered); }));
        QVERIFY(bob.messages(alice.name).back().text == "Hello, Bob");
        QCOMPARE(bob.contact(alice.name)->unread, 1);
        QVERIFY(two.done(bob, engine::MarkRead{alice.name}));
        QVERIFY(two.until([&] { return two.hasStatus(alice, bob, MessageStatus::Read); }));
        QCOMPARE(bob.contact(alice.name)->unread, 0);

        QVERIFY(two.done(alice, engine::PlaceCall{bob.name}));
        QVERIFY(two.until([&] { return two.isIn(bob, CallPhase::Incoming); }));
        QVERIFY(two.until([&] { return two.isIn(alice, CallPhase::Ringing); }));
        QVERIFY(bob.sound.cue() == audio::Cue::Ring && alice.sound.cue() == audio::Cue::Ringback);
        QVERIFY(two.done(bob, engine::AnswerCall{bob.call()->id}));
        QVERIFY(two.until([&] { return two.isIn(alice, CallPhase::Active); }));
        QVERIFY(two.hearEachOther());

        QVERIFY(two.done(alice, engine::HangUp{alice.call()->id}));
        QVERIFY(two.until([&] { return two.isIn(bob, CallPhase::Ended); }));
        QVERIFY(bob.call()->end == EndReason::HungUp);
        QVERIFY(alice.sound.openPorts() == 0 && bob.sound.openPorts() == 0);
        QCOMPARE(alice.all<engine::CallRecorded>().size(), std::size_t{1});
        QCOMPARE(bob.all<engine::CallRecorded>().size(), std::size_t{1});

        QVERIFY(two.done(bob, engine::LoadConversation{alice.name}));
        QCOMPARE(bob.all<engine::ConversationLoaded>().back().entries.size(), std::size_t{2});
    }

    void theSameSeedTellsTheSameStory() {
        const auto tell = [](std::uint64_t seed) {
            TwoPeople two(seed);
            two.world.conditions.loss = 0.05;
            two.world.conditions.jitter = 20ms;
            const bool talked = two.areContacts() && two.areTalking();
            return talked ? two.world.trace.value() : 0;
        };
        const auto once = tell(7);
        QVERIFY(once != 0);
        QCOMPARE(tell(7), once);
        const auto another = tell(8);
        QVERIFY(another != 0 && another != once);
    }

    void somebodyDeclines() {
        TwoPeople two;
        QVERIFY(two.areContacts());
        QVERIFY(two.done(two.alice, engine::PlaceCall{two.bob.name}));
        QVERIFY(two.until([&] { return two.isIn(two.bob, CallPhase::Incoming); }));
        QVERIFY(two.done(two.bob, engine::DeclineCall{two.bob.call()->id}));
        QVERIFY(two.until([&] { return two.isIn(two.alice, CallPhase::Ended); }));
        QVERIFY(two.alice.call()->end == EndReason::Declined);
        QVERIFY(two.bob.sound.cue() != audio::Cue::Ring);
    }

    void somebodyCancels() {
        TwoPeople two;
        QVERIFY(two.areContacts());
        QVERIFY(two.done(two.alice, engine::PlaceCall{two.bob.name}));
        QVERIFY(two.until([&] { return two.isIn(two.bob, CallPhase::Incoming); }));
        QVERIFY(two.done(two.alice, engine::HangUp{two.alice.call()->id}));
        QVERIFY(two.until([&] { return two.isIn(two.bob, CallPhase::Ended); }));
        QVERIFY(two.bob.call()->end == EndReason::Cancelled);
        QVERIFY(two.bob.all<engine::CallRecorded>().back().record.missed);
    }

    void nobodyAnswers() {
        TwoPeople two;
        QVERIFY(two.areContacts());
        QVERIFY(two.done(two.alice, engine::PlaceCall{two.bob.name}));
        QVERIFY(two.until([&] { return two.isIn(two.alice, CallPhase::Ended); }, 2min));
        QVERIFY(two.alice.call()->end == EndReason::NoAnswer);
        QVERIFY(two.until([&] { return two.isIn(two.bob, CallPhase::Ended); }));
    }

    void whoIsAwayCantBeCalled() {
        TwoPeople two;
        QVERIFY(two.areContacts());
        two.bob.kill();
        two.world.run(5min);
        QVERIFY(two.sees(two.alice, two.bob, false));
        QVERIFY(two.done(two.alice, engine::PlaceCall{two.bob.name}));
        QVERIFY(two.until([&] { return two.isIn(two.alice, CallPhase::Ended); }));
        QVERIFY(two.alice.call()->end == EndReason::Unreachable);
    }

    void muteAndHold() {
        TwoPeople two;
        QVERIFY(two.areContacts() && two.areTalking());
        QVERIFY(two.done(two.alice, engine::SetMuted{two.alice.call()->id, true}));
        two.world.run(2s);
        QVERIFY(two.bob.sound.loudness() < 0.001);
        QVERIFY(two.alice.sound.share(TwoPeople::kBobTone) > 0.8);
        QVERIFY(two.done(two.alice, engine::SetMuted{two.alice.call()->id, false}));
        QVERIFY(two.hearEachOther());
        QVERIFY(two.done(two.bob, engine::SetHeld{two.bob.call()->id, true}));
        QVERIFY(two.until([&] { return two.alice.call()->heldByThem; }));
        two.world.run(2s);
        QVERIFY(two.alice.sound.loudness() < 0.001 && two.bob.sound.loudness() < 0.001);
        two.world.run(3min);
        QVERIFY(two.isIn(two.alice, CallPhase::Active) && two.isIn(two.bob, CallPhase::Active));
        QVERIFY(two.done(two.bob, engine::SetHeld{two.bob.call()->id, false}));
        QVERIFY(two.hearEachOther());
    }

    /// On one link, whose media secret is the same for all of them: a key that came twice would be refused.
    void callsFollowEachOther() {
        TwoPeople two;
        QVERIFY(two.areContacts());
        for (int i = 0; i < 4; ++i) {
            QVERIFY(two.areTalking());
            auto& mover = i % 2 ? two.alice : two.bob;
            QVERIFY(two.done(mover, engine::HangUp{mover.call()->id}));
            QVERIFY(two.until(
                [&] { return two.isIn(two.alice, CallPhase::Ended) && two.isIn(two.bob, CallPhase::Ended); }));
        }
        QCOMPARE(two.alice.all<engine::CallRecorded>().size(), std::size_t{4});
    }

    void bothCallAtOnce() {
        TwoPeople two;
        QVERIFY(two.areContacts());
        const auto first = two.alice.ask(engine::PlaceCall{two.bob.name});
        const auto second = two.bob.ask(engine::PlaceCall{two.alice.name});
        QVERIFY(
            two.until([&] { return two.isIn(two.alice, CallPhase::Active) && two.isIn(two.bob, CallPhase::Active); }));
        QVERIFY(two.alice.outcome(first)->reason == engine::Reason::None);
        QVERIFY(two.bob.outcome(second)->reason == engine::Reason::None);
        QVERIFY(two.hearEachOther());
        QVERIFY(two.alice.sound.openPorts() == 1 && two.bob.sound.openPorts() == 1);
    }

    void qualityIsMeasured() {
        TwoPeople two;
        QVERIFY(two.areContacts() && two.areTalking());
        two.world.run(10s);
        const auto quality = two.alice.call()->quality;
        QVERIFY(quality.jitterBuffer > 0ms && quality.jitterBuffer < 200ms);
        QVERIFY(quality.roundTrip > 100ms && quality.roundTrip < 300ms);
        QVERIFY(quality.loss < 0.01);
    }

    void whoQuitsIsGoneAtOnce() {
        TwoPeople two;
        QVERIFY(two.areContacts() && two.areTalking());
        two.bob.quit();
        QVERIFY(two.until([&] { return two.isIn(two.alice, CallPhase::Ended); }, 1s));
        QVERIFY(two.alice.call()->end == EndReason::HungUp);
        QVERIFY(two.until([&] { return two.sees(two.alice, two.bob, false); }, 1s));
        QCOMPARE(two.server->clientCount(), std::size_t{1});
        two.bob.restart();
        QVERIFY(two.until([&] { return two.sees(two.alice, two.bob, true); }));
        QVERIFY(two.done(two.bob, engine::LoadConversation{two.alice.name}));
        QCOMPARE(two.bob.all<engine::ConversationLoaded>().back().entries.size(), std::size_t{1});
    }

    void aMessageWaitsForWhoIsAway() {
        TwoPeople two;
        QVERIFY(two.areContacts());
        two.bob.kill();
        two.world.run(5min);
        QVERIFY(two.done(two.alice, engine::SendText{two.bob.name, "for later"}));
        two.world.run(1min);
        QVERIFY(two.hasStatus(two.alice, two.bob, MessageStatus::Waiting));
        two.bob.restart();
        QVERIFY(two.until([&] { return two.hasStatus(two.alice, two.bob, MessageStatus::Delivered); }, 2min));
        QCOMPARE(two.bob.messages(two.alice.name).size(), std::size_t{1});
        QVERIFY(two.until([&] { return two.sees(two.alice, two.bob, true); }));
    }

    void aRequestWaitsForWhoIsAway() {
        TwoPeople two;
        QVERIFY(two.signUp(two.alice) && two.signUp(two.bob));
        two.bob.kill();
        QVERIFY(two.done(two.alice, engine::AddContact{two.bob.name, "It's me"}));
        two.world.run(3min);
        two.bob.restart();
        QVERIFY(two.until([&] { return two.bob.contact(two.alice.name).has_value(); }, 3min));
        QVERIFY(two.bob.contact(two.alice.name)->requestText == "It's me");
        // Who was asked goes away, too, before the answer could be told.
        two.alice.kill();
        QVERIFY(two.done(two.bob, engine::AcceptRequest{two.alice.name}));
        two.world.run(3min);
        two.alice.restart();
        QVERIFY(two.until([&] { return two.sees(two.alice, two.bob, true); }, 3min));
        QVERIFY(two.until([&] { return two.sees(two.bob, two.alice, true); }, 3min));
    }

    void whoIsRemovedLearnsNothingMore() {
        TwoPeople two;
        QVERIFY(two.areContacts());
        QVERIFY(two.done(two.alice, engine::RemoveContact{two.bob.name}));
        QVERIFY(two.until([&] { return !two.alice.contact(two.bob.name); }));
        QVERIFY(two.until([&] { return !two.sees(two.bob, two.alice, true); }, 1min));
        two.world.run(3min);
        two.bob.ask(engine::PlaceCall{two.alice.name});
        two.world.run(1min);
        QVERIFY(two.alice.all<engine::CallChanged>().empty());
    }

    void aPersonHasTwoDevices() {
        TwoPeople two;
        QVERIFY(two.areContacts());
        two.world.run(10s);  // the vault follows a change after a moment
        auto& second = two.add("bob", 2000);
        QVERIFY(two.done(second, engine::SignIn{two.link(), "bob", "correct horse"}));
        QVERIFY(two.until([&] { return two.isOnline(second); }));
        // The contact list comes from the vault.
        QVERIFY(two.until([&] { return two.sees(second, two.alice, true); }, 1min));
        QVERIFY(two.done(two.alice, engine::SendText{two.bob.name, "to both"}));
        QVERIFY(two.until([&] { return !second.messages(two.alice.name).empty(); }, 1min));
        QVERIFY(two.until([&] { return !two.bob.messages(two.alice.name).empty(); }, 1min));

        QVERIFY(two.done(two.alice, engine::PlaceCall{two.bob.name}));
        QVERIFY(
            two.until([&] { return two.isIn(two.bob, CallPhase::Incoming) && two.isIn(second, CallPhase::Incoming); }));
        QVERIFY(two.done(second, engine::AnswerCall{second.call()->id}));
        QVERIFY(two.until([&] { return two.isIn(two.bob, CallPhase::Ended); }));
        QVERIFY(two.bob.call()->end == EndReason::AnsweredElsewhere);
        QVERIFY(two.until([&] { return two.alice.sound.share(2000) > 0.8; }));
    }
};

KITH_TEST(TwoPeopleTest);
#include "twopeople_test.moc"
