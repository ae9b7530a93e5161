// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "protocol/session/transport.h"

namespace kith::test {

/// A transport alone as a node of a simulation. What happens is told as it does.
class TransportUser final : public link::CarrierUser {
public:
    using Listener = std::function<void(Now, const session::Event&)>;

    TransportUser(session::Transport::Options options, session::Transport::Environment environment)
        : transport(std::move(options), environment) {}

    void receiveDatagram(Now now, const Endpoint& remote, ByteView datagram) override {
        transport.receiveDatagram(now, remote, datagram);
    }
    void receive(Now now, const link::TcpConnected& event) override { transport.receive(now, event); }
    void receive(Now now, const link::TcpAccepted& event) override { transport.receive(now, event); }
    void receive(Now now, const link::TcpClosed& event) override { transport.receive(now, event); }
    void receiveTcp(Now now, link::TcpNumber connection, ByteView bytes) override {
        transport.receiveTcp(now, connection, bytes);
    }
    void tcpBacklog(Now now, link::TcpNumber connection, std::size_t bytes) override {
        transport.tcpBacklog(now, connection, bytes);
    }
    void wake(Now now) override { transport.wake(now); }
    [[nodiscard]] Instant nextWake() const override { return transport.nextWake(); }
    void take(Now now, link::CarrierOutput& out) override {
        std::vector<session::Event> events;
        transport.take(out, events);
        // What a listener does may make more happen.
        while (!events.empty()) {
            for (const session::Event& event : std::exchange(events, {}))
                if (listener) listener(now, event);
            transport.take(out, events);
        }
    }

    session::Transport transport;
    Listener listener;
};

}  // namespace kith::test
