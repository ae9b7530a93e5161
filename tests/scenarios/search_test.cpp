// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <QTest>

#include "tests/support/smallnetwork.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::test;
using namespace std::chrono_literals;
using engine::Findable;
using engine::FoundPerson;
using engine::Match;
using engine::Reason;

namespace {

/// Alice searches, Clara is searched for, over a network that loses one datagram in twenty.
struct World : SmallNetwork {
    explicit World(std::uint64_t seed = 1) : SmallNetwork(seed), alice(add("alice")), clara(add("clara")) {
        world.conditions.loss = 0.05;
        world.conditions.jitter = 20ms;
    }
    bool begin() { return signUp(alice) && signUp(clara); }
    std::vector<FoundPerson> search(std::string text) {
        if (!done(alice, engine::SearchPeople{std::move(text)})) qFatal("the search failed");
        return alice.all<engine::PeopleFound>().back().people;
    }
    /// The choice is published a moment after it is made.
    bool isFoundBy(const std::string& text, bool found) {
        for (int i = 0; i < 20; ++i) {
            if (search(text).empty() != found) return true;
            world.run(500ms);
        }
        return false;
    }
    engine::Failure failureOf(engine::Request request) {
        const auto number = alice.ask(std::move(request));
        if (!until([&] { return alice.outcome(number).has_value(); })) qFatal("no answer");
        return *alice.outcome(number);
    }

    PersonAtWork& alice;
    PersonAtWork& clara;
};

}  // namespace

/// People who look for each other by what they remember of a name.
class SearchStoryTest : public QObject {
    Q_OBJECT

private slots:
    void whoWantsToBeFoundIsFound() {
        World w;
        QVERIFY(w.begin());
        QVERIFY(w.search("the cla").empty());
        QVERIFY(w.search("clara").size() == 1);
        QVERIFY(w.clara.account().findable == Findable::ExactName);

        QVERIFY(w.done(w.clara, engine::SetFindable{Findable::Everybody}));
        QVERIFY(w.clara.account().findable == Findable::Everybody);
        QVERIFY(w.isFoundBy("the cla", true));
        const auto clara = w.clara.name;
        QVERIFY(w.search("THE Cla") == (std::vector{FoundPerson{clara, "The clara", {}, Match::Words}}));
        QVERIFY(w.search("cla").front().match == Match::NameBeginning);
        QVERIFY(w.search("clraa").front().match == Match::Mistake);
        QVERIFY(w.search("the clara").front().match == Match::Exact);
        QVERIFY(w.search("clxxa").empty());
        // Nobody finds themselves.
        QVERIFY(w.search("alice").empty());

        QVERIFY(w.befriend(w.alice, w.clara));
        QVERIFY(w.search("cla").front().relation == engine::Relation::Contact);

        QVERIFY(w.done(w.clara, engine::SetFindable{Findable::Nobody}));
        QVERIFY(w.isFoundBy("clara", false));
        QVERIFY(w.done(w.alice, engine::SendText{clara, "Still there?"}));
        QVERIFY(w.until([&] { return w.clara.messages(w.alice.name).size() == 1; }));
    }

    void aChoiceOutlivesTheProgramAndReachesOtherDevices() {
        World w;
        QVERIFY(w.begin());
        QVERIFY(w.done(w.clara, engine::SetFindable{Findable::Everybody}));
        w.clara.kill();  // before the vault is saved
        w.clara.restart();
        QVERIFY(w.until([&] { return w.clara.account().connection == engine::Connection::Online; }));
        QVERIFY(w.clara.account().findable == Findable::Everybody);
        QVERIFY(w.isFoundBy("the cla", true));
        w.world.run(1min);
        auto& tablet = w.add("tablet");
        QVERIFY(w.done(tablet, engine::SignIn{w.link(), "clara", "correct horse"}));
        QVERIFY(w.until([&] { return tablet.account().connection == engine::Connection::Online; }));
        QVERIFY(tablet.account().findable == Findable::Everybody);
        w.world.run(10s);
        QVERIFY(w.isFoundBy("the cla", true));
    }

    void onlyTheNewestOfATypistIsAnswered() {
        World w;
        QVERIFY(w.begin());
        const auto before = w.alice.all<engine::PeopleFound>().size();
        std::vector<engine::RequestNumber> asked;
        for (const char* text : {"cl", "cla", "clar", "clara"})
            asked.push_back(w.alice.ask(engine::SearchPeople{text, 1}));
        const auto other = w.alice.ask(engine::SearchPeople{"clara", 2});
        QVERIFY(w.until([&] { return w.alice.outcome(asked.back()) && w.alice.outcome(other); }));
        for (const auto number : asked) QVERIFY(w.alice.outcome(number)->reason == Reason::None);
        const auto found = w.alice.all<engine::PeopleFound>();
        QCOMPARE(found.size(), before + 2);
        QVERIFY(found[before].request == asked.back() || found[before].request == other);
    }

    void whatCantBeSearchedIsSaid() {
        World w;
        QVERIFY(w.failureOf(engine::SearchPeople{"clara"}).reason == Reason::NotSignedIn);
        QVERIFY(w.failureOf(engine::SetFindable{Findable::Nobody}).reason == Reason::NotSignedIn);
        QVERIFY(w.begin());
        QVERIFY(w.failureOf(engine::SearchPeople{"c"}).reason == Reason::SearchInvalid);
        QVERIFY(w.failureOf(engine::SearchPeople{std::string(65, 'c')}).reason == Reason::SearchInvalid);
        // Faster than anybody types, to the end.
        std::vector<engine::RequestNumber> asked;
        for (int i = 0; i < 100; ++i) {
            asked.push_back(w.alice.ask(engine::SearchPeople{"clara"}));
            w.world.run(50ms);
        }
        w.world.run(15s);
        const auto refused = [&](auto number) { return w.alice.outcome(number)->reason == Reason::NotPossibleNow; };
        QVERIFY(std::ranges::all_of(asked, [&](auto number) { return w.alice.outcome(number).has_value(); }));
        QVERIFY(std::ranges::any_of(asked, refused) && !refused(asked.front()));
        QVERIFY(w.search("clara").size() == 1);
        w.killServer();
        QVERIFY(w.failureOf(engine::SearchPeople{"clara"}).reason == Reason::CantReach);
        w.restartServer();
        QVERIFY(w.until([&] { return w.alice.account().connection == engine::Connection::Online; }, 5min));
        QVERIFY(w.search("clara").size() == 1);
    }

    void aSearchSurvivesTheSupernode() {
        World w;
        QVERIFY(w.begin());
        w.killServer();
        w.world.run(100ms);
        w.restartServer();
        // Both are on their way back; the search waits for that.
        engine::Failure failure{Reason::CantReach, {}};
        for (int i = 0; i < 30 && failure.reason != Reason::None; ++i)
            failure = w.failureOf(engine::SearchPeople{"clara"});
        QVERIFY(failure.reason == Reason::None);
        QCOMPARE(w.alice.all<engine::PeopleFound>().back().people.size(), std::size_t{1});
    }
};

KITH_TEST(SearchStoryTest);

#include "search_test.moc"
