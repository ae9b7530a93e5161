// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <optional>

#include "protocol/base/backoff.h"
#include "protocol/session/transport.h"

namespace kith::client {

/// Keeps both ways of a link to a supernode, UDP and TCP, as far as the network lets them through: a way that is
/// missing or was lost is tried again, at longer and longer intervals. The link lives as long as one of them does.
class LinkPaths {
public:
    /// How long a probe or a connection may take.
    static constexpr Duration kTryTime = std::chrono::seconds(5);
    /// A way that held for as long is looked for again at once.
    static constexpr Duration kHeld = std::chrono::minutes(1);

    LinkPaths(session::Transport& transport, RandomSource& random) : m_transport(transport), m_random(random) {}

    /// The link is open over TCP to this end of the server. `udp`: where it answers probes, and whether it did.
    void start(Now now, session::LinkNumber link, const Endpoint& tcp, const Endpoint& udp, bool udpAnswered);
    void stop();
    [[nodiscard]] bool hasUdp() const { return m_udp.stage == Stage::Up; }

    // Doors.
    /// True if it was about these ways.
    bool receive(Now now, const session::Event& event);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const { return std::min(m_udp.due, m_tcp.due); }

private:
    enum class Stage { Up, Trying, Missing };
    struct Way {
        Endpoint remote{};
        Stage stage = Stage::Missing;
        Instant due = kNever;  ///< the end of the try, or the next one
        Instant since{};       ///< up since then
        Backoff backoff{std::chrono::seconds(4), std::chrono::minutes(10)};
    };

    void missing(Now now, Way& way);
    void up(Now now, Way& way);
    void tryUdp(Now now);
    void tryTcp(Now now);
    void giveUpUdp();
    void giveUpTcp();

    session::Transport& m_transport;
    RandomSource& m_random;
    session::LinkNumber m_link = 0;
    Way m_udp;
    Way m_tcp;
    session::ProbeNumber m_probe = 0;
    link::TcpNumber m_connection = 0;
};

}  // namespace kith::client
