// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/client/linkpaths.h"

namespace kith::client {

void LinkPaths::start(Now now, session::LinkNumber link, const Endpoint& tcp, const Endpoint& udp, bool udpAnswered) {
    stop();
    m_link = link;
    m_udp.remote = udp;
    m_tcp.remote = tcp;
    up(now, m_tcp);
    if (!udpAnswered) return tryUdp(now);
    up(now, m_udp);
    m_transport.addPath(now, m_link, session::UdpPath{udp});
}

void LinkPaths::stop() {
    giveUpUdp();
    giveUpTcp();
    m_link = 0;
    m_udp = {};
    m_tcp = {};
}

void LinkPaths::up(Now now, Way& way) {
    way.stage = Stage::Up;
    way.since = now.at;
    way.due = kNever;
}

void LinkPaths::missing(Now now, Way& way) {
    if (way.stage == Stage::Up && way.since + kHeld <= now.at) way.backoff.reset();
    way.stage = Stage::Missing;
    way.due = now.at + way.backoff.next(m_random);
}

void LinkPaths::tryUdp(Now now) {
    m_udp.stage = Stage::Trying;
    m_udp.due = now.at + kTryTime;
    m_probe = m_transport.probe(now, m_udp.remote);
}

void LinkPaths::tryTcp(Now now) {
    m_tcp.stage = Stage::Trying;
    m_tcp.due = now.at + kTryTime;
    m_connection = m_transport.openTcp(now, m_tcp.remote);
}

void LinkPaths::giveUpUdp() {
    if (m_udp.stage == Stage::Trying) m_transport.cancelProbe(m_probe);
}

void LinkPaths::giveUpTcp() {
    if (m_tcp.stage == Stage::Trying) m_transport.closeTcp(m_connection);
}

bool LinkPaths::receive(Now now, const session::Event& event) {
    if (!m_link) return false;
    if (const auto* accepted = std::get_if<session::ProbeAccepted>(&event)) {
        if (m_udp.stage != Stage::Trying || accepted->probe != m_probe) return false;
        up(now, m_udp);
        m_transport.addPath(now, m_link, session::UdpPath{m_udp.remote});
        return true;
    }
    if (const auto* ready = std::get_if<session::TcpReady>(&event)) {
        if (m_tcp.stage != Stage::Trying || ready->connection != m_connection) return false;
        up(now, m_tcp);
        m_transport.addPath(now, m_link, session::TcpPath{m_connection});
        return true;
    }
    if (const auto* failed = std::get_if<session::TcpFailed>(&event)) {
        if (m_tcp.stage != Stage::Trying || failed->connection != m_connection) return false;
        missing(now, m_tcp);
        return true;
    }
    const auto* lost = std::get_if<session::PathFailed>(&event);
    if (!lost || lost->link != m_link) return false;
    auto& way = std::holds_alternative<session::UdpPath>(lost->path) ? m_udp : m_tcp;
    if (way.stage == Stage::Up) missing(now, way);
    return true;
}

void LinkPaths::wake(Now now) {
    if (m_udp.due <= now.at) {
        giveUpUdp();
        if (m_udp.stage == Stage::Trying)
            missing(now, m_udp);
        else
            tryUdp(now);
    }
    if (m_tcp.due <= now.at) {
        giveUpTcp();
        if (m_tcp.stage == Stage::Trying)
            missing(now, m_tcp);
        else
            tryTcp(now);
    }
}

}  // namespace kith::client
