// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "ui/models/searchmodel.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "ui/models/requests.h"
#include "ui/models/words.h"

namespace kith::ui {

namespace {

constexpr std::chrono::milliseconds kTypingPause{200};
constexpr qsizetype kLeast = 2;
/// Which of those who type into this client we are.
constexpr std::uint32_t kTypist = 1;

}  // namespace

SearchModel::SearchModel(Requests& requests, Listed listed, QObject* parent)
    : QAbstractListModel(parent), m_requests(requests), m_listed(std::move(listed)) {
    m_pause.setSingleShot(true);
    m_pause.setInterval(kTypingPause);
    connect(&m_pause, &QTimer::timeout, this, &SearchModel::ask);
}

int SearchModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_people.size());
}

QVariant SearchModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const engine::FoundPerson& person = m_people[static_cast<std::size_t>(index.row())];
    switch (role) {
        case UserRole: return QString::fromStdString(person.user.text());
        case DisplayNameRole:
            return QString::fromStdString(person.displayName.empty() ? person.user.text() : person.displayName);
        case RelationRole: return static_cast<int>(person.relation);
        case SimilarRole: return person.match == engine::Match::Mistake;
        default: return {};
    }
}

QHash<int, QByteArray> SearchModel::roleNames() const {
    return {{UserRole, "user"}, {DisplayNameRole, "displayName"}, {RelationRole, "relation"}, {SimilarRole, "similar"}};
}

void SearchModel::setText(const QString& text) {
    if (m_text == text) return;
    m_text = text;
    Q_EMIT textChanged();
    show({});
    setHint({});
    if (std::exchange(m_asked, 0) != 0) Q_EMIT searchingChanged();
    if (m_text.trimmed().size() < kLeast)
        m_pause.stop();
    else
        m_pause.start();
}

void SearchModel::askNow() {
    m_pause.stop();
    if (m_text.trimmed().size() >= kLeast)
        ask();
    else if (!m_text.trimmed().isEmpty())
        setHint(sentence({engine::Reason::SearchInvalid, {}}, {}));
}

void SearchModel::ask() {
    if (!m_online) return setHint(tr("You are offline: only your contacts are searched."));
    m_asked = m_requests.submit(engine::SearchPeople{m_text.trimmed().toStdString(), kTypist},
                                [this, text = m_text](const engine::Failure& failure) {
                                    // An older search ends when a newer one begins.
                                    if (text == m_text) answered(failure);
                                });
    Q_EMIT searchingChanged();
}

void SearchModel::answered(const engine::Failure& failure) {
    if (std::exchange(m_asked, 0) != 0) Q_EMIT searchingChanged();
    if (failure.reason != engine::Reason::None)
        setHint(sentence(failure, {}));
    else if (m_found.empty())
        setHint(tr("Nobody else was found. Some people are found only by their whole user name."));
}

void SearchModel::take(const engine::PeopleFound& event) {
    if (event.request == m_asked) show(event.people);
}

void SearchModel::setOnline(bool online) {
    if (std::exchange(m_online, online) == online || m_text.trimmed().size() < kLeast) return;
    if (online) setHint({});
    if (online || m_asked == 0) m_pause.start();
}

void SearchModel::listChanged() {
    show(std::vector(m_found));
}

void SearchModel::update(const UserName& user, engine::Relation relation) {
    for (auto& person : m_found)
        if (person.user == user) person.relation = relation;
    listChanged();
}

void SearchModel::show(std::vector<engine::FoundPerson> people) {
    m_found = std::move(people);
    std::vector<engine::FoundPerson> shown;
    std::ranges::copy_if(m_found, std::back_inserter(shown), [this](const auto& it) { return !m_listed(it.user); });
    if (shown == m_people) return;
    beginResetModel();
    m_people = std::move(shown);
    endResetModel();
    Q_EMIT countChanged();
}

void SearchModel::setHint(const QString& hint) {
    if (m_hint == hint) return;
    m_hint = hint;
    Q_EMIT hintChanged();
}

}  // namespace kith::ui
