// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/client/signin.h"

#include <algorithm>

namespace kith::client {

namespace {

/// The whole ladder, and the handshake behind it.
login::Login::Options loginOptions() {
    login::Login::Options options;
    options.linkTime = std::chrono::seconds(150);
    return options;
}

}  // namespace

SignIn::SignIn(session::Transport& transport, crypto::Suite& suite, RandomSource& random,
               const overlay::NetworkProfile& profile)
    : m_transport(transport),
      m_random(random),
      m_login(profile.trust(), {suite, random}, loginOptions()),
      m_hosts(profile.loginServers),
      m_dialer(transport) {}

void SignIn::settle(Now now) {
    for (;;) {
        login::Login::Output output;
        m_login.take(output);
        if (!output.close && !output.open && output.sends.empty() && output.events.empty()) return;
        std::ranges::move(output.events, std::back_inserter(m_events));
        if (output.close) close(now);
        if (output.open) open(now, *output.open);
        for (const auto& command : output.sends)
            m_transport.send(corrected(now), m_link, session::Stream::Login, command);
    }
}

void SignIn::open(Now now, const login::Login::OpenLink& wish) {
    close(now);
    m_transport.setCredentials(session::Role::Login, wish.show);
    const auto names = m_hosts.unresolved();
    m_resolve.insert(m_resolve.end(), names.begin(), names.end());
    m_waitingFor = names.size();
    if (m_waitingFor == 0) dial(now);
}

void SignIn::resolved(Now now, const std::string& host, const std::vector<IpAddress>& addresses) {
    m_hosts.resolved(host, addresses);
    if (m_waitingFor == 0 || --m_waitingFor > 0) return;
    dial(now);
    settle(now);
}

void SignIn::dial(Now now) {
    // Any login server will do: begin with any, so that they share the work.
    auto servers = m_hosts.endpoints();
    for (std::size_t i = servers.size(); i > 1; --i) std::swap(servers[i - 1], servers[m_random.below(i)]);
    m_dialer.start(corrected(now), {std::move(servers), m_lastRung, false});
    dialed(now);
}

void SignIn::dialed(Now now) {
    const auto outcome = m_dialer.takeOutcome();
    if (!outcome) return;
    if (const auto* rungs = std::get_if<overlay::RungFaults>(&*outcome)) {
        m_rungs = *rungs;
        return m_login.linkClosed(now, Fault::Unreachable);
    }
    const auto& way = std::get<Way>(*outcome);
    m_rungs = {};
    m_lastRung = way.rung;
    const session::Path path = way.tcp ? session::Path(session::TcpPath{*way.tcp}) : session::UdpPath{way.server};
    m_link = m_transport.connect(corrected(now), session::Role::Login, path);
}

void SignIn::close(Now now) {
    m_dialer.stop();
    m_waitingFor = 0;
    if (m_link) m_transport.close(corrected(now), std::exchange(m_link, 0), Fault::ConnectionLost);
}

bool SignIn::receive(Now now, const session::Event& event) {
    if (m_dialer.receive(corrected(now), event)) {
        dialed(now);
    } else if (const auto* opened = std::get_if<session::LinkOpened>(&event); opened && opened->link == m_link) {
        m_login.linkOpened(now);
    } else if (const auto* closed = std::get_if<session::LinkClosed>(&event); closed && closed->link == m_link) {
        m_link = 0;
        m_login.linkClosed(now, closed->reason);
    } else if (const auto* command = std::get_if<session::CommandReceived>(&event);
               command && command->link == m_link && command->stream == session::Stream::Login) {
        if (const auto parsed = wire::parseCommand(command->command)) m_login.receive(now, *parsed);
    } else {
        return false;
    }
    settle(now);
    return true;
}

void SignIn::wake(Now now) {
    m_dialer.wake(corrected(now));
    dialed(now);
    m_login.wake(now);
    settle(now);
}

Instant SignIn::nextWake() const {
    return std::min(m_dialer.nextWake(), m_login.nextWake());
}

void SignIn::take(std::vector<login::LoginEvent>& events, std::vector<std::string>& resolve) {
    std::ranges::move(m_events, std::back_inserter(events));
    std::ranges::move(m_resolve, std::back_inserter(resolve));
    m_events.clear();
    m_resolve.clear();
}

}  // namespace kith::client
