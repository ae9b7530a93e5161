// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "ui/models/conversationmodel.h"

#include <algorithm>
#include <QDateTime>
#include <QLocale>
#include <utility>

#include "ui/models/peoplemodel.h"
#include "ui/models/presencemodel.h"
#include "ui/models/requests.h"
#include "ui/models/words.h"

namespace kith::ui {

namespace {

using Entry = engine::ConversationEntry;

constexpr int kPage = 100;
constexpr std::chrono::minutes kGroupGap{5};

UnixMillis timeOf(const Entry& entry) {
    if (const auto* message = std::get_if<engine::TextMessage>(&entry)) return message->written;
    if (const auto* call = std::get_if<engine::CallRecord>(&entry)) return call->started;
    return std::get<engine::TrustEvent>(entry).at;
}

bool isOurs(const Entry& entry) {
    if (const auto* message = std::get_if<engine::TextMessage>(&entry)) return message->ours;
    const auto* call = std::get_if<engine::CallRecord>(&entry);
    return call && call->ours;
}

QDateTime local(UnixMillis time) {
    return QDateTime::fromMSecsSinceEpoch(time.time_since_epoch().count());
}

}  // namespace

ConversationModel::ConversationModel(Requests& requests, PeopleModel& people, QObject* parent)
    : QAbstractListModel(parent), m_requests(requests), m_people(people) {
    connect(&people, &PeopleModel::contactChanged, this, [this](const UserName& user) {
        if (user == m_user) Q_EMIT personChanged();
    });
}

int ConversationModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

QVariant ConversationModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const auto row = static_cast<std::size_t>(index.row());
    const Entry& entry = m_entries[row];
    const auto* message = std::get_if<engine::TextMessage>(&entry);
    const auto* call = std::get_if<engine::CallRecord>(&entry);
    const auto* trust = std::get_if<engine::TrustEvent>(&entry);
    switch (role) {
        case KindRole: return message ? Message : call ? Call : Trust;
        case OursRole: return isOurs(entry);
        case TextRole:
            return message ? QString::fromStdString(message->text)
                   : call  ? line(*call)
                           : line(trust->change, displayName());
        case TimeRole: return QLocale().toString(local(timeOf(entry)).time(), QLocale::ShortFormat);
        case StatusRole: return message ? static_cast<int>(message->status) : static_cast<int>(Seen);
        case MissedRole: return (call && call->missed) || (trust && trust->change == engine::TrustChange::KeyChanged);
        case DayRole: return dayOf(row);
        case GroupStartRole: return startsGroup(row);
        default: return {};
    }
}

QHash<int, QByteArray> ConversationModel::roleNames() const {
    return {{KindRole, "kind"},     {OursRole, "ours"},     {TextRole, "text"}, {TimeRole, "time"},
            {StatusRole, "status"}, {MissedRole, "missed"}, {DayRole, "day"},   {GroupStartRole, "groupStart"}};
}

bool ConversationModel::canFetchMore(const QModelIndex& parent) const {
    return !parent.isValid() && !m_user.isEmpty() && !m_complete && m_loading == 0;
}

void ConversationModel::fetchMore(const QModelIndex& parent) {
    if (canFetchMore(parent)) load();
}

QString ConversationModel::displayName() const {
    const engine::Contact* contact = m_people.find(m_user);
    return contact ? shownName(*contact) : user();
}

bool ConversationModel::isVerified() const {
    const engine::Contact* contact = m_people.find(m_user);
    return contact && contact->verified;
}

bool ConversationModel::isKeyChanged() const {
    const engine::Contact* contact = m_people.find(m_user);
    return contact && contact->keyChanged;
}

bool ConversationModel::isOnline() const {
    const engine::Contact* contact = m_people.find(m_user);
    return contact && contact->online;
}

int ConversationModel::presence() const {
    const engine::Contact* contact = m_people.find(m_user);
    return static_cast<int>(contact ? contact->presence : engine::Presence::Offline);
}

QString ConversationModel::presenceText() const {
    return PresenceModel::words(presence());
}

QString ConversationModel::mood() const {
    const engine::Contact* contact = m_people.find(m_user);
    return contact ? QString::fromStdString(contact->mood) : QString();
}

int ConversationModel::viewPresence() const {
    const engine::Contact* contact = m_people.find(m_user);
    const bool isSame = !contact || !contact->view || !contact->view->presence;
    return isSame ? static_cast<int>(PresenceModel::Same) : static_cast<int>(*contact->view->presence);
}

QString ConversationModel::viewMood() const {
    const engine::Contact* contact = m_people.find(m_user);
    return contact && contact->view ? QString::fromStdString(contact->view->mood.value_or("")) : QString();
}

