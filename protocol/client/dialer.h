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
    [[nodiscard]] Instant nextWake() const { return isClimbing() ? m_climb->ladder.nextWake() : kNever; }
    /// Once, when the climb is over.
    std::optional<std::variant<Way, overlay::RungFaults>> takeOutcome();

private:
    using Outcome = std::variant<Way, overlay::RungFaults>;
    struct Climb {
        explicit Climb(overlay::Ladder::Options options) : ladder(std::move(options)) {}

        overlay::Ladder ladder;
        std::map<Endpoint, session::ProbeNumber> probes;
        std::map<Endpoint, link::TcpNumber> connections;
        std::optional<Outcome> outcome;
    };

    void carryOut(Now now);
    void carryOut(const overlay::Ladder::Found& found);
    [[nodiscard]] bool isClimbing() const { return m_climb && !m_climb->outcome; }

    session::Transport& m_transport;
    std::unique_ptr<Climb> m_climb;  ///< until its outcome is taken
};

}  // namespace kith::client
