// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "ui/gallery/scriptedport.h"

namespace kith::ui {

void ScriptedPort::submit(engine::RequestNumber number, const engine::Request& request) {
    m_asked.push_back({number, request});
    if (const auto* wanted = std::get_if<engine::GetSafetyNumber>(&request)) answer(number, *wanted);
    const auto* load = std::get_if<engine::LoadConversation>(&request);
    if (!load) return;
    // An answer never comes before submit() has returned.
    QMetaObject::invokeMethod(
        this,
        [this, number, user = load->user] {
            tell(engine::ConversationLoaded{number, user, std::exchange(m_conversation, {}), true});
            tell(engine::Done{number, {}});
        },
        Qt::QueuedConnection);
}

void ScriptedPort::answer(engine::RequestNumber number, const engine::GetSafetyNumber& wanted) {
    QMetaObject::invokeMethod(
        this,
        [this, number, user = wanted.user] {
            tell(engine::SafetyNumberMade{
                number, user, "59872 26781 75048 06581 88197 81602 64234 26929 05999 00273 70723 87226", false});
            tell(engine::Done{number, {}});
        },
        Qt::QueuedConnection);
}

void ScriptedPort::setConversation(std::vector<engine::ConversationEntry> entries) {
    m_conversation = std::move(entries);
}

void ScriptedStarter::start(const QString& networkName) {
    Q_EMIT ready(QStringLiteral("kith:join?net=%1&key=AAAA&at=127.0.0.1:33033").arg(networkName));
}

void ScriptedStarter::invite() {
    Q_EMIT invited(
        QStringLiteral("kith:join?net=Family&key=rDWbg8ldq6z5x-su7IFYiphCyhlxZ5arBZkG3AQvYmQ"
                       "&at=192.0.2.7:33033&code=G0S0-NM3R-WE3M-DDTN-9FA5-204M"));
}

}  // namespace kith::ui
