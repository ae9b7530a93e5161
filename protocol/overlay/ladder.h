// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <deque>
#include <optional>
#include <variant>
#include <vector>

#include "protocol/base/endpoint.h"
#include "protocol/base/instant.h"
#include "protocol/overlay/rung.h"

namespace kith::overlay {

/// The way onto the network, in the seed's order and times: UDP to eight servers at once; after 5 s TCP to their port;
/// TCP to port 80; TCP to port 443, 5 s each, less when every try was refused before; 6 s rest; five rounds. Each round
/// goes on with the next eight servers. The rung that worked last starts in parallel.
///
/// A server that answered over UDP is the one; its TCP rungs follow at once, because a client counts as connected only
/// with a TCP connection to its supernode (where that is demanded).
///
/// Decides only: whoever drives it carries the actions out on a session::Transport and reports what became of them.
/// Outputs are taken with take(); after Found or Failed there are no more.
class Ladder {
public:
    static constexpr Duration kRungTime = std::chrono::seconds(5);
    static constexpr Duration kRest = std::chrono::seconds(6);
    static constexpr int kRounds = 5;
    static constexpr std::size_t kAtOnce = 8;

    struct Options {
        std::vector<Endpoint> servers;  ///< most promising first
        std::optional<Rung> lastWorked;
        bool needTcp = true;
    };

    struct Probe {
        Endpoint remote;
    };
    struct CancelProbe {
        Endpoint remote;
    };
    struct OpenTcp {
        Endpoint remote;
    };
    struct CloseTcp {
        Endpoint remote;
    };
    /// `tcp`: the remote end of the connection that is up (ours to keep); `udp`: a probe was accepted.
    struct Found {
        Endpoint server;
        Rung rung;
        std::optional<Endpoint> tcp;
        bool udp;
    };
    struct Failed {
        RungFaults faults;
    };
    using Output = std::variant<Probe, CancelProbe, OpenTcp, CloseTcp, Found, Failed>;

    explicit Ladder(Options options);

    void start(Now now);
    /// Gives up: cancels what is under way.
    void stop();

    // Doors.
    void probeAccepted(Now now, const Endpoint& remote);
    /// `instead`: where that server sends us; a few of them are probed in this round.
    void probeRefused(Now now, const Endpoint& remote, const std::vector<Endpoint>& instead);
    void tcpReady(Now now, const Endpoint& remote);
    void tcpFailed(Now now, const Endpoint& remote, Fault reason);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;
    void take(std::vector<Output>& out);

    [[nodiscard]] bool isClimbing() const { return m_phase == Phase::Climbing || m_phase == Phase::Resting; }
    /// What is being tried, for display.
    [[nodiscard]] Rung rung() const { return m_rung; }
    [[nodiscard]] int round() const { return m_round; }

private:
    enum class Phase { Idle, Climbing, Resting, Over };
    struct Attempt {
        Endpoint server;
        Endpoint remote;
        Rung rung;
        Instant until;
    };

    void startRound(Now now);
    void startRung(Now now, Rung rung);
    void begin(Now now, Rung rung, const Endpoint& server);
    void nextRung(Now now);
    void endRound(Now now);
    void pick(Now now, const Endpoint& server);
    void found(const Attempt& attempt);
    void dropAttempts();
    [[nodiscard]] std::vector<Attempt>::iterator find(const Endpoint& remote, bool udp);
    [[nodiscard]] bool isTrying(Rung rung) const;
    void noteFault(Rung rung, Fault fault) { m_faults[static_cast<std::size_t>(rung)] = fault; }

    Options m_options;
    Phase m_phase = Phase::Idle;
    int m_round = 0;
    Rung m_rung = Rung::Udp;
    Instant m_deadline = kNever;
    std::vector<Endpoint> m_targets;      ///< this round's servers
    std::optional<Endpoint> m_picked;     ///< answered over UDP, TCP under way
    std::deque<Endpoint> m_alsoAnswered;  ///< take their turn when the picked one has no TCP
    std::size_t m_redirects = 0;
    std::vector<Attempt> m_attempts;
    RungFaults m_faults{};
    std::vector<Output> m_outputs;
};

}  // namespace kith::overlay
