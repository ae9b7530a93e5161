// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <QtQmlIntegration/qqmlintegration.h>
#include <QObject>

#include "app/engine/events.h"

namespace kith::ui {

class PeopleModel;
class Requests;

/// The person whose details are open: what only we say of them, and who they prove to be. Lives on the GUI thread.
class PersonModel : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("part of ClientModel")

    /// Whose details are open; empty: nobody's. Setting it asks for the safety number.
    Q_PROPERTY(QString user READ user WRITE setUser NOTIFY userChanged)
    /// As we call them.
    Q_PROPERTY(QString shownName READ shownName NOTIFY changed)
    /// As they call themselves.
    Q_PROPERTY(QString ownName READ ownName NOTIFY changed)
    Q_PROPERTY(QString alias READ alias NOTIFY changed)
    Q_PROPERTY(QString note READ note NOTIFY changed)
    /// Separated by commas.
    Q_PROPERTY(QString groups READ groups NOTIFY changed)
    Q_PROPERTY(bool favourite READ isFavourite NOTIFY changed)
    Q_PROPERTY(int relation READ relation NOTIFY changed)
    Q_PROPERTY(bool verified READ isVerified NOTIFY changed)
    Q_PROPERTY(bool keyChanged READ isKeyChanged NOTIFY changed)
    /// 12 groups of 5 digits; empty: not known yet.
    Q_PROPERTY(QString safetyNumber READ safetyNumber NOTIFY safetyNumberChanged)
    /// Why something was not taken; empty if it was.
    Q_PROPERTY(QString failureText READ failureText NOTIFY failureChanged)

public:
    PersonModel(Requests& requests, PeopleModel& people, QObject* parent);

    [[nodiscard]] QString user() const { return QString::fromStdString(m_user.text()); }
    [[nodiscard]] QString shownName() const;
    [[nodiscard]] QString ownName() const;
    [[nodiscard]] QString alias() const { return QString::fromStdString(contact().alias); }
    [[nodiscard]] QString note() const { return QString::fromStdString(contact().note); }
    [[nodiscard]] QString groups() const;
    [[nodiscard]] bool isFavourite() const { return contact().favourite; }
    [[nodiscard]] int relation() const { return static_cast<int>(contact().relation); }
    [[nodiscard]] bool isVerified() const { return contact().verified; }
    [[nodiscard]] bool isKeyChanged() const { return contact().keyChanged; }
    [[nodiscard]] QString safetyNumber() const { return m_safetyNumber; }
    [[nodiscard]] QString failureText() const { return m_failureText; }
    void setUser(const QString& user);

    /// Takes over what was written in the details; what is the same as before is not asked for.
    Q_INVOKABLE void save(const QString& alias, const QString& note, const QString& groups);
    Q_INVOKABLE void setFavourite(bool favourite);
    Q_INVOKABLE void setBlocked(bool blocked);
    Q_INVOKABLE void setVerified(bool verified);
    Q_INVOKABLE void acceptKey();
    Q_INVOKABLE void remove();

    void take(const engine::SafetyNumberMade& event);

Q_SIGNALS:
    void userChanged();
    void changed();
    void safetyNumberChanged();
    void failureChanged();

private:
    [[nodiscard]] const engine::Contact& contact() const;
    void submit(const engine::Request& request);
    void setFailure(const QString& text);
    void askSafetyNumber();

    Requests& m_requests;
    PeopleModel& m_people;
    UserName m_user;
    bool m_keyChanged = false;
    QString m_safetyNumber;
    QString m_failureText;
};

}  // namespace kith::ui
