// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "ui/gallery/scriptedport.h"

namespace kith::ui {

void ScriptedPort::submit(engine::RequestNumber number, const engine::Request& request) {
    m_asked.push_back({number, request});
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

void ScriptedPort::setConversation(std::vector<std::variant<engine::TextMessage, engine::CallRecord>> entries) {
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
