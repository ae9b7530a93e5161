// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/api/connection.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace kith::api {

namespace {

using namespace Qt::StringLiterals;

}  // namespace

Connection::Connection(QLocalSocket* socket, QObject* parent) : QObject(parent), m_socket(socket) {
    socket->setParent(this);
    socket->setReadBufferSize(kMaxLine + 1);
    connect(socket, &QLocalSocket::readyRead, this, &Connection::read);
    connect(socket, &QLocalSocket::disconnected, this, &Connection::closed);
}

void Connection::read() {
    while (m_socket->canReadLine()) {
        const QByteArray line = m_socket->readLine();
        if (!line.trimmed().isEmpty()) take(line);
    }
    if (m_socket->bytesAvailable() > kMaxLine) m_socket->abort();
}

void Connection::take(const QByteArray& line) {
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(line, &error);
    if (error.error != QJsonParseError::NoError) return refuse(QJsonValue::Null, ParseError, error.errorString());
    if (!document.isObject()) return refuse(QJsonValue::Null, InvalidRequest, u"one object a line; no batches"_s);
    const QJsonObject message = document.object();
    const QJsonValue id = message.value("id"_L1);
    const QJsonValue parameters = message.value("params"_L1);
    const bool isRequest = message.value("jsonrpc"_L1) == "2.0"_L1 && message.value("method"_L1).isString() &&
                           (id.isString() || id.isDouble()) && (parameters.isUndefined() || parameters.isObject());
    if (!isRequest)
        return refuse(id.isUndefined() ? QJsonValue(QJsonValue::Null) : id, InvalidRequest,
                      u"wants jsonrpc \"2.0\", a method, an id, and parameters by name"_s);
    Q_EMIT called(id, message.value("method"_L1).toString(), parameters.toObject());
}

void Connection::answer(const QJsonValue& id, const QJsonObject& result) {
    write({{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, id}, {u"result"_s, result}});
}

void Connection::refuse(const QJsonValue& id, Code code, const QString& message, const QJsonObject& data) {
    QJsonObject error{{u"code"_s, static_cast<int>(code)}, {u"message"_s, message}};
    if (!data.isEmpty()) error.insert("data"_L1, data);
    write({{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, id}, {u"error"_s, error}});
}

void Connection::notify(const QJsonObject& event) {
    if (m_watching) write({{u"jsonrpc"_s, u"2.0"_s}, {u"method"_s, u"event"_s}, {u"params"_s, event}});
}

void Connection::write(const QJsonObject& message) {
    if (m_socket->state() != QLocalSocket::ConnectedState) return;
    m_socket->write(QJsonDocument(message).toJson(QJsonDocument::Compact) + '\n');
    if (m_socket->bytesToWrite() > kMaxUnsent) m_socket->abort();
}

}  // namespace kith::api
