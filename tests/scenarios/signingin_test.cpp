// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QTest>

#include "tests/scenarios/twopeople.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::test;
using namespace std::chrono_literals;
using engine::Connection;
using engine::Reason;

namespace {

/// What came of a request that is expected to fail.
engine::Failure failureOf(SmallNetwork& network, PersonAtWork& who, engine::Request request, Duration most = 5min) {
    const auto number = who.ask(std::move(request));
    network.until([&] { return who.outcome(number).has_value(); }, most);
    return who.outcome(number).value_or(engine::Failure{Reason::Internal, "no answer"});
}

}  // namespace

/// The ways in, and each bad end.
class SigningInTest : public QObject {
    Q_OBJECT

private slots:
    void aProgramGoesOnByItself() {
        TwoPeople two;
        QVERIFY(two.areContacts());
        two.alice.kill();
        two.alice.restart();
        QVERIFY(two.until([&] { return two.isOnline(two.alice); }));
        QVERIFY(two.until([&] { return two.sees(two.alice, two.bob, true); }));
        QVERIFY(two.alice.account().user == two.alice.name);
        QVERIFY(two.alice.account().displayName == "The alice");
        QVERIFY(two.alice.account().network == "Home");
    }

    void itGoesOnWithoutTheLoginServer() {
        TwoPeople two;
        QVERIFY(two.areContacts());
        two.alice.kill();
        two.killServer();
        two.alice.restart();
        QVERIFY(two.until([&] { return two.alice.account().connection == Connection::Offline; }, 3min));
        QVERIFY(two.alice.account().failure.reason == Reason::CantReach);
        QCOMPARE(two.alice.account().failure.detail, std::string("udp tcp 80 443"));
        QVERIFY(two.alice.account().retryAt);
        QVERIFY(two.done(two.alice, engine::SendText{two.bob.name, "written off line"}));
        two.restartServer();
        QVERIFY(two.until([&] { return two.isOnline(two.alice); }, 5min));
        QVERIFY(two.until([&] { return two.hasStatus(two.alice, two.bob, engine::MessageStatus::Delivered); }, 5min));
    }

    void everybodyComesBackAfterAnOutage() {
        TwoPeople two;
        QVERIFY(two.areContacts());
        two.killServer();
        two.world.run(10min);
        QVERIFY(two.alice.account().connection != Connection::Online);
        two.restartServer();
        QVERIFY(two.until([&] { return two.isOnline(two.alice) && two.isOnline(two.bob); }, 5min));
        QVERIFY(
            two.until([&] { return two.sees(two.alice, two.bob, true) && two.sees(two.bob, two.alice, true); }, 5min));
        QVERIFY(two.areTalking());
    }

    void aKilledServerIsFoundAgainInSeconds_data() {
        QTest::addColumn<int>("milliseconds");
        for (const int absent : {100, 1000, 5000}) QTest::addRow("%d ms", absent) << absent;
    }
    void aKilledServerIsFoundAgainInSeconds() {
        QFETCH(int, milliseconds);
        TwoPeople two;
        QVERIFY(two.areContacts());
        two.world.run(1min);
        two.killServer();
        two.world.run(std::chrono::milliseconds(milliseconds));
        two.restartServer();
        QVERIFY(two.done(two.alice, engine::SendText{two.bob.name, "are you there?"}));
        QVERIFY(two.until([&] { return two.hasStatus(two.alice, two.bob, engine::MessageStatus::Delivered); }, 8s));
    }

    void signingOutAndInAgain() {
        TwoPeople two;
        QVERIFY(two.areContacts());
        QVERIFY(two.done(two.alice, engine::SendText{two.bob.name, "kept"}));
        QVERIFY(two.until([&] { return two.hasStatus(two.alice, two.bob, engine::MessageStatus::Delivered); }));
        QVERIFY(two.done(two.alice, engine::SignOut{}));
        QVERIFY(two.alice.account().connection == Connection::SignedOut);
        // Gone for others at once, not only when a lease runs out.
        QVERIFY(two.until([&] { return two.sees(two.bob, two.alice, false); }, 3s));
        QVERIFY(two.until([&] { return !two.alice.store.kept(); }, 1s));
        QVERIFY(failureOf(two, two.alice, engine::SendText{two.bob.name, "no"}).reason == Reason::NotSignedIn);

        QVERIFY(two.done(two.alice, engine::SignIn{two.link(), "alice", "correct horse"}));
        QVERIFY(two.until([&] { return two.sees(two.alice, two.bob, true); }, 1min));
        QVERIFY(two.until([&] { return two.sees(two.bob, two.alice, true); }, 1min));
        QVERIFY(two.done(two.alice, engine::LoadConversation{two.bob.name}));
        QCOMPARE(two.alice.all<engine::ConversationLoaded>().back().entries.size(), std::size_t{1});
        QVERIFY(two.areTalking());
    }

