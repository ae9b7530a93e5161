// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <QtQmlIntegration/qqmlintegration.h>
#include <QObject>

#include "app/engine/events.h"

namespace kith::ui {

class Requests;

/// What others see of us, and the words for what anybody is seen as. GUI thread.
class PresenceModel : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("part of ClientModel")

    Q_PROPERTY(int chosen READ chosen NOTIFY changed)
    /// As everybody sees it now: without input somebody online is away.
    Q_PROPERTY(int shown READ shown NOTIFY changed)
    Q_PROPERTY(QString mood READ mood NOTIFY changed)

public:
    enum Presence { Offline, Online, Away, NotAvailable, DoNotDisturb, OpenToCalls, Invisible };
    Q_ENUM(Presence)
    /// In the place of one of them: as everybody.
    enum Other { Same = -1 };
    Q_ENUM(Other)

    PresenceModel(Requests& requests, QObject* parent);

    [[nodiscard]] int chosen() const { return static_cast<int>(m_own.chosen); }
    [[nodiscard]] int shown() const { return static_cast<int>(m_own.shown); }
    [[nodiscard]] QString mood() const { return QString::fromStdString(m_own.mood); }

    Q_INVOKABLE void choose(int presence);
    Q_INVOKABLE void setMood(const QString& mood);
    /// What this contact sees; an empty mood: the one of everybody.
    Q_INVOKABLE void chooseFor(const QString& user, int presence, const QString& mood);
    /// The person has not touched this computer for so long; 0: is here again.
    void setIdle(int seconds);
    /// "Do not disturb"; a whole word or two, for menus and screen readers.
    Q_INVOKABLE static QString words(int presence);

    void take(const engine::OwnPresenceChanged& event);

Q_SIGNALS:
    void changed();
    /// A request was refused; a whole sentence.
    void failed(const QString& why);

private:
    void submit(const engine::Request& request);

    Requests& m_requests;
    engine::OwnPresence m_own;
};

}  // namespace kith::ui
