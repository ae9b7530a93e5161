// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <QDir>
#include <QFile>
#include <QGuiApplication>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "tests/support/testmain.h"
#include "ui/gallery/scriptedport.h"
#include "ui/models/appearance.h"
#include "ui/models/clientmodel.h"
#include "ui/models/words.h"

using namespace kith;
using namespace kith::ui;
using namespace std::chrono_literals;

namespace {

UserName user(const char* name) {
    return UserName::parse(name).value();
}

engine::Contact contact(const char* name, UnixMillis last, engine::Relation relation = engine::Relation::Contact) {
    engine::Contact c;
    c.user = user(name);
    c.relation = relation;
    c.lastActivity = last;
    return c;
}

engine::TextMessage text(unsigned char n, bool ours, UnixMillis written) {
    engine::TextMessage m;
    m.id.bytes[0] = std::byte(n);
    m.conversation = user("bob");
    m.ours = ours;
    m.text = "text " + std::to_string(n);
    m.written = written;
    return m;
}

struct Fixture {
    ScriptedPort port;
    ScriptedStarter starter;
    ClientModel client{port, starter};

    template <class R>
    [[nodiscard]] std::vector<ScriptedPort::Asked> asked() const {
        std::vector<ScriptedPort::Asked> out;
        for (const auto& one : port.asked())
            if (std::holds_alternative<R>(one.request)) out.push_back(one);
        return out;
    }
    [[nodiscard]] QStringList names() {
        QStringList out;
        for (int row = 0; row < client.people()->rowCount(); ++row)
            out += client.people()->data(client.people()->index(row), PeopleModel::UserRole).toString();
        return out;
    }
    template <class R>
    [[nodiscard]] R newest() const {
        const auto all = asked<R>();
        return all.empty() ? R{} : std::get<R>(all.back().request);
    }
    [[nodiscard]] QStringList entries(int role) {
        QStringList out;
        for (int row = 0; row < client.conversation()->rowCount(); ++row)
            out += client.conversation()->data(client.conversation()->index(row), role).toString();
        return out;
    }
};

void online(Fixture& f) {
    engine::Account account;
    account.user = user("alice");
    account.connection = engine::Connection::Online;
    f.port.tell(engine::AccountChanged{account});
}

}  // namespace

class ModelsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { prepare(*qGuiApp); }

    void presenceIsShownAndChosen() {
        Fixture f;
        auto& own = *f.client.presence();
        QSignalSpy changed(&own, &PresenceModel::changed);
        f.port.tell(engine::OwnPresenceChanged{{engine::Presence::OpenToCalls, engine::Presence::Away, "Tea"}});
        QCOMPARE(changed.count(), 1);
        QVERIFY(own.chosen() == PresenceModel::OpenToCalls && own.shown() == PresenceModel::Away);
        own.setMood(QStringLiteral("  Tea "));
        QVERIFY(f.asked<engine::SetPresence>().empty());
        own.setMood(QStringLiteral("Two\nlines"));
        own.choose(PresenceModel::Invisible);
        const auto asked = f.asked<engine::SetPresence>();
        QCOMPARE(asked.size(), std::size_t{2});
        QCOMPARE(std::get<engine::SetPresence>(asked[0].request).mood.value(), std::string("Two lines"));
        QVERIFY(std::get<engine::SetPresence>(asked[1].request).presence == engine::Presence::Invisible);
        own.chooseFor(QStringLiteral("bob"), PresenceModel::Same, {});
        const auto view = std::get<engine::SetPresenceFor>(f.asked<engine::SetPresenceFor>().back().request);
        QVERIFY(view.user == user("bob") && !view.presence && !view.mood);
        QSignalSpy trouble(&f.client, &ClientModel::trouble);
        f.port.tell(engine::Done{f.asked<engine::SetPresenceFor>().back().number, {engine::Reason::NotAContact, {}}});
        QCOMPARE(trouble.count(), 1);
    }

    void peopleAreSeenAsTheyShowThemselves() {
        Fixture f;
        auto bob = contact("bob", UnixMillis(1s));
        bob.presence = engine::Presence::DoNotDisturb;
        bob.mood = "Writing";
        bob.view = engine::PresenceView{engine::Presence::Online, "for Bob"};
        f.port.tell(engine::ContactsReset{{bob}});
        const auto value = [&](int role) { return f.client.people()->data(f.client.people()->index(0), role); };
        QCOMPARE(value(PeopleModel::PresenceRole).toInt(), int(PresenceModel::DoNotDisturb));
        QCOMPARE(value(PeopleModel::PresenceTextRole).toString(), QStringLiteral("Do not disturb"));
        QCOMPARE(value(PeopleModel::MoodRole).toString(), QStringLiteral("Writing"));
        f.client.conversation()->setUser(QStringLiteral("bob"));
        QCOMPARE(f.client.conversation()->viewPresence(), int(PresenceModel::Online));
        QCOMPARE(f.client.conversation()->viewMood(), QStringLiteral("for Bob"));
        bob.view.reset();
        f.port.tell(engine::ContactChanged{bob});
        QCOMPARE(f.client.conversation()->viewPresence(), int(PresenceModel::Same));
    }

    void aWindowThatOpensAsksForEverything() {
        Fixture f;
        QCOMPARE(f.asked<engine::Refresh>().size(), 1U);
    }

    void requestsComeFirstThenTheLatestConversation() {
        Fixture f;
        f.port.tell(engine::ContactsReset{{contact("anna", UnixMillis(1000ms)), contact("bob", UnixMillis(3000ms)),
                                           contact("carl", UnixMillis(2000ms)),
                                           contact("dora", UnixMillis(0ms), engine::Relation::RequestReceived)}});
        QCOMPARE(f.names(), (QStringList{"dora", "bob", "carl", "anna"}));
        f.port.tell(engine::ContactChanged{contact("anna", UnixMillis(4000ms))});
        QCOMPARE(f.names(), (QStringList{"dora", "anna", "bob", "carl"}));
        f.port.tell(engine::ContactRemoved{user("bob")});
        QCOMPARE(f.names(), (QStringList{"dora", "anna", "carl"}));
        f.client.people()->setFilter("AR");
        QCOMPARE(f.names(), QStringList{"carl"});
    }

    void favouritesAndGroupsComeBeforeEverybodyElse() {
        Fixture f;
        auto anna = contact("anna", UnixMillis(1000ms)), bob = contact("bob", UnixMillis(3000ms));
        auto carl = contact("carl", UnixMillis(2000ms)), dora = contact("dora", UnixMillis(4000ms));
        const auto eve = contact("eve", UnixMillis(9000ms), engine::Relation::Blocked);
        f.port.tell(engine::ContactsReset{{anna, bob}});
        const auto sections = [&] {
            QStringList out;
            for (int row = 0; row < f.client.people()->rowCount(); ++row)
                out += f.client.people()->data(f.client.people()->index(row), PeopleModel::SectionRole).toString();
            return out;
        };
        QCOMPARE(sections(), (QStringList{"", ""}));
        anna.favourite = true;
        carl.groups = {"Band", "Work"};
        dora.groups = {"Work"};
        f.port.tell(engine::ContactsReset{{anna, bob, carl, dora, eve}});
        QCOMPARE(f.names(), (QStringList{"anna", "carl", "dora", "bob", "eve"}));
        QCOMPARE(sections(), (QStringList{"Favourites", "Band", "Work", "Everybody else", "Blocked"}));
        bob.favourite = true;
        f.port.tell(engine::ContactChanged{bob});
        QCOMPARE(sections(), (QStringList{"Favourites", "", "Band", "Work", "Blocked"}));
        bob.favourite = false;
        f.port.tell(engine::ContactChanged{bob});
        QCOMPARE(sections(), (QStringList{"Favourites", "Band", "Work", "Everybody else", "Blocked"}));
        anna.alias = "Zoe";
        f.port.tell(engine::ContactChanged{anna});
        f.client.people()->setFilter("zoe");
        QCOMPARE(f.names(), QStringList{"anna"});
    }

    void theDetailsOfAPersonAskForWhatWasChangedOnly() {
        Fixture f;
        auto bob = contact("bob", UnixMillis(1000ms));
        bob.note = "cello";
        bob.groups = {"Band"};
        f.port.tell(engine::ContactsReset{{bob}});
        PersonModel& person = *f.client.person();
        person.setUser("bob");
        QCOMPARE(f.asked<engine::GetSafetyNumber>().size(), 1U);
        QTRY_VERIFY(person.safetyNumber().size() == 12 * 5 + 11);
        person.save("", "cello", "Band");
        QVERIFY(f.asked<engine::SetAlias>().empty() && f.asked<engine::SetNote>().empty());
        QVERIFY(f.asked<engine::SetGroups>().empty());
        person.save(" Bobby ", "", "Work,  Band ,Work,");
        QCOMPARE(f.newest<engine::SetAlias>().alias, std::string("Bobby"));
        QCOMPARE(f.newest<engine::SetNote>().note, std::string());
        QVERIFY((f.newest<engine::SetGroups>().groups == std::vector<std::string>{"Band", "Work"}));
        // Another key has another number.
        bob.keyChanged = true;
        f.port.tell(engine::ContactChanged{bob});
        QVERIFY(person.isKeyChanged());
        QCOMPARE(f.asked<engine::GetSafetyNumber>().size(), 2U);
        person.acceptKey();
        person.setBlocked(true);
        QCOMPARE(f.asked<engine::AcceptKey>().size(), 1U);
        QCOMPARE(f.asked<engine::BlockPerson>().size(), 1U);
    }

    void changesOfTrustStandInTheConversation() {
        Fixture f;
        f.client.conversation()->setUser("bob");
        f.port.tell(engine::TrustChanged{{user("bob"), UnixMillis(1s), engine::TrustChange::NewDevice}});
        f.port.tell(engine::TrustChanged{{user("carl"), UnixMillis(1s), engine::TrustChange::NewDevice}});
        QTRY_COMPARE(f.entries(ConversationModel::TextRole), QStringList{"bob uses a new device"});
        QCOMPARE(f.entries(ConversationModel::KindRole), QStringList{QString::number(ConversationModel::Trust)});
    }

    void aChangeWithoutANewPlaceKeepsTheRows() {
        Fixture f;
        f.port.tell(engine::ContactsReset{{contact("anna", UnixMillis(1000ms)), contact("bob", UnixMillis(3000ms))}});
        QSignalSpy reset(f.client.people(), &QAbstractItemModel::modelReset);
        QSignalSpy changed(f.client.people(), &QAbstractItemModel::dataChanged);
        engine::Contact bob = contact("bob", UnixMillis(3000ms));
        bob.online = true;
        f.port.tell(engine::ContactChanged{bob});
        QCOMPARE(reset.count(), 0);
        QCOMPARE(changed.count(), 1);
    }

    void theNewestEntryIsRowZeroAndOlderPagesFollow() {
        Fixture f;
        f.port.setConversation({text(1, false, UnixMillis(1s)), text(2, true, UnixMillis(2s))});
        f.client.conversation()->setUser("bob");
        QTRY_COMPARE(f.entries(ConversationModel::TextRole), (QStringList{"text 2", "text 1"}));
        f.port.tell(engine::MessageAdded{text(3, false, UnixMillis(3s))});
        QCOMPARE(f.entries(ConversationModel::TextRole), (QStringList{"text 3", "text 2", "text 1"}));
        QVERIFY(!f.client.conversation()->canFetchMore({}));
        QCOMPARE(f.asked<engine::LoadConversation>().size(), 1U);
    }

    void anAnswerForAConversationThatWasLeftIsDropped() {
        Fixture f;
        f.port.setConversation({text(1, false, UnixMillis(1s))});
        f.client.conversation()->setUser("bob");
        f.client.conversation()->setUser("carl");
        QTest::qWait(0);
        QCOMPARE(f.client.conversation()->rowCount(), 0);
    }

    void entriesAreMarkedByDayAndGroup() {
        Fixture f;
        const auto now = UnixMillis(std::chrono::milliseconds(QDateTime::currentMSecsSinceEpoch()));
        f.port.setConversation({text(1, false, now - 48h), text(2, false, now - 1min), text(3, false, now)});
        f.client.conversation()->setUser("bob");
        QTRY_COMPARE(f.client.conversation()->rowCount(), 3);
        const QStringList days = f.entries(ConversationModel::DayRole);
        QVERIFY(days[0].isEmpty() || QTime::currentTime().minute() == 0);
        QCOMPARE(days[1], QString("Today"));
        QVERIFY(!days[2].isEmpty());
        QCOMPARE(f.entries(ConversationModel::GroupStartRole), (QStringList{"false", "true", "true"}));
    }

    void whatIsWatchedIsRead() {
        Fixture f;
        engine::Contact bob = contact("bob", UnixMillis(1s));
        bob.unread = 2;
        f.port.tell(engine::ContactsReset{{bob}});
        f.client.conversation()->setUser("bob");
        QCOMPARE(f.asked<engine::MarkRead>().size(), 0U);
        f.client.conversation()->setWatched(true);
        QCOMPARE(f.asked<engine::MarkRead>().size(), 1U);
        f.port.tell(engine::MessageAdded{text(9, false, UnixMillis(9s))});
        QCOMPARE(f.asked<engine::MarkRead>().size(), 2U);
        f.port.tell(engine::MessageAdded{text(10, true, UnixMillis(10s))});
        QCOMPARE(f.asked<engine::MarkRead>().size(), 2U);
    }

    void emptyTextIsNotSent() {
        Fixture f;
        f.client.conversation()->setUser("bob");
        QVERIFY(!f.client.conversation()->send(" \n "));
        QVERIFY(f.client.conversation()->send(" hello \n"));
        const auto sent = f.asked<engine::SendText>();
        QCOMPARE(sent.size(), 1U);
        QCOMPARE(std::get<engine::SendText>(sent[0].request).text, std::string("hello"));
    }

    void aRefusedTextSaysWhy() {
        Fixture f;
        f.client.conversation()->setUser("bob");
        f.client.conversation()->send("hello");
        f.port.tell(engine::Done{f.asked<engine::SendText>()[0].number, {engine::Reason::DiskFull, {}}});
        QVERIFY(f.client.conversation()->failureText().startsWith("The disk is full"));
    }

    void searchAsksWhenTypingPausesAndDropsOldAnswers() {
        Fixture f;
        SearchModel& search = *f.client.search();
        online(f);
        search.setText("a");
        search.askNow();
        QCOMPARE(f.asked<engine::SearchPeople>().size(), 0U);
        QVERIFY(search.hint().startsWith("Type at least two"));
        search.setText("gr");
        QVERIFY(search.hint().isEmpty());
        search.setText("grace");
        QTRY_COMPARE(f.asked<engine::SearchPeople>().size(), 1U);
        const auto first = f.asked<engine::SearchPeople>()[0];
        QCOMPARE(std::get<engine::SearchPeople>(first.request).text, std::string("grace"));
        QVERIFY(std::get<engine::SearchPeople>(first.request).typist != 0 && search.isSearching());
        search.setText("gracie");
        f.port.tell(engine::PeopleFound{first.number, {{user("grace"), "Grace", {}, {}}}});
        f.port.tell(engine::Done{first.number, {}});
        QCOMPARE(search.rowCount(), 0);
        search.askNow();
        const auto second = f.asked<engine::SearchPeople>()[1].number;
        f.port.tell(engine::PeopleFound{second, {{user("grace"), "Grace", {}, engine::Match::Mistake}}});
        f.port.tell(engine::Done{second, {}});
        QCOMPARE(search.rowCount(), 1);
        QVERIFY(search.data(search.index(0), SearchModel::SimilarRole).toBool());
        QVERIFY(!search.isSearching() && search.hint().isEmpty());
    }

    void searchSaysWhyThereIsNobody() {
        Fixture f;
        SearchModel& search = *f.client.search();
        search.setText("grace");
        search.askNow();
        QVERIFY(search.hint().startsWith("You are offline"));
        QCOMPARE(f.asked<engine::SearchPeople>().size(), 0U);
        online(f);
        QTRY_COMPARE(f.asked<engine::SearchPeople>().size(), 1U);
        f.port.tell(engine::PeopleFound{f.asked<engine::SearchPeople>()[0].number, {}});
        f.port.tell(engine::Done{f.asked<engine::SearchPeople>()[0].number, {}});
        QVERIFY(search.hint().startsWith("Nobody else was found"));
        search.setText("grac");
        search.askNow();
        f.port.tell(engine::Done{f.asked<engine::SearchPeople>()[1].number, {engine::Reason::TooManyTries, {}}});
        QVERIFY(search.hint().startsWith("Too many tries"));
    }

    void aContactIsNotShownTwice() {
        Fixture f;
        SearchModel& search = *f.client.search();
        online(f);
        engine::Contact chloe;
        chloe.user = user("cd77");
        chloe.displayName = "Chloé Dubois";
        chloe.relation = engine::Relation::Contact;
        f.port.tell(engine::ContactsReset{{chloe}});
        const auto find = [&](const char* text) {
            search.setText(text);
            f.client.people()->setFilter(text);
            search.askNow();
            const auto number = f.asked<engine::SearchPeople>().back().number;
            f.port.tell(engine::PeopleFound{
                number,
                {{user("cd77"), "Chloé Dubois", engine::Relation::Contact, {}}, {user("chloris"), "Chloris", {}, {}}}});
            f.port.tell(engine::Done{number, {}});
        };
        const auto shown = [&] {
            QStringList out;
            for (int i = 0; i < search.rowCount(); ++i)
                out += search.data(search.index(i), SearchModel::UserRole).toString();
            return out;
        };
        find("CHLOE");
        QCOMPARE(f.client.people()->rowCount(), 1);
        QCOMPARE(shown(), QStringList{"chloris"});
        // Among the contacts only what contains the text is shown.
        find("chleo");
        QCOMPARE(f.client.people()->rowCount(), 0);
        QCOMPARE(shown(), (QStringList{"cd77", "chloris"}));
        find("chlo");
        engine::Contact asked;
        asked.user = user("chloris");
        asked.relation = engine::Relation::RequestSent;
        f.port.tell(engine::ContactChanged{asked});
        QCOMPARE(shown(), QStringList());
        f.port.tell(engine::ContactRemoved{user("cd77")});
        QCOMPARE(shown(), QStringList{"cd77"});
        QCOMPARE(search.data(search.index(0), SearchModel::RelationRole).toInt(), 0);
    }

    void whoFindsMeIsChosen() {
        Fixture f;
        online(f);
        AccountModel& account = *f.client.account();
        QCOMPARE(account.findable(), AccountModel::FindableByName);
        account.setFindable(AccountModel::FindableByName);
        QCOMPARE(f.asked<engine::SetFindable>().size(), 0U);
        account.setFindable(AccountModel::FindableByEverybody);
        const auto chosen = f.asked<engine::SetFindable>().at(0);
        QVERIFY(std::get<engine::SetFindable>(chosen.request).findable == engine::Findable::Everybody);
        QSignalSpy trouble(&f.client, &ClientModel::trouble);
        f.port.tell(engine::Done{chosen.number, {engine::Reason::DiskFull, {}}});
        QCOMPARE(trouble.size(), 1);
        QCOMPARE(account.findable(), AccountModel::FindableByName);
        engine::Account changed;
        changed.user = user("alice");
        changed.findable = engine::Findable::Nobody;
        f.port.tell(engine::AccountChanged{changed});
        QCOMPARE(account.findable(), AccountModel::FindableByNobody);
    }

    void aCallIsShownFromRingingToItsEnd() {
        Fixture f;
        engine::Call call;
        call.user = user("bob");
        call.incoming = true;
        call.phase = engine::CallPhase::Incoming;
        f.port.tell(engine::CallChanged{call});
        QVERIFY(f.client.call()->isRinging());
        QVERIFY(!f.client.call()->isActive());
        f.client.call()->answer();
        QCOMPARE(f.asked<engine::AnswerCall>().size(), 1U);
        call.phase = engine::CallPhase::Active;
        f.port.tell(engine::CallChanged{call});
        QVERIFY(f.client.call()->isTalking());
        QVERIFY(!f.client.call()->isRinging());
        call.phase = engine::CallPhase::Ended;
        call.end = engine::EndReason::HungUp;
        f.port.tell(engine::CallChanged{call});
        QVERIFY(!f.client.call()->isActive());
        QCOMPARE(f.client.call()->endText(), QString("Call ended"));
    }

    void ofTwoCallsTheOneNotHeldIsShown() {
        Fixture f;
        engine::Call held;
        held.id.bytes[0] = std::byte{1};
        held.user = user("bob");
        held.phase = engine::CallPhase::Active;
        held.heldByUs = true;
        engine::Call talking = held;
        talking.id.bytes[0] = std::byte{2};
        talking.user = user("carl");
        talking.heldByUs = false;
        f.port.tell(engine::CallChanged{held});
        f.port.tell(engine::CallChanged{talking});
        QCOMPARE(f.client.call()->user(), QString("carl"));
    }

    void theRecoveryKeyIsForgottenWhenItWasSeen() {
        Fixture f;
        f.port.tell(engine::RecoveryKeyMade{"AAAA-BBBB"});
        QCOMPARE(f.client.account()->recoveryKey(), QString("AAAA-BBBB"));
        f.client.account()->recoveryKeySeen();
        QVERIFY(f.client.account()->recoveryKey().isEmpty());
    }

    void signingInIsAskedOnce() {
        Fixture f;
        f.client.account()->signIn("kith:join?net=x", "bob", "password");
        f.client.account()->signIn("kith:join?net=x", "bob", "password");
        QCOMPARE(f.asked<engine::SignIn>().size(), 1U);
        QVERIFY(f.client.account()->isBusy());
        f.port.tell(engine::Done{f.asked<engine::SignIn>()[0].number, {engine::Reason::WrongPassword, {}}});
        QVERIFY(!f.client.account()->isBusy());
        QCOMPARE(f.client.account()->failureText(), QString("Name or password is wrong."));
    }

    void everyReasonHasItsWords() {
        for (int reason = 1; reason <= static_cast<int>(engine::Reason::Internal); ++reason)
            QVERIFY(!sentence(engine::Failure{static_cast<engine::Reason>(reason), {}}, "Family").isEmpty());
        QCOMPARE(sentence(engine::Failure{engine::Reason::ClockOff, "-172800"}, {}),
                 QString("Your clock is 2 days behind. Correct it and try again."));
        QCOMPARE(sentence(engine::Failure{engine::Reason::CantReach, "udp tcp 80 443"}, "Family"),
                 QString("Can't reach Family: UDP, TCP, port 80, port 443 failed. Check your connection."));
    }

    void aGraphicsCardIsOneThatRenders() {
        QTemporaryDir devices;
        const auto make = [&](const QString& name) {
            QVERIFY(QFile(devices.filePath(name)).open(QIODevice::WriteOnly));
        };
        QVERIFY(!hasGraphicsCard(devices.path()));
        QVERIFY(QDir(devices.path()).mkdir("dri"));
        make("dri/card0");  // a picture in memory, no more
        QVERIFY(!hasGraphicsCard(devices.path()));
        make("dri/renderD128");
        QVERIFY(hasGraphicsCard(devices.path()));
        QVERIFY(QFile::remove(devices.filePath("dri/renderD128")));
        make("nvidiactl");
        QVERIFY(hasGraphicsCard(devices.path()));
    }

    void durations() {
        QCOMPARE(duration(7s), QString("0:07"));
        QCOMPARE(duration(247s), QString("4:07"));
        QCOMPARE(duration(3729s), QString("1:02:09"));
    }
};

KITH_TEST(ModelsTest);
#include "models_test.moc"