    /// Each account has a transport of its own, whose connections are numbered anew.
    void oneAfterAnother() {
        TwoPeople two;
        QVERIFY(two.signUp(two.bob));
        two.world.conditions.udp = false;
        for (int i = 0; i < 3; ++i) {
            const auto name = "guest" + std::to_string(i);
            two.alice.store = {};
            QVERIFY(two.done(two.alice, engine::SignUp{two.link(), name, "G", "correct horse"}));
            QVERIFY(two.until([&] { return two.isOnline(two.alice); }));
            QVERIFY(two.done(two.alice, engine::FindPeople{"bob"}));
            QVERIFY(failureOf(two, two.alice, engine::SignUp{two.link(), "x", "G", "correct horse"}).reason ==
                    Reason::NameInvalid);
            QVERIFY(two.done(two.alice, engine::SignOut{}));
            QVERIFY(failureOf(two, two.alice, engine::SignIn{two.link(), name, "wrong horse"}).reason ==
                    Reason::WrongPassword);
        }
        two.world.run(3min);
        // Bob's connection is all that is left.
        QCOMPARE(two.server->clientCount(), std::size_t{1});
    }

    void aWrongPasswordAndAnUnknownNameLookTheSame() {
        TwoPeople two;
        QVERIFY(two.signUp(two.alice));
        auto& stranger = two.add("carol");
        QVERIFY(failureOf(two, stranger, engine::SignIn{two.link(), "alice", "wrong horse"}).reason ==
                Reason::WrongPassword);
        QVERIFY(failureOf(two, stranger, engine::SignIn{two.link(), "nobody", "wrong horse"}).reason ==
                Reason::WrongPassword);
        QVERIFY(stranger.account().connection == Connection::SignedOut);
        QVERIFY(!stranger.store.kept());
    }

    void theRecoveryKeyBringsAnAccountBack() {
        TwoPeople two;
        QVERIFY(two.areContacts());
        two.world.run(10s);  // the vault follows a change after a moment
        const auto key = two.alice.all<engine::RecoveryKeyMade>().back().text;
        two.alice.kill();

        auto& fresh = two.add("alice");
        const auto recover = [&](const std::string& recoveryKey, const char* password) {
            return engine::RecoverAccount{two.link(), "alice", recoveryKey, password};
        };
        auto mistyped = key;
        mistyped[0] = mistyped[0] == 'b' ? 'c' : 'b';
        const auto bobs = two.bob.all<engine::RecoveryKeyMade>().back().text;
        QVERIFY(failureOf(two, fresh, recover(mistyped, "a new horse")).reason == Reason::WrongRecoveryKey);
        QVERIFY(failureOf(two, fresh, recover(bobs, "a new horse")).reason == Reason::WrongRecoveryKey);
        QVERIFY(failureOf(two, fresh, recover(key, "short")).reason == Reason::PasswordInvalid);
        QVERIFY(!fresh.store.kept());

        QVERIFY(two.done(fresh, recover(key, "a new horse")));
        QVERIFY(two.until([&] { return two.isOnline(fresh); }));
        QVERIFY(two.until([&] { return two.sees(fresh, two.bob, true); }, 1min));
        QVERIFY(two.done(fresh, engine::SendText{two.bob.name, "it is me again"}));
        QVERIFY(two.until([&] { return !two.bob.messages(two.alice.name).empty(); }, 1min));

        auto& third = two.add("alice");
        QVERIFY(failureOf(two, third, engine::SignIn{two.link(), "alice", "correct horse"}).reason ==
                Reason::WrongPassword);
        QVERIFY(two.done(third, engine::SignIn{two.link(), "alice", "a new horse"}));
    }

