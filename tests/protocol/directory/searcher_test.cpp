// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/directory/searcher.h"

#include <QTest>

#include "protocol/directory/localslot.h"
#include "protocol/directory/searchanswer.h"
#include "protocol/directory/service.h"
#include "tests/support/recordmaker.h"
#include "tests/support/testmain.h"

using namespace kith;
using namespace kith::directory;
using namespace std::chrono_literals;

namespace {

constexpr session::LinkNumber kLink = 1;

/// Somebody who searches at a supernode's directory.
struct World {
    test::Authority authority;
    crypto::ModernSuite suite;
    Judge judge{suite, authority.trust()};
    LocalSlot slot{{}, judge};
    Service service;
    Searcher searcher{judge};
    Now now{Instant{}, test::Authority::kNow};
    std::vector<SearchEnded> events;
    int asked = 0;
    bool deaf = false;  ///< the supernode does not get what is sent
    std::function<void(Searched&)> forge;

    explicit World(Service::Options options = {}) : service(options, slot) { searcher.linkUp(now); }

    test::RecordMaker publish(std::string_view name, std::string_view shown, Findable findable = Findable::Everybody) {
        test::RecordMaker who(authority, name);
        publish(who, shown, findable, 1);
        return who;
    }
    void publish(test::RecordMaker& who, std::string_view shown, Findable findable, std::uint64_t sequence) {
        auto record = who.record(sequence);
        record.displayName = shown;
        record.findable = findable;
        slot.store(now, 0, {who.sign(record), {}, {}});
        std::vector<SlotAnswer> answers;
        slot.take(answers);
    }
    void deliver() {
        std::vector<Bytes> commands;
        searcher.take(commands, events);
        asked += static_cast<int>(commands.size());
        for (const auto& command : commands)
            if (!deaf) service.receive(now, kLink, command);
        overlay::Output out;
        service.take(out);
        for (auto& answer : out.commands) {
            if (forge) answer.command = forged(answer.command);
            searcher.receive(now, answer.command);
        }
        commands.clear();
        searcher.take(commands, events);
    }
    Bytes forged(ByteView command) {
        const auto view = wire::parseCommand(command).value();
        auto message = wire::decode<Searched>(view).value();
        forge(message);
        return wire::encodeCommand(message, view.requestId);
    }
    void pass(Duration time) {
        const Instant until = now.at + time;
        for (deliver(); searcher.nextWake() <= until; deliver()) {
            step(searcher.nextWake());
            searcher.wake(now);
        }
        step(until);
    }
    void step(Instant to) {
        now.wall += std::chrono::duration_cast<std::chrono::milliseconds>(to - now.at);
        now.at = to;
    }
    /// The user names of who was found, or the fault.
    std::vector<std::string> search(std::string_view text) {
        events.clear();
        searcher.search(now, text);
        deliver();
        return names();
    }
    std::vector<std::string> names() {
        std::vector<std::string> out;
        if (events.size() != 1) return {"no answer"};
        if (!events[0].people) return {std::string(kith::name(events[0].people.error().fault))};
        for (const auto& user : *events[0].people) out.push_back(user.record.name.text());
        return out;
    }
};

using Names = std::vector<std::string>;

}  // namespace

class SearcherTest : public QObject {
    Q_OBJECT

private slots:
    void whoIsFindableIsFound() {
        World w;
        const auto ann = w.publish("ann77", "Ann Smith");
        w.publish("annabel", "Somebody");
        w.publish("bert", "Ann Smyth");
        QCOMPARE(w.search("ann smith"), (Names{"ann77", "bert"}));
        const auto& people = *w.events[0].people;
        QVERIFY(people[0].key == ann.key() && people[0].match == Match::Exact);
        QVERIFY(people[0].record.displayName == "Ann Smith" && people[1].match == Match::Mistake);
        QCOMPARE(w.search("ann"), (Names{"ann77", "annabel", "bert"}));
        QCOMPARE(w.search("zoe"), Names{});
        QCOMPARE(w.search("x"), Names{"InvalidArgument"});
    }

