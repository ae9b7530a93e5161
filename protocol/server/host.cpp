// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/server/host.h"

#include <algorithm>

namespace kith::server {

Host::Host(Now now, const Server::Options& options, const ServerIdentity& identity, const Restored& restored,
           const Environment& environment)
    : m_environment(environment),
      m_transport(Server::transportOptions(options, identity),
                  {environment.suite, environment.obfuscation, environment.random, environment.log}),
      m_server(options, identity, {m_transport, environment.suite, environment.random, environment.log}) {
    m_server.setRootPart(restored.rootPart);
    if (restored.node) m_server.enrol(*restored.node);
    for (const auto& records : restored.records) m_server.restore(now, records);
    m_server.start(now);
}

void Host::answered(Now now, const StoreAnswer& answer) {
    m_server.receive(now, answer);
}

void Host::receiveDatagram(Now now, const Endpoint& remote, ByteView datagram) {
    m_transport.receiveDatagram(now, remote, datagram);
}

void Host::receive(Now now, const link::TcpConnected& event) {
    m_transport.receive(now, event);
}

void Host::receive(Now now, const link::TcpAccepted& event) {
    m_server.tcpAccepted(event.connection, event.remote.address);
    m_transport.receive(now, event);
}

void Host::receive(Now now, const link::TcpClosed& event) {
    m_server.tcpClosed(event.connection);
    m_transport.receive(now, event);
}

void Host::receiveTcp(Now now, link::TcpNumber connection, ByteView bytes) {
    m_transport.receiveTcp(now, connection, bytes);
}

void Host::tcpBacklog(Now now, link::TcpNumber connection, std::size_t bytes) {
    m_transport.tcpBacklog(now, connection, bytes);
}

void Host::wake(Now now) {
    if (m_transport.nextWake() <= now.at) m_transport.wake(now);
    if (m_server.nextWake() <= now.at) m_server.wake(now);
}

Instant Host::nextWake() const {
    return std::min(m_transport.nextWake(), m_server.nextWake());
}

void Host::take(Now now, link::CarrierOutput& out) {
    // What the server does can make the transport tell something new (a link closed); each turn leads further.
    m_transport.take(out, m_events);
    while (!m_events.empty()) {
        std::vector<session::Event> events;
        std::swap(events, m_events);
        for (const session::Event& event : events) m_server.receive(now, event);
        m_transport.take(out, m_events);
    }
    // Connections that we close ourselves are not reported as closed.
    for (const auto& close : out.closes) m_server.tcpClosed(close.connection);
    m_server.take(m_orders);
    for (StoreOrder& order : m_orders) m_environment.order(std::move(order));
    m_orders.clear();
    if (auto keys = m_server.takeKeys(); keys && m_environment.keep) m_environment.keep(std::move(*keys));
}

}  // namespace kith::server
