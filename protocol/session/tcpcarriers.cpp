// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/session/tcpcarriers.h"

#include <algorithm>

#include "protocol/session/vectors.h"

namespace kith::session {

link::TcpNumber TcpCarriers::open(Now now, const Endpoint& remote) {
    m_lastNumber += 2;
    const Instant deadline = now.at + kUpWithin;
    m_connections.emplace(m_lastNumber, Connection{.carrier = TcpCarrier(m_obfuscation, wire::TcpEnd::Opener),
                                                   .remote = remote,
                                                   .isOwn = true,
                                                   .deadline = deadline});
    wakeBy(deadline);
    m_connects.push_back({m_lastNumber, remote});
    return m_lastNumber;
}

void TcpCarriers::close(link::TcpNumber connection) {
    Connection* found = find(connection);
    if (found == nullptr) return;
    found->isGone = true;
    markDirty(connection, *found);
    m_closes.push_back({connection, true});
    m_ended.push_back({connection, Fault::ConnectionLost});
}

TcpCarrier* TcpCarriers::ready(link::TcpNumber connection) {
    Connection* found = find(connection);
    return found != nullptr && found->carrier.isReady() ? &found->carrier : nullptr;
}

std::optional<Endpoint> TcpCarriers::remoteOf(link::TcpNumber connection) const {
    const Connection* found = find(connection);
    return found != nullptr ? std::optional(found->remote) : std::nullopt;
}

void TcpCarriers::use(link::TcpNumber connection) {
    Connection* found = find(connection);
    if (found == nullptr) return;
    ++found->users;
    found->deadline = kNever;
}

void TcpCarriers::release(Now now, link::TcpNumber connection) {
    Connection* found = find(connection);
    if (found == nullptr || found->users == 0 || --found->users > 0) return;
    found->deadline = now.at + (found->isOwn ? kOwnIdle : kAcceptedIdle);
    wakeBy(found->deadline);
}

void TcpCarriers::send(Now now, link::TcpNumber connection, ByteView frame, TcpCarrier::Importance importance) {
    Connection* found = find(connection);
    if (found == nullptr) return;
    found->carrier.send(now, frame, importance);
    wakeBy(found->carrier.nextWake());
    markDirty(connection, *found);
}

void TcpCarriers::receive(Now now, const link::TcpConnected& event) {
    Connection* found = find(event.connection);
    if (found == nullptr || !found->isOwn) return;
    found->carrier.start(now, m_random);
    markDirty(event.connection, *found);
}

void TcpCarriers::receive(Now now, const link::TcpAccepted& event) {
    const bool isOdd = event.connection % 2 == 1;
    if (!isOdd || m_accepted >= m_mostAccepted || m_connections.contains(event.connection)) {
        m_closes.push_back({event.connection, false});
        return;
    }
    ++m_accepted;
    const Instant deadline = now.at + kUpWithin;
    m_connections.emplace(event.connection, Connection{.carrier = TcpCarrier(m_obfuscation, wire::TcpEnd::Acceptor),
                                                       .remote = event.remote,
                                                       .isOwn = false,
                                                       .deadline = deadline});
    wakeBy(deadline);
}

void TcpCarriers::receive(Now, const link::TcpClosed& event) {
    if (Connection* found = find(event.connection)) end(event.connection, *found, event.reason, false);
}

std::optional<TcpCarriers::Fed> TcpCarriers::receive(Now now, link::TcpNumber connection, ByteView bytes) {
    Connection* found = find(connection);
    if (found == nullptr) return std::nullopt;
    const bool wasReady = found->carrier.isReady();
    auto plain = found->carrier.receive(now, bytes, m_random);
    if (!plain) {
        end(connection, *found, Fault::Refused, true);
        return std::nullopt;
    }
    if (!wasReady && found->carrier.isReady()) becomeReady(now, connection, *found);
    if (plain->empty()) return std::nullopt;
    return Fed{&found->carrier, std::move(*plain)};
}

void TcpCarriers::becomeReady(Now now, link::TcpNumber number, Connection& connection) {
    connection.deadline = now.at + (connection.isOwn ? kOwnIdle : kAcceptedIdle);
    wakeBy(connection.deadline);
    markDirty(number, connection);
    if (connection.isOwn) m_events.emplace_back(TcpReady{number});
}

void TcpCarriers::fail(link::TcpNumber connection, Fault reason) {
    if (Connection* found = find(connection)) end(connection, *found, reason, true);
}

void TcpCarriers::reported(Now now, link::TcpNumber connection, std::size_t backlog) {
    Connection* found = find(connection);
    if (found == nullptr) return;
    found->carrier.reported(now, backlog);
    if (found->carrier.hasWrites()) markDirty(connection, *found);
}

void TcpCarriers::wake(Now now) {
    if (now.at < m_nextWake) return;
    m_nextWake = kNever;
    for (auto& [number, connection] : m_connections) {
        if (connection.isGone) continue;
        if (connection.deadline <= now.at) {
            end(number, connection, Fault::TimedOut, true);
            continue;
        }
        connection.carrier.wake(now);
        if (connection.carrier.hasWrites()) markDirty(number, connection);
        wakeBy(std::min(connection.deadline, connection.carrier.nextWake()));
    }
}

void TcpCarriers::take(link::CarrierOutput& carrier, std::vector<Event>& events, std::vector<Ended>& ended) {
    moveTo(carrier.connects, m_connects);
    for (const link::TcpNumber number : std::exchange(m_dirty, {})) {
        Connection& connection = m_connections.at(number);
        connection.isDirty = false;
        if (connection.carrier.hasWrites()) carrier.writes.push_back({number, connection.carrier.takeWrites()});
        if (!connection.isGone) continue;
        if (!connection.isOwn) --m_accepted;
        m_connections.erase(number);
    }
    moveTo(carrier.closes, m_closes);
    moveTo(events, m_events);
    moveTo(ended, m_ended);
}

TcpCarriers::Connection* TcpCarriers::find(link::TcpNumber connection) {
    const auto found = m_connections.find(connection);
    return found == m_connections.end() || found->second.isGone ? nullptr : &found->second;
}

const TcpCarriers::Connection* TcpCarriers::find(link::TcpNumber connection) const {
    const auto found = m_connections.find(connection);
    return found == m_connections.end() || found->second.isGone ? nullptr : &found->second;
}

void TcpCarriers::end(link::TcpNumber number, Connection& connection, Fault reason, bool closeSocket) {
    connection.isGone = true;
    markDirty(number, connection);
    if (closeSocket) m_closes.push_back({number, false});
    if (connection.isOwn) m_events.emplace_back(TcpFailed{number, reason});
    m_ended.push_back({number, reason});
}

void TcpCarriers::markDirty(link::TcpNumber number, Connection& connection) {
    if (connection.isDirty) return;
    connection.isDirty = true;
    m_dirty.push_back(number);
}

}  // namespace kith::session