    void aNameIsTakenOnce() {
        TwoPeople two;
        QVERIFY(two.signUp(two.alice));
        auto& other = two.add("alice");
        QVERIFY(failureOf(two, other, engine::SignUp{two.link(), "alice", "A", "correct horse"}).reason ==
                Reason::NameTaken);
        QVERIFY(two.done(other, engine::SignUp{two.link(), "alice2", "A", "correct horse"}));
    }

    void whatCantBeIsToldAtOnce() {
        TwoPeople two;
        const auto reason = [&](engine::Request request) {
            return failureOf(two, two.alice, std::move(request), 1s).reason;
        };
        QVERIFY(reason(engine::SignUp{"https://example.org", "alice", "A", "correct horse"}) == Reason::LinkInvalid);
        QVERIFY(reason(engine::SignUp{two.link(), "1", "A", "correct horse"}) == Reason::NameInvalid);
        QVERIFY(reason(engine::SignUp{two.link(), "alice", std::string(65, 'x'), "correct horse"}) ==
                Reason::NameInvalid);
        QVERIFY(reason(engine::SignUp{two.link(), "alice", "A", "short"}) == Reason::PasswordInvalid);
        QVERIFY(reason(engine::SignOut{}) == Reason::NotSignedIn);
        QVERIFY(reason(engine::PlaceCall{two.bob.name}) == Reason::NotSignedIn);
        two.alice.ask(engine::SignUp{two.link(), "alice", "A", "correct horse"});
        QVERIFY(reason(engine::SignUp{two.link(), "alice", "A", "correct horse"}) == Reason::NotPossibleNow);
    }

    void whereNothingGetsThroughTheRungsAreNamed() {
        TwoPeople two;
        two.world.conditions.udp = two.world.conditions.tcp = false;
        const auto failure =
            failureOf(two, two.alice, engine::SignUp{two.link(), "alice", "A", "correct horse"}, 10min);
        QVERIFY(failure.reason == Reason::CantReach);
        QCOMPARE(failure.detail, std::string("udp tcp 80 443"));
    }

    void anotherNetworksServerIsNotTrusted() {
        TwoPeople two;
        auto profile = overlay::NetworkProfile::parseLink(two.link()).value();
        profile.rootKeyHash[0] ^= std::byte{1};
        QVERIFY(failureOf(two, two.alice, engine::SignUp{profile.link(), "alice", "A", "correct horse"}).reason ==
                Reason::WrongRootKey);
    }

    void aDisabledAccountIsTold() {
        TwoPeople two;
        QVERIFY(two.signUp(two.alice));
        QVERIFY(two.done(two.alice, engine::SignOut{}));
        two.disk.accounts.accounts.at(two.alice.name).disabled = true;
        QVERIFY(failureOf(two, two.alice, engine::SignIn{two.link(), "alice", "correct horse"}).reason ==
                Reason::AccountDisabled);
    }

    void aClockThatIsOffIsCorrectedFor() {
        TwoPeople two;
        auto& late = two.addWithClock("carol", -2h);
        QVERIFY(two.signUp(two.alice));
        QVERIFY(two.signUp(late));
        const auto troubles = late.all<engine::Trouble>();
        QVERIFY(!troubles.empty());
        QVERIFY(troubles.front().failure.reason == Reason::ClockOff);
        QVERIFY(two.befriend(two.alice, late));
        QVERIFY(two.done(late, engine::SendText{two.alice.name, "in order"}));
        QVERIFY(two.until([&] { return two.hasStatus(late, two.alice, engine::MessageStatus::Delivered); }));
        late.kill();
        late.restart();
        QVERIFY(two.until([&] { return two.sees(late, two.alice, true); }, 3min));
    }

