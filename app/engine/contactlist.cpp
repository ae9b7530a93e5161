// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/engine/contactlist.h"

#include "app/engine/convert.h"

namespace kith::engine {

namespace {

constexpr std::string_view kEcho = "echo";
constexpr int kEchoTries = 6;
constexpr Duration kEchoPause = std::chrono::seconds(5);

Relation relationOf(const client::People& people, const UserName& user) {
    return relationFrom(people.contacts().relation(user));
}

std::optional<PresenceView> viewFrom(const presence::Exception& exception) {
    if (exception.isNone()) return std::nullopt;
    PresenceView view{{}, exception.mood};
    if (exception.availability) view.presence = presenceFrom(*exception.availability);
    return view;
}

std::string lineOf(const client::HistoryEntry& entry) {
    const auto* message = std::get_if<chat::StoredMessage>(&entry);
    return message ? firstLine(message->text) : std::string();
}

}  // namespace

void ContactList::execute(Now now, RequestNumber number, const FindPeople& request) {
    auto* people = m_shared.people();
    const auto name = UserName::parse(request.name);
    if (!people) return m_shared.done(number, {Reason::NotSignedIn});
    if (!name) return m_shared.done(number, {Reason::NameInvalid});
    m_asked[++m_lastTicket] = number;
    people->search(m_shared.corrected(now), m_lastTicket, *name);
}

void ContactList::execute(Now now, RequestNumber number, const AddContact& request) {
    auto* people = m_shared.people();
    if (!people) return m_shared.done(number, {Reason::NotSignedIn});
    if (!contacts::isRequestText(request.text)) return m_shared.done(number, {Reason::TooLarge});
    if (m_shared.refusesBlocked(number, request.user)) return;
    m_asked[++m_lastTicket] = number;
    people->add(m_shared.corrected(now), m_lastTicket, request.user, request.text);
}

void ContactList::execute(Now now, RequestNumber number, const AcceptRequest& request) {
    auto* people = m_shared.people();
    if (!people) return m_shared.done(number, {Reason::NotSignedIn});
    m_shared.done(number, people->contacts().accept(m_shared.corrected(now), request.user));
}

void ContactList::execute(Now now, RequestNumber number, const DeclineRequest& request) {
    auto* people = m_shared.people();
    if (!people) return m_shared.done(number, {Reason::NotSignedIn});
    m_shared.done(number, people->contacts().decline(m_shared.corrected(now), request.user));
}

void ContactList::execute(Now now, RequestNumber number, const RemoveContact& request) {
    auto* people = m_shared.people();
    if (!people) return m_shared.done(number, {Reason::NotSignedIn});
    m_shared.done(number, people->contacts().remove(m_shared.corrected(now), request.user));
}

void ContactList::begin(const std::vector<client::Summary>& summaries) {
    m_lines.clear();
    for (const auto& summary : summaries)
        m_lines[summary.conversation] = {client::positionOf(summary.newest), lineOf(summary.newest)};
}

void ContactList::end() {
    m_lines.clear();
    m_otherKey.clear();
    for (const auto& [ticket, number] : m_asked) m_shared.done(number, {Reason::NotSignedIn});
    m_asked.clear();
    m_echoTicket = 0;
    m_echoTries = 0;
    m_echoAgain = kNever;
}

void ContactList::addEcho(Now now) {
    auto* people = m_shared.people();
    const auto echo = UserName::parse(kEcho);
    m_echoAgain = kNever;
    if (!people || !echo) return;
    m_echoTicket = ++m_lastTicket;
    people->add(m_shared.corrected(now), m_echoTicket, *echo, {});
}

void ContactList::wake(Now now) {
    if (m_echoAgain <= now.at) addEcho(now);
}

void ContactList::tellAll() {
    auto* people = m_shared.people();
    if (!people) return;
    ContactsReset reset;
    for (const auto& record : people->contacts().records())
        if (const auto contact = snapshot(record.user)) reset.contacts.push_back(*contact);
    m_shared.tell(std::move(reset));
}

void ContactList::heed(Now, const client::Found& found) {
    const auto asked = m_asked.extract(found.ticket);
    if (!asked) return;
    const auto* people = m_shared.people();
    PeopleFound answer{asked.mapped(), {}};
    if (found.person && people) {
        const auto& record = found.person->record;
        answer.people.push_back({record.name, record.displayName, relationOf(*people, record.name)});
    }
    const bool isNobody = !found.person && found.person.error().fault == Fault::NotFound;
    m_shared.tell(std::move(answer));
    m_shared.done(asked.mapped(), found.person || isNobody ? Failure{} : failureOf(found.person.error().fault));
}

void ContactList::heed(Now now, const client::Added& added) {
    // Nobody waits for the answer: a network may have none.
    if (added.ticket == m_echoTicket && !added.outcome && ++m_echoTries < kEchoTries) m_echoAgain = now.at + kEchoPause;
    if (const auto asked = m_asked.extract(added.ticket)) m_shared.done(asked.mapped(), added.outcome);
}

void ContactList::heed(Now, const contacts::RecordChanged& change) {
    tell(change.user);
}

void ContactList::heed(Now, const presence::PresenceChanged& change) {
    tell(change.user);
}

void ContactList::heed(Now, const presence::ViewChanged& change) {
    tell(change.user);
}

void ContactList::newLine(const UserName& user, UnixMillis when, std::string line) {
    auto& newest = m_lines[user];
    if (when >= newest.when) newest = {when, std::move(line)};
    tell(user);
}

void ContactList::changed(const UserName& user) {
    tell(user);
}

void ContactList::keyChanged(const UserName& user) {
    if (m_otherKey.insert(user).second) m_shared.tell(Trouble{{Reason::KeyChanged, user.text()}});
}

void ContactList::tell(const UserName& user) {
    if (const auto contact = snapshot(user))
        m_shared.tell(ContactChanged{*contact});
    else
        m_shared.tell(ContactRemoved{user});
}

std::optional<Contact> ContactList::snapshot(const UserName& user) const {
    auto* people = m_shared.people();
    const auto record = people ? people->contacts().find(user) : std::nullopt;
    if (!record || relationOf(*people, user) == Relation::Stranger) return std::nullopt;
    Contact contact;
    contact.user = user;
    contact.displayName = record->displayName;
    contact.relation = relationOf(*people, user);
    if (contact.relation == Relation::Contact) {
        const auto seen = people->presence().seen(user);
        contact.online = seen.online;
        contact.presence = presenceFrom(seen);
        contact.mood = seen.mood;
        contact.view = viewFrom(people->presence().exceptionFor(user));
    }
    if (contact.relation == Relation::RequestReceived) contact.requestText = record->theirText;
    contact.verified = contacts::isVerified(*record);
    contact.keyChanged = contacts::isKeyInDoubt(*record);
    if (const auto& remarks = record->remarks) {
        contact.alias = remarks->alias;
        contact.note = remarks->note;
        contact.favourite = remarks->favourite;
        contact.groups = remarks->groups;
    }
    contact.unread = static_cast<int>(people->chat().unread(user));
    if (const auto line = m_lines.find(user); line != m_lines.end()) {
        contact.lastActivity = line->second.when;
        contact.lastLine = line->second.text;
    }
    return contact;
}

}  // namespace kith::engine
