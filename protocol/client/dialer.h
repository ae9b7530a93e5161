// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <memory>
#include <optional>
#include <variant>

#include "protocol/overlay/ladder.h"
#include "protocol/session/transport.h"

namespace kith::client {

/// A way that the ladder found. `tcp` is a connection that is up; `udp`: a probe was accepted.
struct Way {
    Endpoint server;
    overlay::Rung rung = overlay::Rung::Udp;
    std::optional<link::TcpNumber> tcp;
    Endpoint tcpRemote{};  ///< of `tcp`
    bool udp = false;
};

/// Carries out on the transport what a ladder decides, and tells it what became of that.
class Dialer {
public:
    explicit Dialer(session::Transport& transport) : m_transport(transport) {}

    /// Gives up what was under way.
    void start(Now now, overlay::Ladder::Options options);
    void stop();
    [[nodiscard]] std::optional<overlay::Rung> rung() const;

    /// True if it was about one of its tries.
    bool receive(Now now, const session::Event& event);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const { return m_ladder ? m_ladder->nextWake() : kNever; }
    /// Once, when the climb is over.
    std::optional<std::variant<Way, overlay::RungFaults>> takeOutcome();

private:
    void carryOut(Now now);
    void carryOut(const overlay::Ladder::Found& found);

    session::Transport& m_transport;
    std::unique_ptr<overlay::Ladder> m_ladder;  ///< while it climbs
    std::map<Endpoint, session::ProbeNumber> m_probes;
    std::map<Endpoint, link::TcpNumber> m_connections;
    std::optional<std::variant<Way, overlay::RungFaults>> m_outcome;
};

}  // namespace kith::client