    void aClockThatIsDaysOffIsRefused() {
        TwoPeople two;
        for (const auto& [name, off] : {std::pair{"carol", -48h}, {"dave", -20 * 24h}, {"erin", 72h}}) {
            auto& lost = two.addWithClock(name, off);
            const auto failure = failureOf(two, lost, engine::SignUp{two.link(), name, "C", "correct horse"});
            QVERIFY(failure.reason == Reason::ClockOff);
            // By how much, so that it can be put right.
            const std::chrono::seconds told(failure.detail.empty() ? 0 : std::stoll(failure.detail));
            QVERIFY(std::chrono::abs(told - off) < 5s);
        }
    }

    /// Somebody made a new account under a name that Alice knows, or the login server lies.
    void anotherKeyIsToldAndNotSpokenTo() {
        TwoPeople two;
        QVERIFY(two.areContacts());
        two.alice.quit();
        const auto account = two.alice.store.kept();
        QVERIFY(account);
        auto opened = std::get<client::StoreOpened>(*two.alice.store.carryOut(*account));
        auto known = opened.state.value().contacts;
        const auto bob =
            std::find_if(known.begin(), known.end(), [&](const auto& record) { return record.user == two.bob.name; });
        QVERIFY(bob != known.end());
        bob->key.bytes[0] ^= std::byte{1};
        two.alice.store.carryOut(client::Write{contacts::SaveRecord{1, *bob}});
        two.alice.store.reopen();
        two.alice.restart();
        QVERIFY(two.until([&] { return two.isOnline(two.alice); }));

        const auto call = failureOf(two, two.alice, engine::PlaceCall{two.bob.name});
        if (call.reason == Reason::None) {
            QVERIFY(two.until([&] { return two.isIn(two.alice, engine::CallPhase::Ended); }));
            QVERIFY(two.alice.call()->end == engine::EndReason::IdentityMismatch);
        } else {
            QVERIFY(call == (engine::Failure{Reason::KeyChanged, "bob"}));  // it has been seen before
        }
        QVERIFY(two.done(two.bob, engine::SendText{two.alice.name, "it's me"}));
        two.world.run(5min);
        const auto troubles = two.alice.all<engine::Trouble>();
        QCOMPARE(troubles.size(), std::size_t{1});
        QVERIFY(troubles.front().failure == (engine::Failure{Reason::KeyChanged, "bob"}));
        QVERIFY(two.alice.messages(two.bob.name).empty());
    }

    void aFullDiskIsTold() {
        TwoPeople two;
        QVERIFY(two.areContacts());
        two.alice.store.faults.always = Fault::DiskFull;
        QVERIFY(failureOf(two, two.alice, engine::SendText{two.bob.name, "kept here"}).reason == Reason::DiskFull);
        // Somebody writes to her, again and again: one word about the disk is enough.
        QVERIFY(two.done(two.bob, engine::SendText{two.alice.name, "are you there"}));
        two.world.run(5min);
        QCOMPARE(two.alice.all<engine::Trouble>().size(), std::size_t{1});
        QVERIFY(two.alice.all<engine::Trouble>().front().failure.reason == Reason::DiskFull);
        QVERIFY(two.bob.messages(two.alice.name).size() == 1);
        QVERIFY(!two.hasStatus(two.bob, two.alice, engine::MessageStatus::Delivered));
        two.alice.store.faults.always.reset();
        QVERIFY(two.until([&] { return two.bob.messages(two.alice.name).size() == 2; }, 3min));
        QVERIFY(two.until([&] { return two.alice.messages(two.bob.name).size() == 2; }, 3min));
    }

    void aDiskThatFailsWhenSigningUpIsTold() {
        TwoPeople two;
        two.alice.store.faults.always = Fault::DiskFull;
        QVERIFY(failureOf(two, two.alice, engine::SignUp{two.link(), "alice", "A", "correct horse"}).reason ==
                Reason::DiskFull);
    }

    void aSecondProgramIsTold() {
        TwoPeople two;
        QVERIFY(two.signUp(two.alice));
        ClientProgram second(two.alice.store, two.alice.sound, 99);
        const auto node = two.world.add({Endpoint::parse("203.0.113.77:1").value()}, second);
        two.world.act(node, [&](Now now) { second.engine.resume(now, *two.alice.store.kept()); });
        two.world.run(1s);
        QVERIFY(second.engine.account().failure.reason == Reason::AlreadyRunning);
    }
};

KITH_TEST(SigningInTest);
#include "signingin_test.moc"
