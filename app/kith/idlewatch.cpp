// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/kith/idlewatch.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QEvent>

namespace kith::app {

namespace {

struct Desktop {
    const char* service;
    const char* path;
    const char* interface;
    const char* method;
    std::chrono::milliseconds unit;
};
// GNOME's answers to the second one say nothing of time.
constexpr Desktop kDesktops[] = {
    {"org.gnome.Mutter.IdleMonitor", "/org/gnome/Mutter/IdleMonitor/Core", "org.gnome.Mutter.IdleMonitor",
     "GetIdletime", std::chrono::milliseconds(1)},
    {"org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver", "GetSessionIdleTime",
     std::chrono::seconds(1)},
};

Instant now() {
    return Instant(std::chrono::steady_clock::now().time_since_epoch());
}

bool isInput(QEvent::Type type) {
    switch (type) {
        case QEvent::KeyPress:
        case QEvent::MouseMove:
        case QEvent::MouseButtonPress:
        case QEvent::Wheel:
        case QEvent::TouchBegin:
        case QEvent::TabletPress: return true;
        default: return false;
    }
}

}  // namespace

IdleWatch::IdleWatch(QObject& application, QObject* parent) : QObject(parent), m_judge(now()) {
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::VeryCoarseTimer);
    connect(&m_timer, &QTimer::timeout, this, &IdleWatch::look);
    application.installEventFilter(this);
    told();
}

bool IdleWatch::eventFilter(QObject* watched, QEvent* event) {
    if (isInput(event->type())) {
        const Instant before = m_judge.nextLook();
        m_judge.input(now());
        if (m_judge.nextLook() != before) told();
    }
    return QObject::eventFilter(watched, event);
}

void IdleWatch::look() {
    ask(0);
}

void IdleWatch::ask(int desktop) {
    if (desktop >= static_cast<int>(std::size(kDesktops))) return looked(std::nullopt);
    const Desktop& one = kDesktops[desktop];
    auto call = QDBusMessage::createMethodCall(QLatin1String(one.service), QLatin1String(one.path),
                                               QLatin1String(one.interface), QLatin1String(one.method));
    call.setAutoStartService(false);
    auto* pending = new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(call, 2000), this);
    connect(pending, &QDBusPendingCallWatcher::finished, this, [this, desktop, pending] {
        const QDBusMessage reply = pending->reply();
        pending->deleteLater();
        bool isNumber = false;
        const qulonglong idle = reply.arguments().value(0).toULongLong(&isNumber);
        constexpr qulonglong kYear = 365ULL * 24 * 3600 * 1000;
        if (reply.type() != QDBusMessage::ReplyMessage || !isNumber || idle > kYear) return ask(desktop + 1);
        looked(kDesktops[desktop].unit * static_cast<std::int64_t>(idle));
    });
}

void IdleWatch::looked(std::optional<Duration> desktop) {
    m_judge.looked(now(), desktop);
    told();
}

void IdleWatch::told() {
    if (const auto seconds = m_judge.takeTold()) Q_EMIT idleFor(*seconds);
    const Instant next = m_judge.nextLook();
    if (next == kNever) return m_timer.stop();
    m_timer.start(std::chrono::ceil<std::chrono::milliseconds>(std::max(next - now(), Duration{})) +
                  std::chrono::milliseconds(1));
}

}  // namespace kith::app
