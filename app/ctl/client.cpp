// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/ctl/client.h"

#include <QJsonDocument>

#include "app/api/sameuser.h"

namespace kith::ctl {

using namespace Qt::StringLiterals;

Connected Client::connect(const QString& path) {
    m_socket.connectToServer(path);
    if (!m_socket.waitForConnected(5000)) return Connected::NobodyThere;
    if (api::isSameUser(m_socket)) return Connected::Yes;
    m_socket.abort();
    return Connected::AnotherUser;
}

std::optional<QJsonObject> Client::nextMessage() {
    while (!m_socket.canReadLine())
        if (!m_socket.waitForReadyRead(-1)) return std::nullopt;
    return QJsonDocument::fromJson(m_socket.readLine()).object();
}

Reply Client::call(const QString& method, const QJsonObject& parameters) {
    const int id = ++m_lastId;
    const QJsonObject request{
        {u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, id}, {u"method"_s, method}, {u"params"_s, parameters}};
    m_socket.write(QJsonDocument(request).toJson(QJsonDocument::Compact) + '\n');
    while (const auto message = nextMessage()) {
        if (message->contains("method"_L1))
            m_events.append(message->value("params"_L1).toObject());
        else if (message->value("id"_L1).toInt() == id)
            return {false, message->value("result"_L1).toObject(), message->value("error"_L1).toObject()};
    }
    return {true};
}

std::optional<QJsonObject> Client::nextEvent() {
    if (!m_events.isEmpty()) return m_events.takeFirst();
    while (const auto message = nextMessage())
        if (message->contains("method"_L1)) return message->value("params"_L1).toObject();
    return std::nullopt;
}

}  // namespace kith::ctl
