// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "ui/models/presencemodel.h"

#include "ui/models/requests.h"
#include "ui/models/words.h"

namespace kith::ui {

namespace {

std::optional<engine::Presence> presenceOf(int value) {
    if (value < 0 || value > static_cast<int>(engine::Presence::Invisible)) return std::nullopt;
    return static_cast<engine::Presence>(value);
}

}  // namespace

PresenceModel::PresenceModel(Requests& requests, QObject* parent) : QObject(parent), m_requests(requests) {}

void PresenceModel::submit(const engine::Request& request) {
    m_requests.submit(request, [this](const engine::Failure& failure) {
        if (failure.reason != engine::Reason::None) Q_EMIT failed(sentence(failure, {}));
    });
}

void PresenceModel::choose(int presence) {
    submit(engine::SetPresence{presenceOf(presence), std::nullopt});
}

void PresenceModel::setMood(const QString& mood) {
    const QString text = mood.simplified();
    if (text != this->mood()) submit(engine::SetPresence{std::nullopt, text.toStdString()});
}

void PresenceModel::chooseFor(const QString& user, int presence, const QString& mood) {
    const auto name = UserName::parse(user.toStdString());
    if (!name) return;
    engine::SetPresenceFor request{*name, presenceOf(presence), std::nullopt};
    if (const QString text = mood.simplified(); !text.isEmpty()) request.mood = text.toStdString();
    submit(request);
}

void PresenceModel::setIdle(int seconds) {
    m_requests.submit(engine::SetIdle{seconds});
}

QString PresenceModel::words(int presence) {
    return presenceWords(presenceOf(presence).value_or(engine::Presence::Offline));
}

void PresenceModel::take(const engine::OwnPresenceChanged& event) {
    if (m_own == event.presence) return;
    m_own = event.presence;
    Q_EMIT changed();
}

}  // namespace kith::ui
