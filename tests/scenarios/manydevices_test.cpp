// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QTest>

#include "protocol/client/vaultpeople.h"
#include "tests/scenarios/twopeople.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::test;
using namespace std::chrono_literals;
using engine::Relation;

namespace {

/// Alice and Bob are contacts; Alice signs in on further devices.
struct Devices : TwoPeople {
    using TwoPeople::TwoPeople;

    PersonAtWork* another(const PersonAtWork& who) {
        auto& device = add(who.name.text());
        const bool in = done(device, engine::SignIn{link(), who.name.text(), "correct horse"}) &&
                        until([&] { return isOnline(device); });
        return in ? &device : nullptr;
    }
    /// Nothing gets in or out.
    void cut(PersonAtWork& who) {
        Conditions none;
        none.udp = none.tcp = false;
        world.setConditions(who.node, none);
        world.breakTcp(who.node);
    }
    void heal(PersonAtWork& who) { world.clearConditions(who.node); }
};

engine::Contact contactOf(const PersonAtWork& who, const UserName& user) {
    return who.contact(user).value_or(engine::Contact{});
}

/// What is in the vault of this device, for comparing: without what each finds out by itself.
std::vector<contacts::Record> vaultOf(const PersonAtWork& who) {
    auto* online = const_cast<PersonAtWork&>(who).program->engine.people();
    auto records = online ? online->contacts().records() : std::vector<contacts::Record>{};
    for (auto& record : records) record.toldVersion = 0;
    return records;
}

}  // namespace

/// One person on several devices.
class ManyDevicesTest : public QObject {
    Q_OBJECT

private slots:
    void aSecondDeviceHasEverybody() {
        Devices all;
        QVERIFY(all.areContacts());
        QVERIFY(all.done(all.alice, engine::SetAlias{all.bob.name, "Bobby"}));
        QVERIFY(all.done(all.alice, engine::SetNote{all.bob.name, "plays the cello"}));
        all.world.run(10s);
        auto* laptop = all.another(all.alice);
        QVERIFY(laptop);
        QVERIFY(all.until([&] { return contactOf(*laptop, all.bob.name).online; }));
        const auto bob = contactOf(*laptop, all.bob.name);
        QVERIFY(bob.relation == Relation::Contact);
        QCOMPARE(bob.alias, std::string("Bobby"));
        QCOMPARE(bob.note, std::string("plays the cello"));
    }

    void whatOneDeviceChangesTheOthersShowAtOnce() {
        Devices all;
        QVERIFY(all.areContacts());
        auto* laptop = all.another(all.alice);
        auto* phone = laptop ? all.another(all.alice) : nullptr;
        QVERIFY(phone);
        all.world.run(30s);
        const auto saves = [&](const auto& change, const auto& shown) {
            return all.done(*laptop, change) &&
                   all.until([&] { return shown(contactOf(all.alice, all.bob.name)); }, 1s) &&
                   all.until([&] { return shown(contactOf(*phone, all.bob.name)); }, 1s);
        };
        QVERIFY(saves(engine::SetFavourite{all.bob.name, true}, [](const auto& bob) { return bob.favourite; }));
        QVERIFY(
            saves(engine::SetGroups{all.bob.name, {"band"}}, [](const auto& bob) { return bob.groups.size() == 1; }));
        // What others are to see of the person, and what Bob alone sees.
        const auto chosen = [](const PersonAtWork& who) {
            const auto told = who.all<engine::OwnPresenceChanged>();
            return told.empty() ? engine::OwnPresence{} : told.back().presence;
        };
        QVERIFY(all.done(*laptop, engine::SetPresence{engine::Presence::DoNotDisturb, "Writing"}));
        for (const auto* other : {&all.alice, phone})
            QVERIFY(all.until([&] { return chosen(*other).mood == "Writing"; }, 1s));
        QVERIFY(saves(engine::SetPresenceFor{all.bob.name, engine::Presence::Online, {}},
                      [](const auto& bob) { return bob.view.has_value(); }));
        QVERIFY(all.until([&] { return contactOf(all.bob, all.alice.name).mood == "Writing"; }));
        // Links between them are closed when nothing passes; then it takes a moment more.
        all.world.run(10min);
        QVERIFY(all.done(*phone, engine::SetAlias{all.bob.name, "B"}));
        QVERIFY(all.until(
            [&] {
                return contactOf(all.alice, all.bob.name).alias == "B" && contactOf(*laptop, all.bob.name).alias == "B";
            },
            3s));
        // Blocked on one device, blocked on all of them.
        QVERIFY(all.done(all.alice, engine::BlockPerson{all.bob.name}));
        QVERIFY(all.until([&] { return contactOf(*phone, all.bob.name).relation == Relation::Blocked; }, 3s));
        QVERIFY(all.until([&] { return all.sees(all.bob, all.alice, false); }));
    }

    void whatADeviceSavedBeforeItWentAwayComesFromTheVault() {
        Devices all;
        QVERIFY(all.areContacts());
        auto* laptop = all.another(all.alice);
        QVERIFY(laptop);
        all.world.run(2min);
        laptop->quit();
        QVERIFY(all.done(all.alice, engine::SetAlias{all.bob.name, "Bobby"}));
        all.world.run(1min);
        all.alice.quit();
        all.world.run(2h);
        laptop->restart();
        QVERIFY(all.until([&] { return contactOf(*laptop, all.bob.name).alias == "Bobby"; }, 3min));
    }

