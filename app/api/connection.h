// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <QJsonObject>
#include <QLocalSocket>
#include <QObject>

namespace kith::api {

/// One program that speaks JSON-RPC 2.0 over the socket, one object a line. Reads requests, writes answers and
/// notifications; who doesn't read what it is sent, or sends a line without end, is cut off. GUI thread.
class Connection : public QObject {
    Q_OBJECT

public:
    static constexpr qint64 kMaxLine = 1024 * 1024;
    static constexpr qint64 kMaxUnsent = 16 * 1024 * 1024;

    /// Error codes of JSON-RPC, and ours for what was understood and refused.
    enum Code {
        ParseError = -32700,
        InvalidRequest = -32600,
        NoSuchMethod = -32601,
        InvalidParameters = -32602,
        Refused = 1
    };

    /// Takes the socket.
    Connection(QLocalSocket* socket, QObject* parent);

    void answer(const QJsonValue& id, const QJsonObject& result);
    void refuse(const QJsonValue& id, Code code, const QString& message, const QJsonObject& data = {});
    /// Only if it watches.
    void notify(const QJsonObject& event);
    void setWatching(bool watching) { m_watching = watching; }

Q_SIGNALS:
    void called(const QJsonValue& id, const QString& method, const QJsonObject& parameters);
    void closed();

private:
    void read();
    void take(const QByteArray& line);
    void write(const QJsonObject& message);

    QLocalSocket* m_socket;
    bool m_watching = false;
};

}  // namespace kith::api
