// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "app/lab/allocations.h"
#include "protocol/link/carrier.h"

namespace kith::lab {

/// A node whose memory is charged to somebody.
class Charged final : public link::CarrierUser {
public:
    Charged(Owner owner, link::CarrierUser& user) : m_owner(owner), m_user(user) {}

    void receiveDatagram(Now now, const Endpoint& remote, ByteView datagram) override;
    void receive(Now now, const link::TcpConnected& event) override;
    void receive(Now now, const link::TcpAccepted& event) override;
    void receive(Now now, const link::TcpClosed& event) override;
    void receiveTcp(Now now, link::TcpNumber connection, ByteView bytes) override;
    void tcpBacklog(Now now, link::TcpNumber connection, std::size_t bytes) override;
    void wake(Now now) override;
    [[nodiscard]] Instant nextWake() const override { return m_user.nextWake(); }
    void take(Now now, link::CarrierOutput& out) override;

private:
    Owner m_owner;
    link::CarrierUser& m_user;
};

}  // namespace kith::lab
