// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "ui/models/peoplemodel.h"

#include <algorithm>
#include <QDateTime>
#include <QLocale>
#include <tuple>

#include "ui/models/requests.h"
#include "ui/models/words.h"

namespace kith::ui {

namespace {

/// Without accents and case.
QString plain(const QString& text) {
    QString out = text.normalized(QString::NormalizationForm_KD).toCaseFolded();
    out.removeIf([](QChar c) { return c.category() == QChar::Mark_NonSpacing; });
    return out;
}

QString shortTime(const std::optional<UnixMillis>& time) {
    if (!time) return {};
    const auto when = QDateTime::fromMSecsSinceEpoch(time->time_since_epoch().count());
    const QDate today = QDate::currentDate();
    if (when.date() == today) return QLocale().toString(when.time(), QLocale::ShortFormat);
    if (when.date().daysTo(today) < 7) return QLocale().toString(when.date(), QStringLiteral("ddd"));
    return QLocale().toString(when.date(), QLocale::ShortFormat);
}

int rank(const engine::Contact& contact) {
    switch (contact.relation) {
        case engine::Relation::RequestReceived: return 0;
        case engine::Relation::Contact: return 1;
        case engine::Relation::RequestSent: return 2;
        case engine::Relation::Stranger: return 3;
        case engine::Relation::Blocked: return 4;
    }
    return 3;
}

/// Who asks, favourites, each group, everybody else, who is blocked.
std::tuple<int, QString> sectionOf(const engine::Contact& contact) {
    if (contact.relation == engine::Relation::RequestReceived) return {0, {}};
    if (contact.relation == engine::Relation::Blocked) return {4, {}};
    if (contact.favourite) return {1, {}};
    if (!contact.groups.empty()) return {2, QString::fromStdString(contact.groups.front())};
    return {3, {}};
}

bool comesBefore(const engine::Contact& a, const engine::Contact& b) {
    const auto [placeA, groupA] = sectionOf(a);
    const auto [placeB, groupB] = sectionOf(b);
    if (placeA != placeB) return placeA < placeB;
    if (const int order = QString::localeAwareCompare(groupA, groupB); order != 0) return order < 0;
    if (rank(a) != rank(b)) return rank(a) < rank(b);
    if (a.lastActivity != b.lastActivity) return a.lastActivity > b.lastActivity;
    const int order = QString::localeAwareCompare(shownName(a), shownName(b));
    return order != 0 ? order < 0 : a.user < b.user;
}

}  // namespace

PeopleModel::PeopleModel(Requests& requests, QObject* parent) : QAbstractListModel(parent), m_requests(requests) {}

int PeopleModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant PeopleModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const engine::Contact& contact = m_all[m_rows[static_cast<std::size_t>(index.row())]];
    switch (role) {
        case UserRole: return QString::fromStdString(contact.user.text());
        case DisplayNameRole: return shownName(contact);
        case RelationRole: return static_cast<int>(contact.relation);
        case PresenceRole: return static_cast<int>(contact.presence);
        case PresenceTextRole: return presenceWords(contact.presence);
        case MoodRole: return QString::fromStdString(contact.mood);
        case RequestTextRole: return QString::fromStdString(contact.requestText);
        case UnreadRole: return contact.unread;
        case LastLineRole: return QString::fromStdString(contact.lastLine);
        case LastTimeRole: return shortTime(contact.lastActivity);
        case VerifiedRole: return contact.verified;
        case KeyChangedRole: return contact.keyChanged;
        case SectionRole: return sectionAt(static_cast<std::size_t>(index.row()));
        default: return {};
    }
}

QHash<int, QByteArray> PeopleModel::roleNames() const {
    return {{UserRole, "user"},
            {DisplayNameRole, "displayName"},
            {RelationRole, "relation"},
            {PresenceRole, "presence"},
            {PresenceTextRole, "presenceText"},
            {MoodRole, "mood"},
            {RequestTextRole, "requestText"},
            {UnreadRole, "unread"},
            {LastLineRole, "lastLine"},
            {LastTimeRole, "lastTime"},
            {VerifiedRole, "verified"},
            {KeyChangedRole, "keyChanged"},
            {SectionRole, "section"}};
}

QString PeopleModel::sectionAt(std::size_t row) const {
    const QString own = section(m_all[m_rows[row]]);
    return row > 0 && section(m_all[m_rows[row - 1]]) == own ? QString() : own;
}

