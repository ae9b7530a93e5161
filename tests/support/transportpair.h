// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "tests/support/transportworld.h"

namespace kith::test {

/// A client and a supernode (or login server) that can open links; for tests of what travels on them.
struct TransportPair {
    explicit TransportPair(std::uint64_t seed = 1)
        : world(seed),
          server(world.addServer("198.51.100.1:33033", {session::Role::Node, session::Role::Login})),
          client(world.addClient("203.0.113.7:5000")) {}

    /// Probes and opens a link over UDP. Null: it did not open.
    session::LinkNumber openUdp(session::Role role = session::Role::Node) {
        client.transport.probe(world.now(), server.address);
        world.runUntil([&] { return client.count<session::ProbeAccepted>() > 0; });
        return open(role, session::UdpPath{server.address});
    }
    /// Opens a TCP connection and a link on it.
    session::LinkNumber openTcp(session::Role role = session::Role::Node) {
        const auto connection = connectTcp();
        return connection ? open(role, session::TcpPath{*connection}) : 0;
    }
    std::optional<link::TcpNumber> connectTcp() {
        const auto connection = client.transport.openTcp(world.now(), server.address);
        const bool isUp = world.runUntil([&] {
            const auto ready = client.last<session::TcpReady>();
            return ready && ready->connection == connection;
        });
        return isUp ? std::optional(connection) : std::nullopt;
    }
    session::LinkNumber open(session::Role role, const session::Path& path) {
        const auto known = server.count<session::LinkOpened>();
        const auto link = client.transport.connect(world.now(), role, path);
        const bool isOpen = world.runUntil([&] {
            const auto opened = client.last<session::LinkOpened>();
            return opened && opened->link == link && server.count<session::LinkOpened>() > known;
        });
        return isOpen ? link : 0;
    }
    /// The server's number of the link that opened last.
    [[nodiscard]] session::LinkNumber serverLink() const { return server.last<session::LinkOpened>()->link; }

    TransportWorld world;
    TransportNode& server;
    TransportNode& client;
};

}  // namespace kith::test
