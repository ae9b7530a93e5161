// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QTest>

#include "tests/scenarios/twopeople.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::test;
using namespace std::chrono_literals;
using engine::MessageStatus;
using engine::Reason;
using engine::Relation;

namespace {

engine::Contact contactOf(const PersonAtWork& who, const PersonAtWork& other) {
    return who.contact(other.name).value_or(engine::Contact{});
}

engine::Failure failureOf(TwoPeople& two, PersonAtWork& who, engine::Request request) {
    const auto number = who.ask(std::move(request));
    two.until([&] { return who.outcome(number).has_value(); });
    return who.outcome(number).value_or(engine::Failure{Reason::Internal});
}

std::string numberOf(TwoPeople& two, PersonAtWork& who, const PersonAtWork& other) {
    if (!two.done(who, engine::GetSafetyNumber{other.name})) return {};
    return who.all<engine::SafetyNumberMade>().back().number;
}

std::vector<engine::TrustChange> trustOf(const PersonAtWork& who) {
    std::vector<engine::TrustChange> out;
    for (const auto& changed : who.all<engine::TrustChanged>()) out.push_back(changed.event.change);
    return out;
}

/// As if Bob had begun anew under a name that Alice knows: the key she has pinned is another one.
bool knowsAnotherKey(TwoPeople& two) {
    two.alice.quit();
    const auto account = two.alice.store.kept();
    if (!account) return false;
    auto opened = std::get<client::StoreOpened>(*two.alice.store.carryOut(*account));
    auto known = opened.state.value().contacts;
    const auto bob = std::ranges::find(known, two.bob.name, &contacts::Record::user);
    if (bob == known.end()) return false;
    bob->key.bytes[0] ^= std::byte{1};
    two.alice.store.carryOut(client::Write{contacts::SaveRecord{1, *bob}});
    two.alice.store.reopen();
    two.alice.restart();
    return two.until([&] { return two.isOnline(two.alice); });
}

}  // namespace

/// Whom one lets in, and who they prove to be.
class TrustTest : public QObject {
    Q_OBJECT

private slots:
    void aRequestIsTakenBack() {
        TwoPeople two;
        QVERIFY(two.signUp(two.alice) && two.signUp(two.bob));
        QVERIFY(failureOf(two, two.alice, engine::WithdrawRequest{two.bob.name}).reason == Reason::NotFound);
        QVERIFY(two.done(two.alice, engine::AddContact{two.bob.name, "hello"}));
        QVERIFY(two.until([&] { return contactOf(two.bob, two.alice).relation == Relation::RequestReceived; }));
        QVERIFY(two.done(two.alice, engine::WithdrawRequest{two.bob.name}));
        QVERIFY(two.until([&] { return !two.bob.contact(two.alice.name); }));
        QVERIFY(!two.alice.contact(two.bob.name));
    }

    void whoIsBlockedFindsNobody() {
        TwoPeople two;
        QVERIFY(two.areContacts());
        QVERIFY(two.done(two.alice, engine::BlockPerson{two.bob.name}));
        QVERIFY(contactOf(two.alice, two.bob).relation == Relation::Blocked);
        // As if she had gone: off line, out of reach, and nothing that he says arrives.
        QVERIFY(two.until([&] { return two.sees(two.bob, two.alice, false); }));
        QVERIFY(contactOf(two.bob, two.alice).relation == Relation::Contact);
        QVERIFY(two.done(two.bob, engine::PlaceCall{two.alice.name}));
        QVERIFY(two.until([&] { return two.isIn(two.bob, engine::CallPhase::Ended); }, 2min));
        QVERIFY(two.bob.call()->end == engine::EndReason::Unreachable);
        QVERIFY(two.done(two.bob, engine::SendText{two.alice.name, "are you there?"}));
        two.world.run(10min);
        QVERIFY(two.hasStatus(two.bob, two.alice, MessageStatus::Waiting));
        QVERIFY(two.alice.messages(two.bob.name).empty());
        QVERIFY(two.alice.all<engine::CallRecorded>().empty());
        QVERIFY(!two.sees(two.alice, two.bob, true));
        // She can't talk to him either.
        QVERIFY(failureOf(two, two.alice, engine::PlaceCall{two.bob.name}) ==
                (engine::Failure{Reason::Blocked, "bob"}));
        QVERIFY(failureOf(two, two.alice, engine::SendText{two.bob.name, "x"}).reason == Reason::Blocked);
        QVERIFY(failureOf(two, two.alice, engine::AddContact{two.bob.name, ""}).reason == Reason::Blocked);

        QVERIFY(two.done(two.alice, engine::UnblockPerson{two.bob.name}));
        QVERIFY(contactOf(two.alice, two.bob).relation == Relation::Contact);
        QVERIFY(two.until([&] { return two.alice.messages(two.bob.name).size() == 1; }, 20min));
        QVERIFY(
            two.until([&] { return two.sees(two.bob, two.alice, true) && two.sees(two.alice, two.bob, true); }, 20min));
    }

