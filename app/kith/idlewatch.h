// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <QObject>
#include <QTimer>

#include "app/kith/idlejudge.h"

namespace kith::app {

/// Notices that the person has left the computer, and that they are back. Nothing waits for the desktop's answer. Lives
/// on the GUI thread.
class IdleWatch : public QObject {
    Q_OBJECT

public:
    /// Watches all windows of the application.
    explicit IdleWatch(QObject& application, QObject* parent = nullptr);

    bool eventFilter(QObject* watched, QEvent* event) override;

Q_SIGNALS:
    /// 0: somebody is here again.
    void idleFor(int seconds);

private:
    void look();
    /// Asks the desktops one after another, as they answer.
    void ask(int desktop);
    void looked(std::optional<Duration> desktop);
    void told();

    IdleJudge m_judge;
    QTimer m_timer;
};

}  // namespace kith::app