    void allDevicesRingAndOneAnswers() {
        Devices all;
        QVERIFY(all.areContacts());
        auto* laptop = all.another(all.alice);
        QVERIFY(laptop);
        QVERIFY(all.until([&] { return contactOf(*laptop, all.bob.name).online; }));
        all.world.run(5s);
        QVERIFY(all.done(all.bob, engine::PlaceCall{all.alice.name}));
        QVERIFY(all.until([&] {
            return all.isIn(all.alice, engine::CallPhase::Incoming) && all.isIn(*laptop, engine::CallPhase::Incoming);
        }));
        QVERIFY(all.done(*laptop, engine::AnswerCall{laptop->call()->id}));
        QVERIFY(all.until([&] { return all.isIn(all.alice, engine::CallPhase::Ended); }));
        QVERIFY(all.alice.call()->end == engine::EndReason::AnsweredElsewhere);
        QVERIFY(all.isIn(*laptop, engine::CallPhase::Active));
    }

    void aNewDeviceOfAContactIsShown() {
        Devices all;
        QVERIFY(all.areContacts());
        QVERIFY(all.done(all.alice, engine::SendText{all.bob.name, "hello"}));
        all.world.run(1min);
        QVERIFY(all.alice.all<engine::TrustChanged>().empty());
        auto* second = all.another(all.bob);
        QVERIFY(second);
        QVERIFY(all.until([&] { return contactOf(*second, all.alice.name).online; }));
        QVERIFY(all.done(*second, engine::SendText{all.alice.name, "from my other one"}));
        QVERIFY(all.until([&] { return !all.alice.all<engine::TrustChanged>().empty(); }, 1min));
        all.world.run(1h);
        const auto events = all.alice.all<engine::TrustChanged>();
        QCOMPARE(events.size(), std::size_t{1});
        QVERIFY(events.front().event.change == engine::TrustChange::NewDevice);
        QVERIFY(events.front().event.conversation == all.bob.name);
        // And it stands in the conversation.
        QVERIFY(all.done(all.alice, engine::LoadConversation{all.bob.name}));
        const auto page = all.alice.all<engine::ConversationLoaded>().back();
        QVERIFY(std::ranges::any_of(
            page.entries, [](const auto& entry) { return std::holds_alternative<engine::TrustEvent>(entry); }));
    }

    /// The last word on each thing counts, whichever device said it, and wherever it was at that time.
    void aWeekOfPartingAndMeetingLeavesOneVault() {
        const auto tell = [](std::uint64_t seed) -> std::uint64_t {
            Devices all(seed);
            if (!all.areContacts()) return 0;
            auto& carol = all.add("carol");
            auto& dave = all.add("dave");
            if (!all.signUp(carol) || !all.befriend(all.alice, carol)) return 0;
            if (!all.signUp(dave) || !all.befriend(all.alice, dave)) return 0;
            auto* laptop = all.another(all.alice);
            auto* phone = laptop ? all.another(all.alice) : nullptr;
            if (!phone) return 0;
            const std::vector friends{all.bob.name, carol.name, dave.name};
            for (auto* one : {&all.bob, &carol, &dave}) one->quit();

            SeededRandom random(seed);
            std::map<std::pair<UserName, int>, std::string> last;
            const std::array devices{&all.alice, laptop, phone};
            std::array<bool, 3> away{};
            for (int step = 0; step < 56; ++step) {
                const auto which = random.below(3);
                auto& device = *devices[which];
                switch (random.below(6)) {
                    case 0:
                        if (std::exchange(away[which], true)) break;
                        all.cut(device);
                        break;
                    case 1:
                        if (std::exchange(away[which], false)) all.heal(device);
                        break;
                    case 2:
                        device.kill();
                        device.restart();
                        break;
                    default: {
                        if (!all.until([&] { return device.program->engine.people() != nullptr; })) return 0;
                        const auto& user = friends[random.below(friends.size())];
                        const auto word = "step " + std::to_string(step);
                        const int field = static_cast<int>(random.below(3));
                        const bool said = field == 0   ? all.done(device, engine::SetAlias{user, word})
                                          : field == 1 ? all.done(device, engine::SetNote{user, word})
                                                       : all.done(device, engine::SetGroups{user, {word}});
                        if (!said) return 0;
                        last[{user, field}] = word;
                    }
                }
                all.world.run(1min + random.within(6min));
                // Now and then they stay on; mostly the computers sleep until somebody wants something again.
                const auto rest = random.within(6h);
                const bool sleep = random.below(16) != 0;
                for (auto* one : devices)
                    if (sleep) one->kill();
                all.world.run(rest);
                for (auto* one : devices)
                    if (sleep) one->restart();
            }
            for (auto* device : devices) all.heal(*device);
            all.world.run(1h);
            for (auto* device : devices) {
                for (const auto& [what, word] : last) {
                    const auto contact = contactOf(*device, what.first);
                    const auto is = what.second == 0         ? contact.alias
                                    : what.second == 1       ? contact.note
                                    : contact.groups.empty() ? std::string()
                                                             : contact.groups.front();
                    if (is != word) return 0;
                    if (contact.relation != Relation::Contact) return 0;
                }
                if (vaultOf(*device) != vaultOf(all.alice) || vaultOf(*device).size() < friends.size()) return 0;
            }
            return all.world.trace.value();
        };
        const auto once = tell(7);
        QVERIFY(once != 0);
        QCOMPARE(tell(7), once);
        QVERIFY(tell(8) != 0);
    }
};

KITH_TEST(ManyDevicesTest);
#include "manydevices_test.moc"
