// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <functional>
#include <map>
#include <QLocalServer>
#include <QPointer>

#include "app/api/connection.h"
#include "app/api/facts.h"
#include "app/engine/events.h"

namespace kith::api {

/// The local API: what the client can be asked and what it tells, for other programs of the same user on this computer.
/// Every request of the engine is a method, every event a notification to who called `watch`; `state` gives what is
/// the case. GUI thread.
class Server : public QObject {
    Q_OBJECT

public:
    static constexpr int kMaxConnections = 32;
    static constexpr std::size_t kMaxPending = 1024;
    /// Requests of the API are numbered from here on, so that a window's never meet them.
    static constexpr engine::RequestNumber kFirstNumber = engine::RequestNumber{1} << 48;
    using Submit = std::function<void(engine::RequestNumber, const engine::Request&)>;

    explicit Server(Submit submit, QObject* parent = nullptr);
    ~Server() override;

    /// Makes the socket, 0600 in a folder of 0700. False: somebody listens there, or the folder can't be made; why is
    /// in errorString().
    bool listen(const QString& path);
    [[nodiscard]] QString errorString() const { return m_error; }
    /// Everything that the client tells, in order.
    void happened(const engine::Event& event);

private:
    struct Pending {
        QPointer<Connection> connection;
        QJsonValue id;
        std::optional<UserName> placesTo;  ///< of PlaceCall
        bool signsUp = false;
        QJsonObject answer;
    };

    void accept();
    void call(Connection& connection, const QJsonValue& id, const QString& method, const QJsonObject& parameters);
    bool callOwn(Connection& connection, const QJsonValue& id, const QString& method);
    void finish(const engine::Done& done);
    void showPlaced(const engine::Call& call);
    void addAnswer(engine::RequestNumber request, const QJsonObject& answer);
    void keepRecoveryKey(const engine::RecoveryKeyMade& made);

    Submit m_submit;
    QLocalServer m_listener;
    QString m_error;
    Facts m_facts;
    std::map<engine::RequestNumber, Pending> m_pending;
    std::vector<Pending> m_placed;  ///< placed, but the call was not told of yet
    engine::RequestNumber m_lastNumber = kFirstNumber;
};

}  // namespace kith::api
