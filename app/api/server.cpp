// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/api/server.h"

#include <QDir>
#include <QFileInfo>

#include "app/api/json.h"
#include "app/api/sameuser.h"

namespace kith::api {

namespace {

using namespace Qt::StringLiterals;

/// Nobody answers at a socket that a killed program left behind.
bool isAlive(const QString& path) {
    QLocalSocket probe;
    probe.connectToServer(path);
    return probe.waitForConnected(1000);
}

bool makeFolder(const QString& path) {
    const QString folder = QFileInfo(path).path();
    if (!QDir().mkpath(folder)) return false;
    return QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
}

}  // namespace

Server::Server(Submit submit, QObject* parent) : QObject(parent), m_submit(std::move(submit)) {
    m_listener.setSocketOptions(QLocalServer::UserAccessOption);
    m_listener.setMaxPendingConnections(kMaxConnections);
    connect(&m_listener, &QLocalServer::newConnection, this, &Server::accept);
}

Server::~Server() = default;

bool Server::listen(const QString& path) {
    if (!makeFolder(path)) {
        m_error = u"the folder %1 can't be made"_s.arg(QFileInfo(path).path());
        return false;
    }
    if (isAlive(path)) {
        m_error = u"another program listens at %1"_s.arg(path);
        return false;
    }
    QLocalServer::removeServer(path);
    if (!m_listener.listen(path)) {
        m_error = m_listener.errorString();
        return false;
    }
    QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner);
    m_submit(++m_lastNumber, engine::Refresh{});
    return true;
}

void Server::accept() {
    while (QLocalSocket* socket = m_listener.nextPendingConnection()) {
        if (!isSameUser(*socket) || findChildren<Connection*>().size() >= kMaxConnections) {
            socket->abort();
            socket->deleteLater();
            continue;
        }
        auto* connection = new Connection(socket, this);
        connect(connection, &Connection::closed, connection, &QObject::deleteLater);
        connect(connection, &Connection::called, this,
                [this, connection](const QJsonValue& id, const QString& method, const QJsonObject& parameters) {
                    call(*connection, id, method, parameters);
                });
    }
}

/// Methods that are the API's own.
bool Server::callOwn(Connection& connection, const QJsonValue& id, const QString& method) {
    if (method == "state"_L1) {
        connection.answer(id, m_facts.toJson());
    } else if (method == "watch"_L1 || method == "unwatch"_L1) {
        connection.setWatching(method == "watch"_L1);
        connection.answer(id, {});
    } else {
        return false;
    }
    return true;
}

void Server::call(Connection& connection, const QJsonValue& id, const QString& method, const QJsonObject& parameters) {
    if (callOwn(connection, id, method)) return;
    if (!isMethod(method)) return connection.refuse(id, Connection::NoSuchMethod, u"no method %1"_s.arg(method));
    auto request = requestFrom(method, parameters);
    if (const auto* bad = std::get_if<BadParameter>(&request))
        return connection.refuse(id, Connection::InvalidParameters, u"parameter %1"_s.arg(bad->name),
                                 {{u"parameter"_s, bad->name}});
    if (m_pending.size() >= kMaxPending)
        return connection.refuse(id, Connection::Refused, u"too many requests at once"_s,
                                 {{u"reason"_s, u"notPossibleNow"_s}});
    const auto number = ++m_lastNumber;
    const auto& wanted = std::get<engine::Request>(request);
    Pending& pending = m_pending[number];
    pending.connection = &connection;
    pending.id = id;
    pending.signsUp = std::holds_alternative<engine::SignUp>(wanted);
    if (const auto* place = std::get_if<engine::PlaceCall>(&wanted)) pending.placesTo = place->user;
    m_submit(number, wanted);
}

void Server::happened(const engine::Event& event) {
    m_facts.take(event);
    if (const auto* done = std::get_if<engine::Done>(&event)) return finish(*done);
    if (const auto* found = std::get_if<engine::PeopleFound>(&event))
        return addAnswer(found->request, toObject(*found));
    if (const auto* loaded = std::get_if<engine::ConversationLoaded>(&event))
        return addAnswer(loaded->request, toObject(*loaded));
    if (const auto* made = std::get_if<engine::SafetyNumberMade>(&event))
        return addAnswer(made->request, toObject(*made));
    if (const auto* made = std::get_if<engine::RecoveryKeyMade>(&event)) return keepRecoveryKey(*made);
    if (const auto* changed = std::get_if<engine::CallChanged>(&event)) showPlaced(changed->call);
    const auto notification = notificationOf(event);
    if (!notification) return;
    const auto connections = findChildren<Connection*>();
    for (Connection* each : connections) each->notify(*notification);
}

void Server::addAnswer(engine::RequestNumber request, const QJsonObject& answer) {
    if (const auto at = m_pending.find(request); at != m_pending.end()) at->second.answer = answer;
}

/// Told to who signs up and to nobody else.
void Server::keepRecoveryKey(const engine::RecoveryKeyMade& made) {
    for (auto& [number, pending] : m_pending)
        if (pending.signsUp) pending.answer.insert("recoveryKey"_L1, text(made.text));
}

/// A call that was placed is answered with what it looks like.
void Server::showPlaced(const engine::Call& call) {
    std::erase_if(m_placed, [&](Pending& pending) {
        if (call.incoming || call.user != *pending.placesTo) return !pending.connection;
        pending.answer.insert("call"_L1, toObject(call));
        if (pending.connection) pending.connection->answer(pending.id, pending.answer);
        return true;
    });
}

void Server::finish(const engine::Done& done) {
    auto node = m_pending.extract(done.request);
    if (node.empty() || !node.mapped().connection) return;
    Pending& pending = node.mapped();
    if (done.failure.reason != engine::Reason::None)
        return pending.connection->refuse(pending.id, Connection::Refused, text(nameOf(done.failure.reason)),
                                          toObject(done.failure));
    if (pending.placesTo) {
        const engine::Call* call = m_facts.placedTo(*pending.placesTo);
        if (!call) return m_placed.push_back(std::move(pending));
        pending.answer.insert("call"_L1, toObject(*call));
    }
    pending.connection->answer(pending.id, pending.answer);
}

}  // namespace kith::api
