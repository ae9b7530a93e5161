// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <QtQmlIntegration/qqmlintegration.h>
#include <QObject>
#include <QTimer>
#include <vector>

#include "app/engine/events.h"

namespace kith::ui {

class PeopleModel;
class Requests;

/// The call on the line and the one that rings: what the call bar and the incoming call show. GUI thread.
class CallModel : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("part of ClientModel")

    // The call on the line: placed, ringing over there, or talking.
    Q_PROPERTY(bool active READ isActive NOTIFY changed)
    Q_PROPERTY(QString user READ user NOTIFY changed)
    Q_PROPERTY(QString displayName READ displayName NOTIFY changed)
    Q_PROPERTY(bool verified READ isVerified NOTIFY changed)
    Q_PROPERTY(bool talking READ isTalking NOTIFY changed)
    Q_PROPERTY(bool muted READ isMuted NOTIFY changed)
    Q_PROPERTY(bool heldByUs READ isHeldByUs NOTIFY changed)
    /// "Ringing …", "4:07", "On hold", "Alice put you on hold" …
    Q_PROPERTY(QString statusText READ statusText NOTIFY statusTextChanged)
    /// Trouble with sound, empty if none.
    Q_PROPERTY(QString troubleText READ troubleText NOTIFY changed)
    /// Path, round trip, loss and buffer in one line; empty before there is anything to tell.
    Q_PROPERTY(QString qualityText READ qualityText NOTIFY changed)

    // The call that rings here.
    Q_PROPERTY(bool ringing READ isRinging NOTIFY changed)
    Q_PROPERTY(QString callerUser READ callerUser NOTIFY changed)
    Q_PROPERTY(QString callerName READ callerName NOTIFY changed)
    Q_PROPERTY(bool callerVerified READ isCallerVerified NOTIFY changed)

    /// How the last call ended, for a moment; then empty.
    Q_PROPERTY(QString endText READ endText NOTIFY endTextChanged)

public:
    CallModel(Requests& requests, PeopleModel& people, QObject* parent);

    [[nodiscard]] bool isActive() const { return current() != nullptr; }
    [[nodiscard]] QString user() const;
    [[nodiscard]] QString displayName() const;
    [[nodiscard]] bool isVerified() const;
    [[nodiscard]] bool isCallerVerified() const;
    [[nodiscard]] bool isTalking() const;
    [[nodiscard]] bool isMuted() const;
    [[nodiscard]] bool isHeldByUs() const;
    [[nodiscard]] QString statusText() const;
    [[nodiscard]] QString troubleText() const;
    [[nodiscard]] QString qualityText() const;
    [[nodiscard]] bool isRinging() const { return incoming() != nullptr; }
    [[nodiscard]] QString callerUser() const;
    [[nodiscard]] QString callerName() const;
    [[nodiscard]] QString endText() const { return m_endText; }

    Q_INVOKABLE void place(const QString& user);
    Q_INVOKABLE void answer();
    Q_INVOKABLE void decline();
    Q_INVOKABLE void hangUp();
    Q_INVOKABLE void setMuted(bool muted);
    Q_INVOKABLE void setHeld(bool held);

    void take(const engine::CallChanged& event);

Q_SIGNALS:
    void changed();
    void statusTextChanged();
    void endTextChanged();
    void failed(const QString& why);

private:
    [[nodiscard]] const engine::Call* current() const;
    [[nodiscard]] const engine::Call* incoming() const;
    [[nodiscard]] QString nameOf(const UserName& user) const;
    void submit(const engine::Request& request);
    void showEnd(const engine::Call& call);
    void runClock();

    Requests& m_requests;
    PeopleModel& m_people;
    std::vector<engine::Call> m_calls;
    QTimer m_second;
    QTimer m_endShown;
    QString m_endText;
};

}  // namespace kith::ui