    void findableIsHonoured() {
        World w;
        auto ann = w.publish("ann77", "Ann Smith", Findable::ExactName);
        w.publish("berta", "Ann Smith", Findable::Nobody);
        QCOMPARE(w.search("ann smith"), Names{});
        QCOMPARE(w.search("ann7"), Names{});
        QCOMPARE(w.search("ANN77"), Names{"ann77"});
        QCOMPARE(w.search("berta"), Names{});
        w.publish(ann, "Ann Smith", Findable::Everybody, 2);
        QCOMPARE(w.search("smith"), Names{"ann77"});
        w.publish(ann, "Ann Miller", Findable::Everybody, 3);
        QCOMPARE(w.search("smith"), Names{});
        QCOMPARE(w.search("miller"), Names{"ann77"});
        w.publish(ann, "Ann Miller", Findable::Nobody, 4);
        QCOMPARE(w.search("miller"), Names{});
        QCOMPARE(w.search("ann77"), Names{});
    }

    void whoHasExpiredIsNotFound() {
        World w;
        w.publish("ann77", "Ann Smith");
        w.step(w.now.at + crypto::Days(41));
        QCOMPARE(w.search("smith"), Names{});
        w.slot.wake(w.now);
        QCOMPARE(w.search("smith"), Names{});
    }

    void twentyAtMost() {
        World w;
        for (int i = 10; i < 35; ++i) w.publish("ann" + std::to_string(i), "Ann");
        const auto found = w.search("ann");
        QCOMPARE(found.size(), kMaxHits);
        QCOMPARE(found.front(), std::string("ann10"));
        QCOMPARE(w.search("ann34").front(), std::string("ann34"));
    }

    /// What a supernode puts in that doesn't belong there is left out.
    void theSupernodeCantPutAnybodyIn() {
        World w;
        w.publish("ann77", "Ann Smith");
        test::RecordMaker mallory(w.authority, "mallory");
        const auto put = [&](std::string_view shown, Findable findable, auto spoil) {
            w.forge = [&, shown, findable, spoil](Searched& answer) {
                auto record = mallory.record();
                record.displayName = shown;
                record.findable = findable;
                SearchAnswer more;
                more.add(mallory.sign(record));
                Searched other = more.take();
                spoil(other);
                answer.hits.insert(answer.hits.begin(), other.hits.begin(), other.hits.end());
                for (auto& hit : answer.hits) hit.issuers = hit.issuers == 0 ? 0 : hit.issuers;
            };
            return w.search("smith");
        };
        const auto nothing = [](Searched&) {};
        QCOMPARE(put("Eve Smith", Findable::Everybody, nothing), (Names{"ann77", "mallory"}));
        QCOMPARE(put("Eve Smith", Findable::ExactName, nothing), Names{"ann77"});
        QCOMPARE(put("Eve Smith", Findable::Nobody, nothing), Names{"ann77"});
        QCOMPARE(put("Eve", Findable::Everybody, nothing), Names{"ann77"});
        QCOMPARE(put("Eve Smith", Findable::Everybody, [](Searched& it) { it.hits[0].signature[3] ^= std::byte{1}; }),
                 Names{"ann77"});
        QCOMPARE(put("Eve Smith", Findable::Everybody, [](Searched& it) { it.hits[0].record[9] ^= std::byte{1}; }),
                 Names{"ann77"});
        QCOMPARE(put("Eve Smith", Findable::Everybody, [](Searched& it) { it.hits[0].leaf = toBytes("leaf"); }),
                 Names{"ann77"});
        QCOMPARE(put("Eve Smith", Findable::Everybody, [](Searched& it) { it.hits[0].issuers = 9; }), Names{"ann77"});
        QCOMPARE(put("Eve Smith", Findable::Everybody, [](Searched& it) { it.hits.push_back(it.hits[0]); }),
                 (Names{"ann77", "mallory"}));
        w.forge = [](Searched& answer) { answer.issuers[0] = toBytes("chain"); };
        QCOMPARE(w.search("smith"), Names{});
    }

    void whoTypesTooFastIsToldAndAskedAgain() {
        World w({.searches = {1, 3}});
        w.publish("ann77", "Ann Smith");
        for (int i = 0; i < 3; ++i) QCOMPARE(w.search("smith"), Names{"ann77"});
        QCOMPARE(w.search("smith"), Names{"no answer"});
        w.pass(3s);
        QCOMPARE(w.names(), Names{"ann77"});

        World never({.searches = {0, 0}});
        never.search("smith");
        never.pass(11s);
        QCOMPARE(never.names(), Names{"TooManyTries"});
        QVERIFY(never.asked <= 6 && never.searcher.nextWake() == kNever);

        World busy({.allSearches = {0, 0}});
        busy.search("smith");
        busy.pass(11s);
        QCOMPARE(busy.names(), Names{"Busy"});
    }

