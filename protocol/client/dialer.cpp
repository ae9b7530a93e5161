// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/client/dialer.h"

#include <algorithm>

namespace kith::client {

namespace {

template <class Number>
std::optional<Endpoint> remoteOf(const std::map<Endpoint, Number>& numbers, Number number) {
    const auto found = std::ranges::find_if(numbers, [number](const auto& entry) { return entry.second == number; });
    if (found == numbers.end()) return std::nullopt;
    return found->first;
}

}  // namespace

void Dialer::start(Now now, overlay::Ladder::Options options) {
    stop();
    m_climb = std::make_unique<Climb>(std::move(options));
    m_climb->ladder.start(now);
    carryOut(now);
}

void Dialer::stop() {
    if (!m_climb) return;
    for (const auto& [remote, probe] : m_climb->probes) m_transport.cancelProbe(probe);
    for (const auto& [remote, connection] : m_climb->connections) m_transport.closeTcp(connection);
    m_climb.reset();
}

std::optional<overlay::Rung> Dialer::rung() const {
    return isClimbing() ? std::optional(m_climb->ladder.rung()) : std::nullopt;
}

bool Dialer::receive(Now now, const session::Event& event) {
    if (!isClimbing()) return false;
    if (const auto* it = std::get_if<session::ProbeAccepted>(&event)) {
        const auto remote = remoteOf(m_climb->probes, it->probe);
        if (!remote) return false;
        m_climb->probes.erase(*remote);
        m_climb->ladder.probeAccepted(now, *remote);
    } else if (const auto* refused = std::get_if<session::ProbeRefused>(&event)) {
        const auto remote = remoteOf(m_climb->probes, refused->probe);
        if (!remote) return false;
        m_climb->probes.erase(*remote);
        m_climb->ladder.probeRefused(now, *remote, refused->instead);
    } else if (const auto* ready = std::get_if<session::TcpReady>(&event)) {
        const auto remote = remoteOf(m_climb->connections, ready->connection);
        if (!remote) return false;
        m_climb->ladder.tcpReady(now, *remote);
    } else if (const auto* failed = std::get_if<session::TcpFailed>(&event)) {
        const auto remote = remoteOf(m_climb->connections, failed->connection);
        if (!remote) return false;
        m_climb->connections.erase(*remote);
        m_climb->ladder.tcpFailed(now, *remote, failed->reason);
    } else {
        return false;
    }
    carryOut(now);
    return true;
}

void Dialer::wake(Now now) {
    if (!isClimbing()) return;
    m_climb->ladder.wake(now);
    carryOut(now);
}

std::optional<std::variant<Way, overlay::RungFaults>> Dialer::takeOutcome() {
    if (!m_climb || !m_climb->outcome) return std::nullopt;
    return std::exchange(m_climb, nullptr)->outcome;
}

void Dialer::carryOut(Now now) {
    std::vector<overlay::Ladder::Output> outputs;
    m_climb->ladder.take(outputs);
    for (const auto& output : outputs) {
        if (const auto* it = std::get_if<overlay::Ladder::Probe>(&output)) {
            m_climb->probes[it->remote] = m_transport.probe(now, it->remote);
        } else if (const auto* cancel = std::get_if<overlay::Ladder::CancelProbe>(&output)) {
            if (const auto probe = m_climb->probes.extract(cancel->remote)) m_transport.cancelProbe(probe.mapped());
        } else if (const auto* open = std::get_if<overlay::Ladder::OpenTcp>(&output)) {
            m_climb->connections[open->remote] = m_transport.openTcp(now, open->remote);
        } else if (const auto* close = std::get_if<overlay::Ladder::CloseTcp>(&output)) {
            if (const auto tcp = m_climb->connections.extract(close->remote)) m_transport.closeTcp(tcp.mapped());
        } else if (const auto* found = std::get_if<overlay::Ladder::Found>(&output)) {
            carryOut(*found);
        } else if (const auto* failed = std::get_if<overlay::Ladder::Failed>(&output)) {
            m_climb->outcome = failed->faults;
        }
    }
}

void Dialer::carryOut(const overlay::Ladder::Found& found) {
    Way way{found.server, found.rung, std::nullopt, found.tcp.value_or(Endpoint{}), found.udp};
    // From here on the connection belongs to whoever takes the outcome.
    if (found.tcp) way.tcp = m_climb->connections.extract(*found.tcp).mapped();
    m_climb->outcome = way;
}

}  // namespace kith::client
