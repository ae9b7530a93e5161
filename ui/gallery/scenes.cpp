// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "ui/gallery/scenes.h"

#include <QDateTime>

namespace kith::ui {

namespace {

using namespace std::chrono_literals;

UserName user(const char* name) {
    return UserName::parse(name).value();
}

UnixMillis ago(std::chrono::minutes minutes) {
    return UnixMillis(std::chrono::milliseconds(QDateTime::currentMSecsSinceEpoch())) - minutes;
}

template <class T>
T numbered(unsigned n) {
    T id;
    id.bytes[0] = std::byte(n);
    return id;
}

engine::Account account(engine::Connection connection, engine::Failure failure = {}) {
    engine::Account a;
    a.connection = connection;
    a.user = user("alice");
    a.displayName = "Alice Martin";
    a.network = "Family";
    a.failure = std::move(failure);
    return a;
}

engine::Contact contact(const char* name, const char* shown, engine::Presence presence, std::chrono::minutes last,
                        const char* line, int unread = 0, const char* mood = "") {
    engine::Contact c;
    c.user = user(name);
    c.displayName = shown;
    c.relation = engine::Relation::Contact;
    c.online = presence != engine::Presence::Offline;
    c.presence = presence;
    c.mood = mood;
    c.lastActivity = ago(last);
    c.lastLine = line;
    c.unread = unread;
    return c;
}

engine::Contact related(const char* name, const char* shown, engine::Relation relation, const char* text = "") {
    engine::Contact c;
    c.user = user(name);
    c.displayName = shown;
    c.relation = relation;
    c.requestText = text;
    return c;
}

std::vector<engine::Contact> people() {
    return {
        contact("bob", "Bob Fischer", engine::Presence::Online, 3min, "See you at seven then?", 2, "In the garden"),
        contact("chloe", "Chloé Dubois-Vandenberghe de Montmorency", engine::Presence::Away, 90min,
                "Merci, c'est parfait 👍"),
        contact("echo", "Echo test", engine::Presence::OpenToCalls, 60 * 26min, "Call, 0:42"),
        contact("daniel", "Daniel", engine::Presence::Offline, 60 * 24 * 4min,
                "I'll send you the pictures tomorrow, promised, all of them"),
        related("erin", "Erin O'Brien", engine::Relation::RequestReceived,
                "Hi Alice, it's Erin from the choir. Could we talk about Saturday?"),
        related("frank", "Frank", engine::Relation::RequestSent),
    };
}

engine::ConversationEntry text(unsigned n, bool ours, const char* words, std::chrono::minutes when,
                               engine::MessageStatus status) {
    return engine::TextMessage{numbered<MessageId>(n), user("bob"), ours, words, ago(when), status};
}

std::vector<engine::ConversationEntry> conversation() {
    using engine::MessageStatus;
    engine::CallRecord talked{numbered<CallId>(1),       user("bob"), true, ago(60 * 25min), 247s,
                              engine::EndReason::HungUp, false};
    engine::CallRecord missed{numbered<CallId>(2),         user("bob"), false, ago(50min), 0s,
                              engine::EndReason::NoAnswer, true};
    return {
        text(1, false, "Did you find the recipe?", 60 * 26min, MessageStatus::Seen),
        text(2, true, "Yes! I'll bring it along.", 60 * 26min, MessageStatus::Read),
        talked,
        missed,
        text(3, false, "I tried to call you", 49min, MessageStatus::Seen),
        text(4, true,
             "Sorry, I was out with the dog and left the telephone at home. We went all the way around the lake, and "
             "then it began to rain.",
             40min, MessageStatus::Read),
        text(5, true, "Dinner on Friday?", 39min, MessageStatus::Delivered),
        text(6, false, "With pleasure 🙂", 5min, MessageStatus::Seen),
        text(7, false, "See you at seven then?", 3min, MessageStatus::Seen),
        text(8, true, "Seven is good", 1min, MessageStatus::Sent),
        text(9, true, "I'll be there", 0min, MessageStatus::Waiting),
    };
}

void signedIn(ScriptedPort& port) {
    port.tell(engine::AccountChanged{account(engine::Connection::Online)});
    port.tell(engine::OwnPresenceChanged{});
    port.tell(engine::ContactsReset{people()});
    port.tell(
        engine::DevicesChanged{{{{"mic", "Built-in microphone", true}}, {{"spk", "Built-in speaker", true}}, {}, {}}});
}

void withBob(ScriptedPort& port, ClientModel& client) {
    signedIn(port);
    port.setConversation(conversation());
    client.conversation()->setUser(QStringLiteral("bob"));
}

engine::Contact known(const char* name, const char* shown, bool favourite, std::vector<std::string> groups) {
    engine::Contact c =
        contact(name, shown, favourite ? engine::Presence::Online : engine::Presence::Offline, 60min, "");
    c.favourite = favourite;
    c.groups = std::move(groups);
    return c;
}

/// Everything that can be said of people.
std::vector<engine::Contact> sorted() {
    auto out = people();
    engine::Contact& bob = out.front();
    bob.alias = "Bobby";
    bob.note = "Plays the cello. His birthday is in May.";
    bob.favourite = true;
    bob.groups = {"Band", "Neighbours"};
    bob.verified = true;
    out.push_back(known("heinrich", "Heinrich", false, {"Band"}));
    out.push_back(known("ida", "Ida Lovelace", false, {"Band"}));
    out.back().keyChanged = true;
    out.push_back(known("jun", "Jun", false, {"Work"}));
    out.back().verified = true;
    out.push_back(related("mallory", "Mallory", engine::Relation::Blocked));
    return out;
}

void withSorted(ScriptedPort& port) {
    signedIn(port);
    port.tell(engine::ContactsReset{sorted()});
}

engine::TrustEvent trust(const char* name, std::chrono::minutes when, engine::TrustChange change) {
    return {user(name), ago(when), change};
}

engine::Call call(engine::CallPhase phase) {
    engine::Call c;
    c.id = numbered<CallId>(7);
    c.user = user("bob");
    c.phase = phase;
    c.incoming = phase == engine::CallPhase::Incoming;
    if (phase == engine::CallPhase::Active) {
        c.answered = ago(4min);
        c.quality = {42ms, 0.013, 30ms, 0.002, "Relayed over UDP"};
    }
    return c;
}

/// Everybody as somebody can be seen, and me in this state.
void seenAs(ScriptedPort& port, ClientModel& client, engine::Presence mine) {
    using engine::Presence;
    port.tell(engine::AccountChanged{account(engine::Connection::Online)});
    port.tell(engine::OwnPresenceChanged{{mine, mine, "Reading a book"}});
    auto bob =
        contact("bob", "Bob Fischer", mine == Presence::Invisible ? Presence::Offline : mine, 3min,
                "See you at seven then?", 0, mine == Presence::Invisible ? "" : "On the train to Lyon until six");
    bob.view = engine::PresenceView{Presence::OpenToCalls, "Call me, Bob"};
    port.tell(engine::ContactsReset{{
        bob,
        contact("chloe", "Chloé Dubois", Presence::OpenToCalls, 5min, "Merci, c'est parfait 👍", 0, "Ask me anything"),
        contact("daniel", "Daniel", Presence::DoNotDisturb, 6min, "", 0, "Writing"),
        contact("erin", "Erin O'Brien", Presence::Away, 7min, "Until tomorrow"),
        contact("frank", "Frank", Presence::NotAvailable, 8min, "Good night"),
        contact("grace", "Grace", Presence::Offline, 9min, "Thank you"),
        contact("heidi", "Heidi", Presence::Online, 10min, "", 0, ""),
    }});
    client.conversation()->setUser(QStringLiteral("bob"));
}

/// The number of the newest request of one kind.
template <class R>
engine::RequestNumber numberOf(const ScriptedPort& port) {
    for (auto at = port.asked().rbegin(); at != port.asked().rend(); ++at)
        if (std::holds_alternative<R>(at->request)) return at->number;
    return 0;
}

void search(ClientModel& client, const char* text) {
    client.search()->setText(QString::fromUtf8(text));
    client.people()->setFilter(QString::fromUtf8(text));
    client.search()->askNow();
}

void found(ScriptedPort& port, std::vector<engine::FoundPerson> people) {
    const auto asked = numberOf<engine::SearchPeople>(port);
    port.tell(engine::PeopleFound{asked, std::move(people)});
    port.tell(engine::Done{asked, {}});
}

}  // namespace

const std::vector<Scene>& scenes() {
    static const std::vector<Scene> all = {
        {"welcome", [](ScriptedPort&, ClientModel&) {}},
        {"welcome-trouble",
         [](ScriptedPort& port, ClientModel& client) {
             client.account()->signIn(QStringLiteral("kith:join?net=Family"), QStringLiteral("alice"),
                                      QStringLiteral("wrong password"));
             port.tell(engine::Done{numberOf<engine::SignIn>(port), {engine::Reason::CantReach, "udp tcp 80 443"}});
         }},
        {"welcome-busy",
         [](ScriptedPort&, ClientModel& client) {
             client.account()->signIn(QStringLiteral("kith:join?net=Family"), QStringLiteral("alice"),
                                      QStringLiteral("a good password"));
         }},
        {"recovery-key",
         [](ScriptedPort& port, ClientModel&) {
             port.tell(engine::RecoveryKeyMade{"K7QM-2XVA-9RTE-PD4H-WZ83-6NCJ-B5FY"});
         }},
        {"people-empty",
         [](ScriptedPort& port, ClientModel&) {
             port.tell(engine::AccountChanged{account(engine::Connection::Online)});
             port.tell(engine::ContactsReset{{contact("echo", "Echo test", engine::Presence::OpenToCalls, 1min, "")}});
         }},
        {"people", [](ScriptedPort& port, ClientModel&) { signedIn(port); }},
        {"presence-online",
         [](ScriptedPort& port, ClientModel& client) { seenAs(port, client, engine::Presence::Online); }},
        {"presence-open-to-calls",
         [](ScriptedPort& port, ClientModel& client) { seenAs(port, client, engine::Presence::OpenToCalls); }},
        {"presence-away",
         [](ScriptedPort& port, ClientModel& client) { seenAs(port, client, engine::Presence::Away); }},
        {"presence-not-available",
         [](ScriptedPort& port, ClientModel& client) { seenAs(port, client, engine::Presence::NotAvailable); }},
        {"presence-do-not-disturb",
         [](ScriptedPort& port, ClientModel& client) { seenAs(port, client, engine::Presence::DoNotDisturb); }},
        {"presence-invisible",
         [](ScriptedPort& port, ClientModel& client) { seenAs(port, client, engine::Presence::Invisible); }},
        {"presence-list",
         [](ScriptedPort& port, ClientModel& client) {
             seenAs(port, client, engine::Presence::Online);
             client.conversation()->setUser({});
         }},
        {"people-offline",
         [](ScriptedPort& port, ClientModel&) {
             signedIn(port);
             port.tell(
                 engine::AccountChanged{account(engine::Connection::Offline, {engine::Reason::ConnectionLost, {}})});
         }},
        {"people-found",
         [](ScriptedPort& port, ClientModel& client) {
             signedIn(port);
             search(client, "bob");
             found(port, {{user("bob"), "Bob Fischer", engine::Relation::Contact, engine::Match::Exact},
                          {user("bobby"), "Roberta Ferreira", {}, engine::Match::NameBeginning},
                          {user("bobinson.bartholomew-vandenberg"),
                           "Bartholomew Bobinson-Vandenberghe",
                           {},
                           engine::Match::NameBeginning},
                          {user("fiedler77"), "Bob Fiedler", engine::Relation::RequestSent, engine::Match::Words}});
         }},
        {"people-found-similar",
         [](ScriptedPort& port, ClientModel& client) {
             signedIn(port);
             search(client, "grcae");
             found(port, {{user("grace"), "Grace Hopper", {}, engine::Match::Mistake},
                          {user("gracie.allen"), "Gracie Allen", {}, engine::Match::Mistake}});
         }},
        {"people-searching",
         [](ScriptedPort& port, ClientModel& client) {
             signedIn(port);
             search(client, "chloe");
         }},
        {"people-nobody-found",
         [](ScriptedPort& port, ClientModel& client) {
             signedIn(port);
             search(client, "zacharias");
             found(port, {});
         }},
        {"people-search-offline",
         [](ScriptedPort& port, ClientModel& client) {
             signedIn(port);
             port.tell(
                 engine::AccountChanged{account(engine::Connection::Offline, {engine::Reason::ConnectionLost, {}})});
             search(client, "daniel");
         }},
        {"people-search-refused",
         [](ScriptedPort& port, ClientModel& client) {
             signedIn(port);
             search(client, "grace");
             port.tell(engine::Done{numberOf<engine::SearchPeople>(port), {engine::Reason::TooManyTries, {}}});
         }},
        {"conversation", [](ScriptedPort& port, ClientModel& client) { withBob(port, client); }},
        {"conversation-empty",
         [](ScriptedPort& port, ClientModel& client) {
             signedIn(port);
             client.conversation()->setUser(QStringLiteral("daniel"));
         }},
        {"conversation-request",
         [](ScriptedPort& port, ClientModel& client) {
             signedIn(port);
             client.conversation()->setUser(QStringLiteral("erin"));
         }},
        {"conversation-trouble",
         [](ScriptedPort& port, ClientModel& client) {
             withBob(port, client);
             client.conversation()->send(QStringLiteral("hello"));
             port.tell(engine::Done{numberOf<engine::SendText>(port), {engine::Reason::DiskFull, {}}});
         }},
        {"people-sorted", [](ScriptedPort& port, ClientModel&) { withSorted(port); }},
        {"person",
         [](ScriptedPort& port, ClientModel& client) {
             withSorted(port);
             client.person()->setUser(QStringLiteral("heinrich"));
         }},
        {"person-verified",
         [](ScriptedPort& port, ClientModel& client) {
             withSorted(port);
             client.person()->setUser(QStringLiteral("bob"));
         }},
        {"person-other-key",
         [](ScriptedPort& port, ClientModel& client) {
             withSorted(port);
             client.person()->setUser(QStringLiteral("ida"));
         }},
        {"person-blocked",
         [](ScriptedPort& port, ClientModel& client) {
             withSorted(port);
             client.person()->setUser(QStringLiteral("mallory"));
         }},
        {"conversation-trust",
         [](ScriptedPort& port, ClientModel& client) {
             withSorted(port);
             port.setConversation({trust("ida", 60 * 26min, engine::TrustChange::Verified),
                                   trust("ida", 60min, engine::TrustChange::NewDevice),
                                   trust("ida", 4min, engine::TrustChange::KeyChanged)});
             client.conversation()->setUser(QStringLiteral("ida"));
         }},
        {"conversation-blocked",
         [](ScriptedPort& port, ClientModel& client) {
             withSorted(port);
             client.conversation()->setUser(QStringLiteral("mallory"));
         }},
        {"conversation-asked",
         [](ScriptedPort& port, ClientModel& client) {
             signedIn(port);
             client.conversation()->setUser(QStringLiteral("frank"));
         }},
        {"call-incoming",
         [](ScriptedPort& port, ClientModel& client) {
             withBob(port, client);
             port.tell(engine::CallChanged{call(engine::CallPhase::Incoming)});
         }},
        {"call-ringing",
         [](ScriptedPort& port, ClientModel& client) {
             withBob(port, client);
             port.tell(engine::CallChanged{call(engine::CallPhase::Ringing)});
         }},
        {"call-active",
         [](ScriptedPort& port, ClientModel& client) {
             withBob(port, client);
             port.tell(engine::CallChanged{call(engine::CallPhase::Active)});
         }},
        {"call-muted-trouble",
         [](ScriptedPort& port, ClientModel& client) {
             withBob(port, client);
             engine::Call c = call(engine::CallPhase::Active);
             c.muted = true;
             c.heldByUs = true;
             c.soundTrouble = {engine::Reason::NoMicrophone, {}};
             port.tell(engine::CallChanged{c});
         }},
        {"call-ended",
         [](ScriptedPort& port, ClientModel& client) {
             withBob(port, client);
             engine::Call c = call(engine::CallPhase::Ended);
             c.end = engine::EndReason::NoAnswer;
             port.tell(engine::CallChanged{c});
         }},
    };
    return all;
}

}  // namespace kith::ui
