// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "ui/models/accountmodel.h"

#include "ui/models/requests.h"
#include "ui/models/words.h"

namespace kith::ui {

AccountModel::AccountModel(Requests& requests, QObject* parent) : QObject(parent), m_requests(requests) {}

AccountModel::Connection AccountModel::connection() const {
    return static_cast<Connection>(m_account.connection);
}

QString AccountModel::user() const {
    return QString::fromStdString(m_account.user.text());
}

QString AccountModel::displayName() const {
    return m_account.displayName.empty() ? user() : QString::fromStdString(m_account.displayName);
}

QString AccountModel::network() const {
    return QString::fromStdString(m_account.network);
}

bool AccountModel::signedIn() const {
    return !m_account.user.isEmpty();
}

QString AccountModel::statusText() const {
    switch (m_account.connection) {
        case engine::Connection::SignedOut: return sentence(m_account.failure, network());
        case engine::Connection::Connecting: return tr("Connecting to %1 …").arg(network());
        case engine::Connection::SigningIn: return tr("Signing in …");
        case engine::Connection::Online: return tr("Online");
        case engine::Connection::Offline: break;
    }
    if (m_account.failure.reason == engine::Reason::None) return tr("Offline. Trying again.");
    return sentence(m_account.failure, network());
}

void AccountModel::signUp(const QString& link, const QString& user, const QString& displayName,
                          const QString& password) {
    begin(engine::SignUp{link.trimmed().toStdString(), user.trimmed().toStdString(),
                         displayName.trimmed().toStdString(), password.toStdString()});
}

void AccountModel::signIn(const QString& link, const QString& user, const QString& password) {
    begin(engine::SignIn{link.trimmed().toStdString(), user.trimmed().toStdString(), password.toStdString()});
}

void AccountModel::recover(const QString& link, const QString& user, const QString& recoveryKey,
                           const QString& newPassword) {
    begin(engine::RecoverAccount{link.trimmed().toStdString(), user.trimmed().toStdString(),
                                 recoveryKey.trimmed().toStdString(), newPassword.toStdString()});
}

void AccountModel::signOut() {
    m_requests.submit(engine::SignOut{});
}

AccountModel::Findable AccountModel::findable() const {
    return static_cast<Findable>(m_account.findable);
}

void AccountModel::setFindable(Findable findable) {
    if (findable == this->findable()) return;
    m_requests.submit(engine::SetFindable{static_cast<engine::Findable>(findable)},
                      [this](const engine::Failure& failure) {
                          if (failure.reason != engine::Reason::None) Q_EMIT failed(sentence(failure, network()));
                      });
}

void AccountModel::recoveryKeySeen() {
    m_recoveryKey.fill(QChar(0));
    m_recoveryKey.clear();
    Q_EMIT recoveryKeyChanged();
}

void AccountModel::clearFailure() {
    setFailure({});
}

int AccountModel::passwordStrength(const QString& password) {
    if (password.isEmpty()) return 0;
    if (password.toUtf8().size() < 8) return 1;
    QSet<QChar> different;
    int kinds = 0;
    bool lower = false;
    bool upper = false;
    bool digit = false;
    bool other = false;
    for (const QChar c : password) {
        different.insert(c);
        (c.isLower() ? lower : c.isUpper() ? upper : c.isDigit() ? digit : other) = true;
    }
    for (const bool kind : {lower, upper, digit, other}) kinds += kind ? 1 : 0;
    if (different.size() < 5) return 2;
    if (password.size() >= 16 || (password.size() >= 12 && kinds >= 3)) return 4;
    return password.size() >= 10 || kinds >= 3 ? 3 : 2;
}

void AccountModel::take(const engine::AccountChanged& event) {
    if (m_account == event.account) return;
    m_account = event.account;
    Q_EMIT changed();
}

void AccountModel::take(const engine::RecoveryKeyMade& event) {
    m_recoveryKey = QString::fromStdString(event.text);
    Q_EMIT recoveryKeyChanged();
}

void AccountModel::begin(const engine::Request& request) {
    if (m_busy) return;
    setFailure({});
    setBusy(true);
    m_requests.submit(request, [this](const engine::Failure& failure) { finish(failure); });
}

void AccountModel::finish(const engine::Failure& failure) {
    setBusy(false);
    setFailure(sentence(failure, network()));
}

void AccountModel::setBusy(bool busy) {
    if (m_busy == busy) return;
    m_busy = busy;
    Q_EMIT busyChanged();
}

void AccountModel::setFailure(const QString& text) {
    if (m_failureText == text) return;
    m_failureText = text;
    Q_EMIT failureChanged();
}

}  // namespace kith::ui
