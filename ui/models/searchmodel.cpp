// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "ui/models/searchmodel.h"

#include <chrono>
#include <utility>

#include "ui/models/requests.h"
#include "ui/models/words.h"

namespace kith::ui {

namespace {

constexpr std::chrono::milliseconds kTypingPause{250};

}  // namespace

SearchModel::SearchModel(Requests& requests, QObject* parent) : QAbstractListModel(parent), m_requests(requests) {
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
        default: return {};
    }
}

QHash<int, QByteArray> SearchModel::roleNames() const {
    return {{UserRole, "user"}, {DisplayNameRole, "displayName"}, {RelationRole, "relation"}};
}

void SearchModel::setText(const QString& text) {
    if (m_text == text) return;
    m_text = text;
    Q_EMIT textChanged();
    show({});
    setHint({});
    if (std::exchange(m_asked, 0) != 0) Q_EMIT searchingChanged();
    if (m_text.trimmed().isEmpty())
        m_pause.stop();
    else
        m_pause.start();
}

void SearchModel::askNow() {
    m_pause.stop();
    if (!m_text.trimmed().isEmpty()) ask();
}

void SearchModel::ask() {
    const std::string name = m_text.trimmed().toStdString();
    if (!UserName::parse(name)) {
        setHint(name.size() < 3 ? QString() : tr("People are found by their user name."));
        return;
    }
    m_asked = m_requests.submit(engine::FindPeople{name}, [this](const engine::Failure& failure) {
        if (std::exchange(m_asked, 0) != 0) Q_EMIT searchingChanged();
        if (failure.reason != engine::Reason::None && failure.reason != engine::Reason::NotFound)
            setHint(sentence(failure, {}));
        else if (m_people.empty())
            setHint(tr("Nobody is called \"%1\".").arg(m_text.trimmed()));
    });
    Q_EMIT searchingChanged();
}

void SearchModel::take(const engine::PeopleFound& event) {
    if (event.request == m_asked) show(event.people);
}

void SearchModel::update(const UserName& user, engine::Relation relation) {
    for (std::size_t i = 0; i < m_people.size(); ++i) {
        if (m_people[i].user != user || m_people[i].relation == relation) continue;
        m_people[i].relation = relation;
        const QModelIndex changed = index(static_cast<int>(i));
        Q_EMIT dataChanged(changed, changed, {RelationRole});
    }
}

void SearchModel::show(std::vector<engine::FoundPerson> people) {
    if (people.empty() && m_people.empty()) return;
    beginResetModel();
    m_people = std::move(people);
    endResetModel();
    Q_EMIT countChanged();
}

void SearchModel::setHint(const QString& hint) {
    if (m_hint == hint) return;
    m_hint = hint;
    Q_EMIT hintChanged();
}

}  // namespace kith::ui
