// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/directory/localslot.h"

#include <QTest>

#include "tests/support/recordmaker.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::directory;
using namespace std::chrono_literals;

namespace {

struct World {
    test::Authority authority;
    crypto::ModernSuite suite;
    LocalSlot slot;
    Now now{Instant{}, test::Authority::kNow};
    SlotTicket ticket = 0;

    explicit World(LocalSlot::Options options = {}) : slot(options, Judge{suite, authority.trust()}) {}

    void pass(Duration time) {
        const Instant until = now.at + time;
        while (slot.nextWake() <= until) {
            step(slot.nextWake());
            slot.wake(now);
        }
        step(until);
    }
    void step(Instant to) {
        now.wall += std::chrono::duration_cast<std::chrono::milliseconds>(to - now.at);
        now.at = to;
        authority.now = now.seconds();
    }
    template <class Answer>
    Answer answer() {
        std::vector<SlotAnswer> answers;
        slot.take(answers);
        if (answers.size() != 1 || answers[0].ticket != ticket) qFatal("not one answer");
        return std::get<Answer>(answers[0].answer);
    }
    Published publish(const Publish& records) {
        slot.store(now, ++ticket, records);
        return answer<Published>();
    }
    Published publishAll(test::RecordMaker& who, std::uint64_t sequence = 1) {
        return publish(
            {who.sign(who.record(sequence)), who.sign(who.list(sequence)), who.sign(who.location(0, sequence))});
    }
    Found find(std::string_view name) {
        slot.find(now, ++ticket, UserName::parse(name).value());
        return answer<Found>();
    }
    Fetched fetch(const PersonKey& key) {
        slot.fetch(now, ++ticket, key);
        return answer<Fetched>();
    }
};

bool accepted(const std::optional<Verdict>& verdict, std::uint64_t held) {
    return verdict && !verdict->refusal && verdict->held == held;
}

}  // namespace

class LocalSlotTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsPublishedIsFound() {
        World w;
        test::RecordMaker anna(w.authority, "anna");
        const auto published = w.publishAll(anna, 7);
        QVERIFY(accepted(published.user, 7) && accepted(published.devices, 7) && accepted(published.location, 7));
        const auto found = w.find("anna");
        QVERIFY(found.user == anna.sign(anna.record(7)));
        QVERIFY(found.devices.has_value());
        QCOMPARE(found.locations.size(), 1U);
        const auto fetched = w.fetch(anna.key());
        QVERIFY(fetched.user == found.user && fetched.locations == found.locations);
        QVERIFY(!w.find("annabel").user);
        QVERIFY(!w.fetch(PersonKey{}).user);
    }

    void findableIsHonoured() {
        World w;
        test::RecordMaker anna(w.authority, "anna");
        auto record = anna.record();
        record.findable = Findable::Nobody;
        w.publish({anna.sign(record), anna.sign(anna.list()), anna.sign(anna.location())});
        QVERIFY(w.find("anna") == Found{});
        QVERIFY(w.fetch(anna.key()).user.has_value());
        record.findable = Findable::Everybody;
        record.sequence = 2;
        w.publish({anna.sign(record), {}, {}});
        QVERIFY(w.find("anna").user.has_value());
    }

    void newerWinsOlderIsRefused() {
        World w;
        test::RecordMaker anna(w.authority, "anna");
        w.publishAll(anna, 5);
        const auto old = w.publishAll(anna, 4);
        for (const auto& verdict : {old.user, old.devices, old.location}) {
            QVERIFY(verdict && verdict->refusal == Refusal::Stale);
            QCOMPARE(verdict->held, std::uint64_t{5});
        }
        const auto same = w.publishAll(anna, 5);
        QVERIFY(accepted(same.user, 5) && accepted(same.devices, 5) && accepted(same.location, 5));
        auto other = anna.record(5);
        other.displayName = "Another";
        QVERIFY(w.publish({anna.sign(other), {}, {}}).user->refusal == Refusal::Stale);
        other.sequence = 6;
        QVERIFY(accepted(w.publish({anna.sign(other), {}, {}}).user, 6));
        QVERIFY(w.find("anna").user == anna.sign(other));
    }

    void whatDoesNotProveItselfIsRefused() {
        World w;
        test::RecordMaker anna(w.authority, "anna");
        Publish bad{anna.sign(anna.record()), anna.sign(anna.list()), anna.sign(anna.location())};
        bad.user->signature[0] ^= std::byte{1};
        bad.devices->countersignature[0] ^= std::byte{1};
        bad.location->signature[0] ^= std::byte{1};
        const auto published = w.publish(bad);
        for (const auto& verdict : {published.user, published.devices, published.location})
            QVERIFY(verdict && verdict->refusal == Refusal::Invalid);
        QCOMPARE(w.slot.personCount(), 0U);
        w.pass(crypto::Days(50));
        test::RecordMaker late(w.authority, "late");
        QVERIFY(w.publish({anna.sign(anna.record()), {}, {}}).user->refusal == Refusal::Expired);
    }

    void eachRecordEndsAtItsTime() {
        World w;
        test::RecordMaker anna(w.authority, "anna");
        w.publishAll(anna);
        w.pass(71h);
        QCOMPARE(w.find("anna").locations.size(), 1U);
        w.pass(1h);
        QCOMPARE(w.find("anna").locations.size(), 0U);
        QVERIFY(w.find("anna").user.has_value());
        w.pass(crypto::Days(36));
        QVERIFY(w.find("anna").user.has_value());
        w.pass(crypto::Days(2));
        QVERIFY(w.find("anna") == Found{});
        QCOMPARE(w.slot.personCount(), 0U);
        QVERIFY(w.slot.nextWake() == kNever);
    }

    void aDeviceOffTheListIsNotThere() {
        World w;
        test::RecordMaker anna(w.authority, "anna", 2);
        w.publish({anna.sign(anna.record()), anna.sign(anna.list(1)), anna.sign(anna.location(0))});
        QVERIFY(accepted(w.publish({{}, {}, anna.sign(anna.location(1), 1)}).location, 1));
        QCOMPARE(w.find("anna").locations.size(), 2U);
        auto shorter = anna.list(2);
        shorter.devices.pop_back();
        w.publish({{}, anna.sign(shorter), {}});
        QCOMPARE(w.find("anna").locations.size(), 1U);
        QVERIFY(w.publish({{}, {}, anna.sign(anna.location(1, 9), 1)}).location->refusal == Refusal::Invalid);
        QVERIFY(w.publish({{}, anna.sign(anna.list(1)), {}}).devices->refusal == Refusal::Stale);
    }

    void ofTwoKeysForOneNameTheLaterCredentialCounts() {
        World w;
        test::RecordMaker before(w.authority, "anna");
        w.publishAll(before);
        w.pass(1h);
        test::RecordMaker after(w.authority, "anna");  // signed up again under the same name, with a new user key
        QVERIFY(accepted(w.publishAll(after).user, 1));
        QVERIFY(w.find("anna").user == after.sign(after.record()));
        QVERIFY(w.publishAll(before, 2).user->refusal == Refusal::NameHeld);
        QVERIFY(w.find("anna").user == after.sign(after.record()));
        QVERIFY(!w.fetch(before.key()).user);
    }

    void peopleAndDevicesAreCounted() {
        World w({2});
        test::RecordMaker anna(w.authority, "anna");
        test::RecordMaker bert(w.authority, "bert");
        test::RecordMaker carl(w.authority, "carl");
        QVERIFY(accepted(w.publishAll(anna).user, 1));
        QVERIFY(accepted(w.publishAll(bert).user, 1));
        QVERIFY(w.publishAll(carl).user->refusal == Refusal::Full);
        QVERIFY(accepted(w.publishAll(anna, 2).user, 2));

        World many;
        test::RecordMaker dora(many.authority, "dora", kMaxDevices + 1);
        for (std::size_t i = 0; i < kMaxDevices; ++i)
            QVERIFY(accepted(many.publish({{}, {}, dora.sign(dora.location(i), i)}).location, 1));
        QVERIFY(many.publish({{}, {}, dora.sign(dora.location(kMaxDevices), kMaxDevices)}).location->refusal ==
                Refusal::Full);
    }

    void whatWasKeptIsThereAfterARestart() {
        World w;
        test::RecordMaker anna(w.authority, "anna");
        w.publishAll(anna);
        w.publishAll(anna, 2);
        std::vector<KeepRequest> kept;
        w.slot.take(kept);
        QCOMPARE(kept.size(), 1U);
        KeepRecords records = std::get<KeepRecords>(kept[0]);
        QVERIFY(records.person == anna.key());

        LocalSlot again({}, Judge{w.suite, w.authority.trust()});
        QVERIFY(again.restore(w.now, records).has_value());
        again.find(w.now, 1, anna.name);
        std::vector<SlotAnswer> answers;
        again.take(answers);
        QVERIFY(std::get<Found>(answers.at(0).answer) == w.find("anna"));
        kept.clear();
        again.take(kept);
        QVERIFY(kept.empty());

        records.records[records.records.size() / 2] ^= std::byte{1};
        LocalSlot careful({}, Judge{w.suite, w.authority.trust()});
        QVERIFY(!careful.restore(w.now, records));
        QVERIFY(!careful.restore(w.now, KeepRecords{anna.key(), toBytes("rubbish")}));

        w.slot.take(kept);
        kept.clear();
        w.pass(crypto::Days(45));
        w.slot.take(kept);
        QCOMPARE(kept.size(), 1U);
        QVERIFY(std::get<DropRecords>(kept[0]).person == anna.key());
    }
};

KITH_TEST(LocalSlotTest);

#include "localslot_test.moc"
