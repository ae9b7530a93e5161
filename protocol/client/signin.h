// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/client/dialer.h"
#include "protocol/client/hosts.h"
#include "protocol/login/login.h"

namespace kith::client {

/// Finds a login server by the ladder and keeps the machine of signing in supplied with links. The decisions are
/// login::Login's; here are only the ways to it.
class SignIn {
public:
    SignIn(session::Transport& transport, crypto::Suite& suite, RandomSource& random,
           const overlay::NetworkProfile& profile);

    /// Its verbs may be called at any time; settle() after them.
    [[nodiscard]] login::Login& login() { return m_login; }
    [[nodiscard]] const login::Login& login() const { return m_login; }
    void resolved(Now now, const std::string& host, const std::vector<IpAddress>& addresses);
    /// What the last climb met, if it found nothing.
    [[nodiscard]] const overlay::RungFaults& rungs() const { return m_rungs; }
    [[nodiscard]] std::optional<overlay::Rung> rung() const { return m_dialer.rung(); }

    // Doors: by this computer's own clock.
    /// True if it was about the way to a login server.
    bool receive(Now now, const session::Event& event);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;
    void settle(Now now);
    void take(std::vector<login::LoginEvent>& events, std::vector<std::string>& resolve);

private:
    void open(Now now, const login::Login::OpenLink& wish);
    void dial(Now now);
    void dialed(Now now);
    void close(Now now);
    /// The transport judges dates by the corrected clock; the machine corrects for itself.
    [[nodiscard]] Now corrected(Now now) const { return {now.at, now.wall + m_login.clockOffset()}; }

    session::Transport& m_transport;
    RandomSource& m_random;
    login::Login m_login;
    Hosts m_hosts;
    Dialer m_dialer;
    std::optional<overlay::Rung> m_lastRung;
    overlay::RungFaults m_rungs{};
    session::LinkNumber m_link = 0;
    std::size_t m_waitingFor = 0;  ///< names to be looked up before dialling
    std::vector<login::LoginEvent> m_events;
    std::vector<std::string> m_resolve;
};

}  // namespace kith::client
