// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <optional>
#include <vector>

#include "protocol/link/carrier.h"
#include "protocol/session/event.h"
#include "protocol/session/tcpcarrier.h"

namespace kith::session {

/// All TCP connections of a transport, ours and accepted ones: brings them up, watches that they speak our protocol
/// and are used, and says what is to be written, opened and closed.
class TcpCarriers {
public:
    /// From connecting or accepting to the other end's init packet.
    static constexpr Duration kUpWithin = std::chrono::seconds(10);
    /// Without a link or a handshake; those that we opened, those that we accepted.
    static constexpr Duration kOwnIdle = std::chrono::seconds(60);
    static constexpr Duration kAcceptedIdle = std::chrono::seconds(30);

    /// A connection is gone and with it the paths over it.
    struct Ended {
        link::TcpNumber connection;
        Fault reason;
    };

    TcpCarriers(wire::Obfuscation& obfuscation, RandomSource& random, std::size_t mostAccepted)
        : m_obfuscation(obfuscation), m_random(random), m_mostAccepted(mostAccepted) {}

    link::TcpNumber open(Now now, const Endpoint& remote);
    /// Not told in take().
    void close(link::TcpNumber connection);
    /// Nothing: not known, or not up.
    [[nodiscard]] TcpCarrier* ready(link::TcpNumber connection);
    [[nodiscard]] std::optional<Endpoint> remoteOf(link::TcpNumber connection) const;
    /// A link or handshake begins and ends to use it.
    void use(link::TcpNumber connection);
    void release(Now now, link::TcpNumber connection);
    void send(Now now, link::TcpNumber connection, ByteView frame, TcpCarrier::Importance importance);

    // Doors.
    void receive(Now now, const link::TcpConnected& event);
    void receive(Now now, const link::TcpAccepted& event);
    void receive(Now now, const link::TcpClosed& event);
    /// The carrier to take frames from (feed, nextFrame), with what to feed it; nothing: no frames in it. It stays
    /// where it is until take().
    struct Fed {
        TcpCarrier* carrier;
        Bytes plain;
    };
    std::optional<Fed> receive(Now now, link::TcpNumber connection, ByteView bytes);
    /// Closes it at once: what came makes no sense.
    void fail(link::TcpNumber connection, Fault reason);
    void reported(Now now, link::TcpNumber connection, std::size_t backlog);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const { return m_nextWake; }
    /// Appends what is to be done with sockets, what happened, and which paths are gone.
    void take(link::CarrierOutput& carrier, std::vector<Event>& events, std::vector<Ended>& ended);

    [[nodiscard]] std::size_t count() const { return m_connections.size(); }

private:
    struct Connection {
        TcpCarrier carrier;
        Endpoint remote;
        bool isOwn;
        bool isGone = false;
        bool isDirty = false;
        std::uint16_t users = 0;
        Instant deadline;  ///< for coming up; later for being used
    };

    Connection* find(link::TcpNumber connection);
    [[nodiscard]] const Connection* find(link::TcpNumber connection) const;
    void becomeReady(Now now, link::TcpNumber number, Connection& connection);
    void end(link::TcpNumber number, Connection& connection, Fault reason, bool closeSocket);
    void markDirty(link::TcpNumber number, Connection& connection);
    void wakeBy(Instant at) { m_nextWake = std::min(m_nextWake, at); }

    wire::Obfuscation& m_obfuscation;
    RandomSource& m_random;
    std::size_t m_mostAccepted;
    std::size_t m_accepted = 0;
    link::TcpNumber m_lastNumber = 0;
    std::map<link::TcpNumber, Connection> m_connections;
    std::vector<link::TcpNumber> m_dirty;  ///< with something to write, or gone
    std::vector<link::TcpConnect> m_connects;
    std::vector<link::TcpClose> m_closes;
    std::vector<Event> m_events;
    std::vector<Ended> m_ended;
    Instant m_nextWake = kNever;
};

}  // namespace kith::session
