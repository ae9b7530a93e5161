// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <QtQmlIntegration/qqmlintegration.h>
#include <QDateTime>
#include <QObject>

#include "app/engine/events.h"

namespace kith::ui {

class Requests;

/// Who we are and how we are connected; the verbs of the first page. GUI thread.
class AccountModel : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("part of ClientModel")

    Q_PROPERTY(Connection connection READ connection NOTIFY changed)
    Q_PROPERTY(QString user READ user NOTIFY changed)
    Q_PROPERTY(QString displayName READ displayName NOTIFY changed)
    Q_PROPERTY(QString network READ network NOTIFY changed)
    /// Has an account on this device: shows people instead of the first page.
    Q_PROPERTY(bool signedIn READ signedIn NOTIFY changed)
    /// One line on the state of the connection, with the reason if there is trouble.
    Q_PROPERTY(QString statusText READ statusText NOTIFY changed)
    /// Of the last try to sign in or up; empty when there is none.
    Q_PROPERTY(QString failureText READ failureText NOTIFY failureChanged)
    /// Who finds us in the directory. Writing asks the client for it; what it says counts.
    Q_PROPERTY(Findable findable READ findable WRITE setFindable NOTIFY changed)
    Q_PROPERTY(bool busy READ isBusy NOTIFY busyChanged)
    /// To be written down; empty again after recoveryKeySeen().
    Q_PROPERTY(QString recoveryKey READ recoveryKey NOTIFY recoveryKeyChanged)

public:
    enum Connection { SignedOut, Connecting, SigningIn, Online, Offline };
    Q_ENUM(Connection)
    enum Findable { FindableByNobody, FindableByName, FindableByEverybody };
    Q_ENUM(Findable)

    explicit AccountModel(Requests& requests, QObject* parent);

    [[nodiscard]] Connection connection() const;
    [[nodiscard]] QString user() const;
    [[nodiscard]] QString displayName() const;
    [[nodiscard]] QString network() const;
    [[nodiscard]] bool signedIn() const;
    [[nodiscard]] QString statusText() const;
    [[nodiscard]] QString failureText() const { return m_failureText; }
    [[nodiscard]] Findable findable() const;
    void setFindable(Findable findable);
    [[nodiscard]] bool isBusy() const { return m_busy; }
    [[nodiscard]] QString recoveryKey() const { return m_recoveryKey; }

    Q_INVOKABLE void signUp(const QString& link, const QString& user, const QString& displayName,
                            const QString& password);
    Q_INVOKABLE void signIn(const QString& link, const QString& user, const QString& password);
    /// Who has forgotten the password sets a new one by the recovery key.
    Q_INVOKABLE void recover(const QString& link, const QString& user, const QString& recoveryKey,
                             const QString& newPassword);
    Q_INVOKABLE void signOut();
    Q_INVOKABLE void recoveryKeySeen();
    Q_INVOKABLE void clearFailure();
    /// 0 nothing yet, 1 too short, 2 weak, 3 fair, 4 good: by length and variety, to be shown on wish.
    Q_INVOKABLE static int passwordStrength(const QString& password);

    void take(const engine::AccountChanged& event);
    void take(const engine::RecoveryKeyMade& event);

Q_SIGNALS:
    void changed();
    void failureChanged();
    void busyChanged();
    void recoveryKeyChanged();
    /// What was chosen could not be kept; a whole sentence.
    void failed(const QString& why);

private:
    void begin(const engine::Request& request);
    void finish(const engine::Failure& failure);
    void setBusy(bool busy);
    void setFailure(const QString& text);

    Requests& m_requests;
    engine::Account m_account;
    QString m_failureText;
    QString m_recoveryKey;
    bool m_busy = false;
};

}  // namespace kith::ui
