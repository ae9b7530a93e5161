// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "ui/models/callmodel.h"

#include <algorithm>
#include <QDateTime>
#include <QLocale>

#include "ui/models/peoplemodel.h"
#include "ui/models/requests.h"
#include "ui/models/words.h"

namespace kith::ui {

namespace {

using namespace std::chrono_literals;

bool onTheLine(const engine::Call& call) {
    return call.phase != engine::CallPhase::Incoming;
}

bool isHeld(const engine::Call& call) {
    return call.heldByUs || call.heldByThem;
}

QString milliseconds(Duration d) {
    return QString::number(std::chrono::duration_cast<std::chrono::milliseconds>(d).count());
}

}  // namespace

CallModel::CallModel(Requests& requests, PeopleModel& people, QObject* parent)
    : QObject(parent), m_requests(requests), m_people(people) {
    m_second.setInterval(1s);
    connect(&m_second, &QTimer::timeout, this, &CallModel::statusTextChanged);
    m_endShown.setSingleShot(true);
    m_endShown.setInterval(5s);
    connect(&m_endShown, &QTimer::timeout, this, [this] {
        m_endText.clear();
        Q_EMIT endTextChanged();
    });
}

const engine::Call* CallModel::current() const {
    // With two calls on the line the one that isn't held is the one people look at.
    const engine::Call* best = nullptr;
    for (const auto& call : m_calls)
        if (onTheLine(call) && (!best || (isHeld(*best) && !isHeld(call)))) best = &call;
    return best;
}

const engine::Call* CallModel::incoming() const {
    const auto at = std::find_if(m_calls.begin(), m_calls.end(), [](const auto& c) { return !onTheLine(c); });
    return at == m_calls.end() ? nullptr : &*at;
}

QString CallModel::nameOf(const UserName& user) const {
    const engine::Contact* contact = m_people.find(user);
    return contact ? shownName(*contact) : QString::fromStdString(user.text());
}

bool CallModel::isCallerVerified() const {
    const engine::Contact* contact = incoming() ? m_people.find(incoming()->user) : nullptr;
    return contact && contact->verified;
}

bool CallModel::isVerified() const {
    const engine::Contact* contact = current() ? m_people.find(current()->user) : nullptr;
    return contact && contact->verified;
}

QString CallModel::user() const {
    return current() ? QString::fromStdString(current()->user.text()) : QString();
}

QString CallModel::displayName() const {
    return current() ? nameOf(current()->user) : QString();
}

bool CallModel::isTalking() const {
    return current() && current()->phase == engine::CallPhase::Active;
}

bool CallModel::isMuted() const {
    return current() && current()->muted;
}

bool CallModel::isHeldByUs() const {
    return current() && current()->heldByUs;
}

QString CallModel::callerUser() const {
    return incoming() ? QString::fromStdString(incoming()->user.text()) : QString();
}

QString CallModel::callerName() const {
    return incoming() ? nameOf(incoming()->user) : QString();
}

QString CallModel::statusText() const {
    const engine::Call* call = current();
    if (!call) return {};
    switch (call->phase) {
        case engine::CallPhase::Connecting: return tr("Calling …");
        case engine::CallPhase::Ringing: return tr("Ringing …");
        case engine::CallPhase::Active: break;
        default: return {};
    }
    if (call->heldByUs) return tr("On hold");
    if (call->heldByThem) return tr("%1 put you on hold").arg(nameOf(call->user));
    if (!call->answered) return tr("Connecting …");
    const auto talked = QDateTime::currentMSecsSinceEpoch() - call->answered->time_since_epoch().count();
    return duration(std::chrono::seconds(std::max<qint64>(talked, 0) / 1000));
}

QString CallModel::troubleText() const {
    return current() ? sentence(current()->soundTrouble, {}) : QString();
}

QString CallModel::qualityText() const {
    const engine::Call* call = current();
    if (!call || call->quality.path.empty()) return {};
    return tr("%1 · round trip %2 ms · loss %3 · buffer %4 ms")
        .arg(QString::fromStdString(call->quality.path), milliseconds(call->quality.roundTrip),
             QLocale().toString(call->quality.loss * 100, 'f', 1) + QLocale().percent(),
             milliseconds(call->quality.jitterBuffer));
}

void CallModel::submit(const engine::Request& request) {
    m_requests.submit(request, [this](const engine::Failure& failure) {
        if (failure.reason != engine::Reason::None) Q_EMIT failed(sentence(failure, {}));
    });
}

void CallModel::place(const QString& user) {
    if (const auto name = UserName::parse(user.toStdString())) submit(engine::PlaceCall{*name});
}

void CallModel::answer() {
    if (incoming()) submit(engine::AnswerCall{incoming()->id});
}

void CallModel::decline() {
    if (incoming()) submit(engine::DeclineCall{incoming()->id});
}

void CallModel::hangUp() {
    if (current()) submit(engine::HangUp{current()->id});
}

void CallModel::setMuted(bool muted) {
    if (current()) submit(engine::SetMuted{current()->id, muted});
}

void CallModel::setHeld(bool held) {
    if (current()) submit(engine::SetHeld{current()->id, held});
}

void CallModel::take(const engine::CallChanged& event) {
    const engine::Call& call = event.call;
    const auto at = std::find_if(m_calls.begin(), m_calls.end(), [&](const auto& c) { return c.id == call.id; });
    if (call.phase == engine::CallPhase::Ended) {
        if (at != m_calls.end()) m_calls.erase(at);
        showEnd(call);
    } else if (at != m_calls.end()) {
        *at = call;
    } else {
        m_calls.push_back(call);
    }
    runClock();
    Q_EMIT changed();
    Q_EMIT statusTextChanged();
}

void CallModel::showEnd(const engine::Call& call) {
    m_endText = sentence(call.end.value_or(engine::EndReason::HungUp), nameOf(call.user));
    m_endShown.start();
    Q_EMIT endTextChanged();
}

void CallModel::runClock() {
    if (isTalking() && !m_second.isActive()) m_second.start();
    if (!isTalking()) m_second.stop();
}

}  // namespace kith::ui