int ConversationModel::relation() const {
    const engine::Contact* contact = m_people.find(m_user);
    return static_cast<int>(contact ? contact->relation : engine::Relation::Stranger);
}

void ConversationModel::setUser(const QString& user) {
    const UserName name = UserName::parse(user.toStdString()).value_or(UserName());
    if (m_user == name) return;
    beginResetModel();
    m_user = name;
    m_entries.clear();
    m_complete = false;
    m_loading = 0;
    endResetModel();
    setFailure({});
    Q_EMIT userChanged();
    Q_EMIT personChanged();
    Q_EMIT countChanged();
    if (m_user.isEmpty()) return;
    // A view may have asked for the first page already.
    if (canFetchMore({})) load();
    markRead();
}

void ConversationModel::setWatched(bool watched) {
    if (m_watched == watched) return;
    m_watched = watched;
    Q_EMIT watchedChanged();
    markRead();
}

bool ConversationModel::send(const QString& text) {
    if (m_user.isEmpty() || text.trimmed().isEmpty()) return false;
    setFailure({});
    const UserName to = m_user;
    m_requests.submit(engine::SendText{to, text.trimmed().toStdString()}, [this, to](const engine::Failure& failure) {
        if (to == m_user) setFailure(sentence(failure, {}));
    });
    return true;
}

void ConversationModel::load() {
    std::optional<UnixMillis> before;
    if (!m_entries.empty()) before = timeOf(m_entries.back());
    m_loading = m_requests.submit(engine::LoadConversation{m_user, before, kPage});
}

void ConversationModel::markRead() {
    if (!m_watched || m_user.isEmpty()) return;
    const engine::Contact* contact = m_people.find(m_user);
    const bool anythingNew = contact && contact->unread > 0;
    if (anythingNew) m_requests.submit(engine::MarkRead{m_user});
}

void ConversationModel::prepend(Entry entry) {
    beginInsertRows({}, 0, 0);
    m_entries.push_front(std::move(entry));
    endInsertRows();
    Q_EMIT countChanged();
}

void ConversationModel::take(const engine::MessageAdded& event) {
    if (event.message.conversation != m_user) return;
    prepend(event.message);
    if (m_watched && !event.message.ours) m_requests.submit(engine::MarkRead{m_user});
}

void ConversationModel::take(const engine::MessageChanged& event) {
    if (event.conversation != m_user) return;
    for (std::size_t row = 0; row < m_entries.size(); ++row) {
        auto* message = std::get_if<engine::TextMessage>(&m_entries[row]);
        if (!message || message->id != event.id) continue;
        message->status = event.status;
        const QModelIndex changed = index(static_cast<int>(row));
        Q_EMIT dataChanged(changed, changed, {StatusRole});
        return;
    }
}

void ConversationModel::take(const engine::CallRecorded& event) {
    if (event.record.conversation == m_user) prepend(event.record);
}

void ConversationModel::take(const engine::TrustChanged& event) {
    if (event.event.conversation == m_user) prepend(event.event);
}

void ConversationModel::take(const engine::ConversationLoaded& event) {
    if (event.request != m_loading || event.user != m_user) return;
    m_loading = 0;
    m_complete = event.complete;
    if (event.entries.empty()) return;
    const int first = rowCount();
    beginInsertRows({}, first, first + static_cast<int>(event.entries.size()) - 1);
    m_entries.insert(m_entries.end(), event.entries.rbegin(), event.entries.rend());
    endInsertRows();
    // The entry that was the oldest may no longer begin its day or group.
    if (first > 0) Q_EMIT dataChanged(index(first - 1), index(first - 1), {DayRole, GroupStartRole});
    Q_EMIT countChanged();
}

QString ConversationModel::dayOf(std::size_t row) const {
    const QDate day = local(timeOf(m_entries[row])).date();
    if (row + 1 < m_entries.size() && local(timeOf(m_entries[row + 1])).date() == day) return {};
    const QDate today = QDate::currentDate();
    if (day == today) return tr("Today");
    if (day.daysTo(today) == 1) return tr("Yesterday");
    return QLocale().toString(day, QLocale::LongFormat);
}

bool ConversationModel::startsGroup(std::size_t row) const {
    if (row + 1 >= m_entries.size()) return true;
    const Entry& older = m_entries[row + 1];
    return older.index() != m_entries[row].index() || isOurs(older) != isOurs(m_entries[row]) ||
           timeOf(m_entries[row]) - timeOf(older) > kGroupGap || !dayOf(row).isEmpty();
}

void ConversationModel::setFailure(const QString& text) {
    if (m_failureText == text) return;
    m_failureText = text;
    Q_EMIT failureChanged();
}

}  // namespace kith::ui
