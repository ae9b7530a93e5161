// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <optional>
#include <QJsonObject>
#include <QLocalSocket>

namespace kith::ctl {

/// What a call came back with.
struct Reply {
    bool gone = false;  ///< the client went away meanwhile
    QJsonObject result{};
    QJsonObject error{};  ///< empty: it worked
};

enum class Connected { Yes, NobodyThere, AnotherUser };

/// The command line's end of the local API; waits for what it asked.
class Client {
public:
    /// AnotherUser: whoever listens there is told nothing.
    Connected connect(const QString& path);
    Reply call(const QString& method, const QJsonObject& parameters = {});
    /// The next notification; nothing: the client went away.
    std::optional<QJsonObject> nextEvent();

private:
    std::optional<QJsonObject> nextMessage();

    QLocalSocket m_socket;
    QList<QJsonObject> m_events;  ///< came while an answer was waited for
    int m_lastId = 0;
};

}  // namespace kith::ctl
