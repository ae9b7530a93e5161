// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/lab/charged.h"

namespace kith::lab {

void Charged::receiveDatagram(Now now, const Endpoint& remote, ByteView datagram) {
    const Charge charge(m_owner);
    m_user.receiveDatagram(now, remote, datagram);
}

void Charged::receive(Now now, const link::TcpConnected& event) {
    const Charge charge(m_owner);
    m_user.receive(now, event);
}

void Charged::receive(Now now, const link::TcpAccepted& event) {
    const Charge charge(m_owner);
    m_user.receive(now, event);
}

void Charged::receive(Now now, const link::TcpClosed& event) {
    const Charge charge(m_owner);
    m_user.receive(now, event);
}

void Charged::receiveTcp(Now now, link::TcpNumber connection, ByteView bytes) {
    const Charge charge(m_owner);
    m_user.receiveTcp(now, connection, bytes);
}

void Charged::tcpBacklog(Now now, link::TcpNumber connection, std::size_t bytes) {
    const Charge charge(m_owner);
    m_user.tcpBacklog(now, connection, bytes);
}

void Charged::wake(Now now) {
    const Charge charge(m_owner);
    m_user.wake(now);
}

void Charged::take(Now now, link::CarrierOutput& out) {
    const Charge charge(m_owner);
    m_user.take(now, out);
}

}  // namespace kith::lab
