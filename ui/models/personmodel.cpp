// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "ui/models/personmodel.h"

#include "ui/models/peoplemodel.h"
#include "ui/models/requests.h"
#include "ui/models/words.h"

namespace kith::ui {

namespace {

std::vector<std::string> namesIn(const QString& text) {
    std::vector<std::string> out;
    for (const QString& name : text.split(QLatin1Char(','), Qt::SkipEmptyParts))
        if (const auto word = name.simplified().toStdString(); !word.empty()) out.push_back(word);
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

}  // namespace

PersonModel::PersonModel(Requests& requests, PeopleModel& people, QObject* parent)
    : QObject(parent), m_requests(requests), m_people(people) {
    connect(&people, &PeopleModel::contactChanged, this, [this](const UserName& user) {
        if (user != m_user) return;
        // Another key has another number.
        if (std::exchange(m_keyChanged, isKeyChanged()) != isKeyChanged()) askSafetyNumber();
        Q_EMIT changed();
    });
}

const engine::Contact& PersonModel::contact() const {
    static const engine::Contact kNobody;
    const engine::Contact* found = m_user.isEmpty() ? nullptr : m_people.find(m_user);
    return found ? *found : kNobody;
}

QString PersonModel::shownName() const {
    return m_people.find(m_user) ? ui::shownName(contact()) : user();
}

QString PersonModel::ownName() const {
    return contact().displayName.empty() ? user() : QString::fromStdString(contact().displayName);
}

QString PersonModel::groups() const {
    QStringList names;
    for (const std::string& name : contact().groups) names += QString::fromStdString(name);
    return names.join(QStringLiteral(", "));
}

void PersonModel::setUser(const QString& user) {
    const UserName name = UserName::parse(user.toStdString()).value_or(UserName());
    setFailure({});
    if (m_user == name) return;
    m_user = name;
    m_keyChanged = isKeyChanged();
    Q_EMIT userChanged();
    Q_EMIT changed();
    askSafetyNumber();
}

void PersonModel::askSafetyNumber() {
    m_safetyNumber.clear();
    Q_EMIT safetyNumberChanged();
    if (m_people.find(m_user)) m_requests.submit(engine::GetSafetyNumber{m_user});
}

void PersonModel::take(const engine::SafetyNumberMade& event) {
    if (event.user != m_user) return;
    m_safetyNumber = QString::fromStdString(event.number);
    Q_EMIT safetyNumberChanged();
}

void PersonModel::submit(const engine::Request& request) {
    setFailure({});
    m_requests.submit(request, [this, user = m_user](const engine::Failure& failure) {
        if (user == m_user && failure.reason != engine::Reason::None) setFailure(sentence(failure, {}));
    });
}

void PersonModel::save(const QString& alias, const QString& note, const QString& groups) {
    if (m_user.isEmpty()) return;
    if (alias.trimmed() != this->alias()) submit(engine::SetAlias{m_user, alias.trimmed().toStdString()});
    if (note.trimmed() != this->note()) submit(engine::SetNote{m_user, note.trimmed().toStdString()});
    if (auto names = namesIn(groups); names != contact().groups) submit(engine::SetGroups{m_user, std::move(names)});
}

void PersonModel::setFavourite(bool favourite) {
    submit(engine::SetFavourite{m_user, favourite});
}

void PersonModel::setBlocked(bool blocked) {
    if (blocked)
        submit(engine::BlockPerson{m_user});
    else
        submit(engine::UnblockPerson{m_user});
}

void PersonModel::setVerified(bool verified) {
    submit(engine::SetVerified{m_user, verified});
}

void PersonModel::acceptKey() {
    submit(engine::AcceptKey{m_user});
}

void PersonModel::remove() {
    submit(engine::RemoveContact{m_user});
}

void PersonModel::setFailure(const QString& text) {
    if (m_failureText == text) return;
    m_failureText = text;
    Q_EMIT failureChanged();
}

}  // namespace kith::ui