QString PeopleModel::section(const engine::Contact& contact) const {
    const auto [place, group] = sectionOf(contact);
    switch (place) {
        case 1: return tr("Favourites");
        case 2: return group;
        case 3: return m_hasSections ? tr("Everybody else") : QString();
        case 4: return tr("Blocked");
        default: return {};
    }
}

void PeopleModel::setFilter(const QString& filter) {
    if (m_filter == filter) return;
    m_filter = filter;
    rebuild();
    Q_EMIT filterChanged();
}

void PeopleModel::submit(const engine::Request& request) {
    m_requests.submit(request, [this](const engine::Failure& failure) {
        if (failure.reason != engine::Reason::None) Q_EMIT failed(sentence(failure, {}));
    });
}

void PeopleModel::accept(const QString& user) {
    if (const auto name = UserName::parse(user.toStdString())) submit(engine::AcceptRequest{*name});
}

void PeopleModel::decline(const QString& user) {
    if (const auto name = UserName::parse(user.toStdString())) submit(engine::DeclineRequest{*name});
}

void PeopleModel::withdraw(const QString& user) {
    if (const auto name = UserName::parse(user.toStdString())) submit(engine::WithdrawRequest{*name});
}

void PeopleModel::remove(const QString& user) {
    if (const auto name = UserName::parse(user.toStdString())) submit(engine::RemoveContact{*name});
}

void PeopleModel::add(const QString& user, const QString& text) {
    if (const auto name = UserName::parse(user.toStdString()))
        submit(engine::AddContact{*name, text.trimmed().toStdString()});
}

const engine::Contact* PeopleModel::find(const UserName& user) const {
    const auto at = std::find_if(m_all.begin(), m_all.end(), [&](const auto& c) { return c.user == user; });
    return at == m_all.end() ? nullptr : &*at;
}

void PeopleModel::take(const engine::ContactsReset& event) {
    m_all = event.contacts;
    rebuild();
    for (const auto& contact : m_all) Q_EMIT contactChanged(contact.user);
}

void PeopleModel::take(const engine::ContactChanged& event) {
    const auto at =
        std::find_if(m_all.begin(), m_all.end(), [&](const auto& c) { return c.user == event.contact.user; });
    const bool sameRow = at != m_all.end() && !comesBefore(*at, event.contact) && !comesBefore(event.contact, *at) &&
                         matches(*at) == matches(event.contact);
    if (at == m_all.end())
        m_all.push_back(event.contact);
    else
        *at = event.contact;
    if (sameRow) {
        const auto place = static_cast<std::size_t>(at - m_all.begin());
        const auto row = std::find(m_rows.begin(), m_rows.end(), place);
        if (row != m_rows.end()) {
            const QModelIndex changed = index(static_cast<int>(row - m_rows.begin()));
            Q_EMIT dataChanged(changed, changed);
        }
    } else {
        rebuild();
    }
    Q_EMIT contactChanged(event.contact.user);
}

void PeopleModel::take(const engine::ContactRemoved& event) {
    const UserName user = event.user;
    if (std::erase_if(m_all, [&](const auto& c) { return c.user == user; }) == 0) return;
    rebuild();
    Q_EMIT contactChanged(user);
}

bool PeopleModel::shows(const UserName& user) const {
    const engine::Contact* contact = find(user);
    return contact && matches(*contact);
}

bool PeopleModel::matches(const engine::Contact& contact) const {
    const QString words = plain(m_filter.trimmed());
    return words.isEmpty() || plain(shownName(contact)).contains(words) ||
           plain(QString::fromStdString(contact.displayName)).contains(words) ||
           QString::fromStdString(contact.user.text()).contains(words);
}

void PeopleModel::rebuild() {
    beginResetModel();
    m_rows.clear();
    m_hasSections = std::any_of(m_all.begin(), m_all.end(), [](const auto& contact) {
        const int place = std::get<0>(sectionOf(contact));
        return place == 1 || place == 2;
    });
    for (std::size_t i = 0; i < m_all.size(); ++i)
        if (matches(m_all[i])) m_rows.push_back(i);
    std::sort(m_rows.begin(), m_rows.end(), [this](auto a, auto b) { return comesBefore(m_all[a], m_all[b]); });
    endResetModel();
    Q_EMIT countChanged();
}

}  // namespace kith::ui
