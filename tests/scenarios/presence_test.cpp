// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QTest>

#include "tests/scenarios/twopeople.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::test;
using namespace std::chrono_literals;
using engine::CallPhase;
using engine::EndReason;
using engine::Presence;

namespace {

bool shows(const PersonAtWork& who, const PersonAtWork& other, Presence presence, const std::string& mood = {}) {
    const auto contact = who.contact(other.name);
    return contact && contact->presence == presence && contact->mood == mood &&
           contact->online == (presence != Presence::Offline);
}

engine::OwnPresence own(const PersonAtWork& who) {
    const auto told = who.all<engine::OwnPresenceChanged>();
    return told.empty() ? engine::OwnPresence{} : told.back().presence;
}

}  // namespace

/// What people see of each other, and who is left alone.
class PresenceStoryTest : public QObject {
    Q_OBJECT

private slots:
    void aChangeIsSeenInUnderASecond() {
        TwoPeople two;
        QVERIFY(two.areContacts());
        QVERIFY(two.until([&] { return shows(two.alice, two.bob, Presence::Online); }));
        for (const auto state : {Presence::Away, Presence::NotAvailable, Presence::DoNotDisturb, Presence::OpenToCalls,
                                 Presence::Online}) {
            two.bob.ask(engine::SetPresence{state, "In the garden"});
            QVERIFY(two.until([&] { return shows(two.alice, two.bob, state, "In the garden"); }, 1s));
            QVERIFY(own(two.bob).chosen == state && own(two.bob).mood == "In the garden");
        }
        two.bob.ask(engine::SetPresence{Presence::Invisible, {}});
        QVERIFY(two.until([&] { return shows(two.alice, two.bob, Presence::Offline); }, 1s));
        QVERIFY(two.isOnline(two.bob) && shows(two.bob, two.alice, Presence::Online));
        QVERIFY(!two.done(two.bob, engine::SetPresence{Presence::Offline, {}}));
        QVERIFY(!two.done(two.bob, engine::SetPresence{{}, std::string(141, 'x')}));
    }

    void whoseLinkDiesIsSeenToGo() {
        TwoPeople two;
        QVERIFY(two.areContacts());
        QVERIFY(two.until([&] { return shows(two.alice, two.bob, Presence::Online); }));
        two.bob.kill();
        QVERIFY(two.until([&] { return shows(two.alice, two.bob, Presence::Offline); }, 2min));
    }

    void withoutInputOneIsAway() {
        TwoPeople two;
        QVERIFY(two.areContacts());
        QVERIFY(two.done(two.bob, engine::SetPresence{Presence::OpenToCalls, {}}));
        QVERIFY(two.done(two.bob, engine::SetIdle{60}));
        two.world.run(3min);
        QVERIFY(shows(two.alice, two.bob, Presence::OpenToCalls));
        QVERIFY(two.until([&] { return shows(two.alice, two.bob, Presence::Away); }, 62s));
        QVERIFY(own(two.bob).chosen == Presence::OpenToCalls && own(two.bob).shown == Presence::Away);
        QVERIFY(two.until([&] { return shows(two.alice, two.bob, Presence::NotAvailable); }, 15min + 1s));
        two.bob.ask(engine::SetIdle{0});
        QVERIFY(two.until([&] { return shows(two.alice, two.bob, Presence::OpenToCalls); }, 1s));
        QVERIFY(own(two.bob).shown == Presence::OpenToCalls);
    }

    void whatWasChosenSurvivesTheProgramAndFollowsToAnotherDevice() {
        TwoPeople two;
        QVERIFY(two.areContacts());
        QVERIFY(two.done(two.bob, engine::SetPresence{Presence::DoNotDisturb, "Writing"}));
        QVERIFY(two.done(two.bob, engine::SetPresenceFor{two.alice.name, Presence::OpenToCalls, {}}));
        two.world.run(10s);  // the vault follows a change after a moment
        two.bob.quit();
        two.bob.restart();
        QVERIFY(two.until([&] { return shows(two.alice, two.bob, Presence::OpenToCalls, "Writing"); }));
        QVERIFY(own(two.bob).chosen == Presence::DoNotDisturb && own(two.bob).mood == "Writing");
        auto& second = two.add("bob", 2000);
        QVERIFY(two.done(second, engine::SignIn{two.link(), "bob", "correct horse"}));
        QVERIFY(two.until([&] { return own(second).chosen == Presence::DoNotDisturb; }));
        QVERIFY(two.until([&] { return second.contact(two.alice.name) && second.contact(two.alice.name)->view; }));
        two.world.run(1min);
        two.bob.quit();
        two.world.run(1min);
        QVERIFY(shows(two.alice, two.bob, Presence::OpenToCalls, "Writing"));
    }

    void oneContactIsShownSomethingElse() {
        TwoPeople two;
        auto& carol = two.add("carol");
        QVERIFY(two.areContacts() && two.signUp(carol) && two.befriend(two.alice, carol));
        QVERIFY(two.done(two.alice, engine::SetPresence{{}, "for all"}));
        QVERIFY(two.until([&] { return shows(carol, two.alice, Presence::Online, "for all"); }));
        const auto seen = [&](Presence presence, const std::string& mood) {
            return two.until([&] { return shows(two.bob, two.alice, presence, mood); }, 20s) &&
                   shows(carol, two.alice, Presence::Online, "for all");
        };
        QVERIFY(two.done(two.alice, engine::SetPresenceFor{two.bob.name, Presence::Away, "for Bob"}));
        QVERIFY(seen(Presence::Away, "for Bob"));
        QVERIFY(two.alice.contact(two.bob.name)->view == (engine::PresenceView{Presence::Away, "for Bob"}));
        QVERIFY(two.done(two.alice, engine::SetPresenceFor{two.bob.name, Presence::Invisible, {}}));
        QVERIFY(seen(Presence::Offline, ""));
        two.world.run(1min);
        QVERIFY(seen(Presence::Offline, ""));
        QVERIFY(two.done(two.alice, engine::SetPresenceFor{two.bob.name, {}, {}}));
        QVERIFY(seen(Presence::Online, "for all"));
        QVERIFY(!two.alice.contact(two.bob.name)->view);
        QVERIFY(!two.done(two.alice, engine::SetPresenceFor{UserName::parse("nobody").value(), Presence::Away, {}}));
    }

    void whoIsNotToBeDisturbedHearsNothingAndMissesACall() {
        TwoPeople two;
        QVERIFY(two.areContacts());
        QVERIFY(two.done(two.bob, engine::SetPresence{Presence::DoNotDisturb, {}}));
        QVERIFY(two.until([&] { return shows(two.alice, two.bob, Presence::DoNotDisturb); }));
        QVERIFY(two.done(two.alice, engine::PlaceCall{two.bob.name}));
        QVERIFY(two.until([&] { return two.isIn(two.alice, CallPhase::Ended); }));
        QVERIFY(two.alice.call()->end == EndReason::DoNotDisturb);
        QVERIFY(two.bob.all<engine::CallChanged>().empty() && two.bob.sound.cue() != audio::Cue::Ring);
        const auto missed = two.bob.all<engine::CallRecorded>();
        QVERIFY(missed.size() == 1 && missed.back().record.missed);
        QVERIFY(missed.back().record.end == EndReason::DoNotDisturb);
        // For one it may ring all the same.
        QVERIFY(two.done(two.bob, engine::SetPresenceFor{two.alice.name, Presence::OpenToCalls, {}}));
        QVERIFY(two.areTalking());
    }
};

KITH_TEST(PresenceStoryTest);
#include "presence_test.moc"