    void hostileQuestionsAreRefused() {
        World w;
        w.publish("ann77", "Ann Smith");
        const auto ask = [&](Bytes command) -> std::optional<Searched> {
            w.service.receive(w.now, kLink, command);
            overlay::Output out;
            w.service.take(out);
            if (out.commands.size() != 1) return std::nullopt;
            return wire::decode<Searched>(wire::parseCommand(out.commands[0].command).value()).value();
        };
        for (const std::string& text :
             {std::string(), std::string("a"), std::string(200, '.'), std::string(256, 'a')}) {
            const auto answer = ask(wire::encodeCommand(Search{text}, 1));
            QVERIFY(answer && answer->refusal == SearchRefusal::Invalid && answer->hits.empty());
        }
        QVERIFY(!ask(wire::encodeCommand(Search{std::string(257, 'a')}, 1)));
        QVERIFY(!ask(wire::encodeCommand(Search{"smith\xff"}, 1)));
        QCOMPARE(w.service.refusedCommands(), std::uint64_t{2});
        const auto good = ask(wire::encodeCommand(Search{"smith"}, 1));
        QVERIFY(good && !good->refusal && good->hits.size() == 1);
        // Bad ones cost as much as good ones.
        for (int i = 0; i < 40; ++i) ask(wire::encodeCommand(Search{"a"}, 1));
        QVERIFY(ask(wire::encodeCommand(Search{"smith"}, 1))->refusal == SearchRefusal::TooFast);
    }

    void anAnswerIsNeverTooLarge() {
        test::Authority authority;
        test::RecordMaker ann(authority, "ann77");
        auto record = ann.sign(ann.record());
        record.record.resize(kMaxRecordBlob);
        SearchAnswer answer;
        for (int i = 0; i < 40; ++i) {
            auto chain = crypto::decodeChain(record.credential).value();
            for (std::size_t j = 1; j < chain.size(); ++j) chain[j] = Bytes(2000, static_cast<std::byte>(i));
            record.credential = crypto::encodeChain(chain);
            answer.add(record);
        }
        const auto searched = answer.take();
        QVERIFY(searched.hits.size() > 5 && searched.hits.size() < kMaxHits);
        QVERIFY(wire::encodeCommand(searched, 1).size() < 50'000);
        QCOMPARE(recordsIn(searched).size(), searched.hits.size());
        QVERIFY(recordsIn(searched).back().record == record.record);
    }

    void whatIsTypedOnIsTakenBack() {
        World w;
        w.publish("ann77", "Ann Smith");
        const auto older = w.searcher.search(w.now, "smi");
        w.searcher.cancel(older);
        w.searcher.search(w.now, "smith");
        w.deliver();
        QCOMPARE(w.names(), Names{"ann77"});
        QVERIFY(w.events[0].search != older);
        for (std::size_t i = 0; i <= Searcher::kMaxWaiting; ++i) w.searcher.search(w.now, "smith");
        w.events.clear();
        w.deaf = true;
        w.deliver();
        QCOMPARE(w.names(), Names{"Busy"});
    }

    void aChangeOfSupernodeIsSurvived() {
        World w;
        w.publish("ann77", "Ann Smith");
        w.deaf = true;
        w.search("smith");
        w.pass(5s);
        QCOMPARE(w.asked, 2);
        w.searcher.linkDown();
        w.pass(1s);
        w.deaf = false;
        w.searcher.linkUp(w.now);
        w.deliver();
        QCOMPARE(w.names(), Names{"ann77"});

        w.searcher.linkDown();
        QCOMPARE(w.search("smith"), Names{"no answer"});
        w.pass(11s);
        QCOMPARE(w.names(), Names{"Unreachable"});
        QVERIFY(w.searcher.nextWake() == kNever);
    }

    void anAnswerThatNobodyAwaitsIsDropped() {
        World w;
        w.search("nobody");
        w.events.clear();
        w.searcher.receive(w.now, wire::encodeCommand(Searched{}, 1));
        w.searcher.receive(w.now, wire::encodeCommand(Searched{}));
        w.searcher.receive(w.now, toBytes("rubbish"));
        w.deliver();
        QVERIFY(w.events.empty());
    }
};

KITH_TEST(SearcherTest);

#include "searcher_test.moc"
