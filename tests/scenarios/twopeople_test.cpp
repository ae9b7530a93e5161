// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QTest>

#include "tests/support/smallnetwork.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::test;
using namespace std::chrono_literals;

namespace {

constexpr double kAliceTone = 440;
constexpr double kBobTone = 1000;

struct TwoPeople : SmallNetwork {
    explicit TwoPeople(std::uint64_t seed = 1)
        : SmallNetwork(seed), alice(add("alice", kAliceTone)), bob(add("bob", kBobTone)) {}

    bool areContacts() { return signUp(alice) && signUp(bob) && befriend(alice, bob); }
    bool hasStatus(const PersonAtWork& who, const PersonAtWork& with, engine::MessageStatus status) {
        const auto messages = who.messages(with.name);
        return !messages.empty() && messages.back().status == status;
    }
    bool isIn(const PersonAtWork& who, engine::CallPhase phase) {
        const auto call = who.call();
        return call && call->phase == phase;
    }

    PersonAtWork& alice;
    PersonAtWork& bob;
};

}  // namespace

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
        const auto found = alice.all<engine::PeopleFound>();
        QVERIFY(found.size() == 1 && found.front().people.size() == 1);
        QVERIFY(found.front().people.front().displayName == "The bob");
        QVERIFY(two.befriend(alice, bob));

        QVERIFY(two.done(alice, engine::SendText{bob.name, "Hello, Bob"}));
        QVERIFY(two.until([&] { return two.hasStatus(alice, bob, engine::MessageStatus::Delivered); }));
        QVERIFY(bob.messages(alice.name).back().text == "Hello, Bob");
        QCOMPARE(bob.contact(alice.name)->unread, 1);
        QVERIFY(two.done(bob, engine::MarkRead{alice.name}));
        QVERIFY(two.until([&] { return two.hasStatus(alice, bob, engine::MessageStatus::Read); }));
        QCOMPARE(bob.contact(alice.name)->unread, 0);

        QVERIFY(two.done(alice, engine::PlaceCall{bob.name}));
        QVERIFY(two.until([&] { return two.isIn(bob, engine::CallPhase::Incoming); }));
        QVERIFY(two.until([&] { return two.isIn(alice, engine::CallPhase::Ringing); }));
        QVERIFY(bob.sound.cue() == audio::Cue::Ring && alice.sound.cue() == audio::Cue::Ringback);
        QVERIFY(two.done(bob, engine::AnswerCall{bob.call()->id}));
        QVERIFY(two.until([&] { return two.isIn(alice, engine::CallPhase::Active); }));
        two.world.run(3s);
        QVERIFY(alice.sound.share(kBobTone) > 0.8 && alice.sound.loudness() > 0.01);
        QVERIFY(bob.sound.share(kAliceTone) > 0.8 && bob.sound.loudness() > 0.01);

        QVERIFY(two.done(alice, engine::HangUp{alice.call()->id}));
        QVERIFY(two.until([&] { return two.isIn(bob, engine::CallPhase::Ended); }));
        QVERIFY(bob.call()->end == engine::EndReason::HungUp);
        QVERIFY(alice.sound.openPorts() == 0 && bob.sound.openPorts() == 0);
        QCOMPARE(alice.all<engine::CallRecorded>().size(), std::size_t{1});
        QCOMPARE(bob.all<engine::CallRecorded>().size(), std::size_t{1});

        QVERIFY(two.done(bob, engine::LoadConversation{alice.name}));
        QCOMPARE(bob.all<engine::ConversationLoaded>().back().entries.size(), std::size_t{2});
    }
};

KITH_TEST(TwoPeopleTest);
#include "twopeople_test.moc"