    void aBlockedStrangerCannotAsk() {
        TwoPeople two;
        QVERIFY(two.signUp(two.alice) && two.signUp(two.bob));
        QVERIFY(two.done(two.alice, engine::BlockPerson{two.bob.name}));
        QVERIFY(two.done(two.bob, engine::AddContact{two.alice.name, "let me in"}));
        two.world.run(10min);
        QVERIFY(contactOf(two.alice, two.bob).relation == Relation::Blocked);
        QVERIFY(contactOf(two.alice, two.bob).requestText.empty());
        QVERIFY(contactOf(two.bob, two.alice).relation == Relation::RequestSent);
    }

    void aCallEndsWhenTheOtherIsBlocked() {
        TwoPeople two;
        QVERIFY(two.areContacts() && two.areTalking());
        QVERIFY(two.done(two.alice, engine::BlockPerson{two.bob.name}));
        QVERIFY(two.until([&] { return two.isIn(two.alice, engine::CallPhase::Ended); }));
        QVERIFY(two.until([&] { return two.isIn(two.bob, engine::CallPhase::Ended); }, 1min));
    }

    void bothSeeTheSameSafetyNumber() {
        TwoPeople two;
        QVERIFY(failureOf(two, two.alice, engine::GetSafetyNumber{two.bob.name}).reason == Reason::NotSignedIn);
        QVERIFY(two.areContacts());
        const auto number = numberOf(two, two.alice, two.bob);
        QCOMPARE(number.size(), std::size_t{12 * 5 + 11});
        QCOMPARE(numberOf(two, two.bob, two.alice), number);
        QVERIFY(two.done(two.alice, engine::SetVerified{two.bob.name, true}));
        QVERIFY(contactOf(two.alice, two.bob).verified);
        QVERIFY(!contactOf(two.bob, two.alice).verified);
        QVERIFY(two.done(two.alice, engine::SetVerified{two.bob.name, false}));
        QVERIFY(!contactOf(two.alice, two.bob).verified);
        QVERIFY((trustOf(two.alice) == std::vector{engine::TrustChange::Verified, engine::TrustChange::Unverified}));
        QVERIFY(failureOf(two, two.alice, engine::GetSafetyNumber{UserName::parse("nobody").value()}).reason ==
                Reason::NotFound);
    }

    void anotherKeyStopsDeliveryUntilItIsAccepted() {
        TwoPeople two;
        QVERIFY(two.areContacts());
        const auto right = numberOf(two, two.bob, two.alice);
        QVERIFY(knowsAnotherKey(two));
        QVERIFY(two.done(two.alice, engine::SendText{two.bob.name, "for the real Bob"}));
        QVERIFY(two.until([&] { return contactOf(two.alice, two.bob).keyChanged; }, 1min));
        two.world.run(10min);
        QVERIFY(two.hasStatus(two.alice, two.bob, MessageStatus::Waiting));
        QVERIFY(two.bob.messages(two.alice.name).empty());
        QVERIFY(failureOf(two, two.alice, engine::PlaceCall{two.bob.name}) ==
                (engine::Failure{Reason::KeyChanged, "bob"}));
        // The number of the key that would count.
        QCOMPARE(numberOf(two, two.alice, two.bob), right);
        QVERIFY(failureOf(two, two.alice, engine::SetVerified{two.bob.name, true}).reason == Reason::NotFound);

        QVERIFY(two.done(two.alice, engine::AcceptKey{two.bob.name}));
        QVERIFY(!contactOf(two.alice, two.bob).keyChanged);
        QVERIFY(two.until([&] { return two.hasStatus(two.alice, two.bob, MessageStatus::Delivered); }, 2min));
        QVERIFY(two.areTalking());
        QVERIFY((trustOf(two.alice) == std::vector{engine::TrustChange::KeyChanged, engine::TrustChange::KeyAccepted}));
        QVERIFY(failureOf(two, two.alice, engine::AcceptKey{two.bob.name}).reason == Reason::NotFound);
    }
};

KITH_TEST(TrustTest);
#include "trust_test.moc"
