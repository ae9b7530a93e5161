// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/engine/carriers.h"

#include <algorithm>

namespace kith::engine {

void Carriers::use(std::unique_ptr<session::Transport> transport) {
    for (const auto connection : m_open) m_leftOver.push_back({connection, true});
    m_open.clear();
    if (m_transport) m_base += kRange;
    m_transport = std::move(transport);
}

void Carriers::receive(Now now, const link::TcpConnected& event) {
    if (isOurs(event.connection)) m_transport->receive(now, link::TcpConnected{event.connection - m_base, event.local});
}

void Carriers::receive(Now now, const link::TcpClosed& event) {
    if (m_open.erase(event.connection) > 0)
        m_transport->receive(now, link::TcpClosed{event.connection - m_base, event.reason});
}

void Carriers::receiveTcp(Now now, link::TcpNumber connection, ByteView bytes) {
    if (isOurs(connection)) m_transport->receiveTcp(now, connection - m_base, bytes);
}

void Carriers::tcpBacklog(Now now, link::TcpNumber connection, std::size_t bytes) {
    if (isOurs(connection)) m_transport->tcpBacklog(now, connection - m_base, bytes);
}

void Carriers::take(link::CarrierOutput& out, std::vector<session::Event>& events) {
    std::ranges::move(m_leftOver, std::back_inserter(out.closes));
    m_leftOver.clear();
    if (!m_transport) return;
    // Datagrams have no numbers: they go out as they are, without a copy.
    link::CarrierOutput output;
    std::swap(output.datagrams, out.datagrams);
    m_transport->take(output, events);
    std::swap(output.datagrams, out.datagrams);
    translate(output, out);
}

void Carriers::translate(link::CarrierOutput& from, link::CarrierOutput& to) {
    for (auto& connect : from.connects) {
        connect.connection += m_base;
        m_open.insert(connect.connection);
        to.connects.push_back(connect);
    }
    for (auto& write : from.writes) {
        write.connection += m_base;
        to.writes.push_back(std::move(write));
    }
    for (auto& close : from.closes) {
        close.connection += m_base;
        m_open.erase(close.connection);
        to.closes.push_back(close);
    }
}

}  // namespace kith::engine
