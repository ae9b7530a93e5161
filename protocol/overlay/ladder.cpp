// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/overlay/ladder.h"

#include <algorithm>

namespace kith::overlay {

namespace {

/// Addresses that strangers name are probed only so often.
constexpr std::size_t kMaxRedirects = 4;

Endpoint onRung(const Endpoint& server, Rung rung) {
    if (rung == Rung::Tcp80) return {server.address, 80};
    if (rung == Rung::Tcp443) return {server.address, 443};
    return server;
}

}  // namespace

Ladder::Ladder(Options options) : m_options(std::move(options)) {}

void Ladder::start(Now now) {
    if (m_phase != Phase::Idle) return;
    if (m_options.servers.empty()) {
        m_phase = Phase::Over;
        m_outputs.push_back(Failed{{Fault::Unreachable, {}, {}, {}}});
        return;
    }
    startRound(now);
}

void Ladder::stop() {
    dropAttempts();
    m_phase = Phase::Over;
}

void Ladder::startRound(Now now) {
    const auto& servers = m_options.servers;
    const auto count = std::min(kAtOnce, servers.size());
    m_targets.clear();
    for (std::size_t i = 0; i < count; ++i)
        m_targets.push_back(servers[(static_cast<std::size_t>(m_round) * kAtOnce + i) % servers.size()]);
    ++m_round;
    m_phase = Phase::Climbing;
    m_picked.reset();
    m_alsoAnswered.clear();
    m_redirects = 0;
    startRung(now, Rung::Udp);
    if (m_options.lastWorked && *m_options.lastWorked != Rung::Udp)
        for (const auto& server : m_targets) begin(now, *m_options.lastWorked, server);
}

void Ladder::startRung(Now now, Rung rung) {
    m_rung = rung;
    m_deadline = now.at + kRungTime;
    if (m_picked) return begin(now, rung, *m_picked);
    for (const auto& server : m_targets) begin(now, rung, server);
}

void Ladder::begin(Now now, Rung rung, const Endpoint& server) {
    const auto remote = onRung(server, rung);
    const bool udp = rung == Rung::Udp;
    if (find(remote, udp) != m_attempts.end()) return;
    m_attempts.push_back({server, remote, rung, now.at + kRungTime});
    if (udp)
        m_outputs.push_back(Probe{remote});
    else
        m_outputs.push_back(OpenTcp{remote});
}

void Ladder::nextRung(Now now) {
    if (m_rung != Rung::Tcp443) return startRung(now, static_cast<Rung>(static_cast<int>(m_rung) + 1));
    if (m_picked && !m_alsoAnswered.empty()) {
        const auto next = m_alsoAnswered.front();
        m_alsoAnswered.pop_front();
        m_picked.reset();
        return pick(now, next);
    }
    endRound(now);
}

void Ladder::endRound(Now now) {
    dropAttempts();
    if (m_round == kRounds) {
        m_phase = Phase::Over;
        m_outputs.push_back(Failed{m_faults});
        return;
    }
    m_phase = Phase::Resting;
    m_deadline = now.at + kRest;
}

void Ladder::pick(Now now, const Endpoint& server) {
    m_picked = server;
    m_faults[static_cast<std::size_t>(Rung::Udp)].reset();
    startRung(now, Rung::Tcp);
}

void Ladder::probeAccepted(Now now, const Endpoint& remote) {
    const auto attempt = find(remote, true);
    if (m_phase != Phase::Climbing || attempt == m_attempts.end()) return;
    const auto answered = *attempt;
    m_attempts.erase(attempt);
    if (!m_options.needTcp) return found(answered);
    if (m_picked)
        m_alsoAnswered.push_back(answered.server);
    else
        pick(now, answered.server);
}

void Ladder::probeRefused(Now now, const Endpoint& remote, const std::vector<Endpoint>& instead) {
    const auto attempt = find(remote, true);
    if (m_phase != Phase::Climbing || attempt == m_attempts.end()) return;
    m_attempts.erase(attempt);
    noteFault(Rung::Udp, Fault::Refused);
    for (const auto& server : instead) {
        if (m_redirects == kMaxRedirects) break;
        if (std::ranges::find(m_targets, server) != m_targets.end()) continue;
        ++m_redirects;
        m_targets.push_back(server);
        begin(now, Rung::Udp, server);
    }
    if (m_rung == Rung::Udp && !isTrying(Rung::Udp)) nextRung(now);
}

void Ladder::tcpReady(Now, const Endpoint& remote) {
    const auto attempt = find(remote, false);
    if (m_phase != Phase::Climbing || attempt == m_attempts.end()) return;
    const auto ready = *attempt;
    m_attempts.erase(attempt);
    found(ready);
}

void Ladder::tcpFailed(Now now, const Endpoint& remote, Fault reason) {
    const auto attempt = find(remote, false);
    if (m_phase != Phase::Climbing || attempt == m_attempts.end()) return;
    const auto rung = attempt->rung;
    m_attempts.erase(attempt);
    noteFault(rung, reason);
    if (rung == m_rung && !isTrying(rung)) nextRung(now);
}

void Ladder::found(const Attempt& attempt) {
    Found result{attempt.server, attempt.rung, std::nullopt, attempt.rung == Rung::Udp};
    if (attempt.rung != Rung::Udp) {
        result.tcp = attempt.remote;
        result.udp = m_picked == attempt.server || std::ranges::count(m_alsoAnswered, attempt.server) > 0;
        if (result.udp) result.rung = Rung::Udp;
    }
    dropAttempts();
    m_phase = Phase::Over;
    m_outputs.push_back(result);
}

void Ladder::wake(Now now) {
    if (m_phase == Phase::Resting && now.at >= m_deadline) return startRound(now);
    if (m_phase != Phase::Climbing) return;
    // TCP tries end with their rung; probes stay until the round is over: a late answer is still an answer.
    for (auto it = m_attempts.begin(); it != m_attempts.end();) {
        if (it->rung == Rung::Udp || it->until > now.at) {
            ++it;
            continue;
        }
        noteFault(it->rung, Fault::TimedOut);
        m_outputs.push_back(CloseTcp{it->remote});
        it = m_attempts.erase(it);
    }
    if (now.at < m_deadline) return;
    if (m_rung == Rung::Udp && isTrying(Rung::Udp)) noteFault(Rung::Udp, Fault::TimedOut);
    nextRung(now);
}

Instant Ladder::nextWake() const {
    if (!isClimbing()) return kNever;
    auto next = m_deadline;
    for (const auto& attempt : m_attempts)
        if (attempt.rung != Rung::Udp) next = std::min(next, attempt.until);
    return next;
}

void Ladder::take(std::vector<Output>& out) {
    std::ranges::move(m_outputs, std::back_inserter(out));
    m_outputs.clear();
}

void Ladder::dropAttempts() {
    for (const auto& attempt : m_attempts) {
        if (attempt.rung == Rung::Udp)
            m_outputs.push_back(CancelProbe{attempt.remote});
        else
            m_outputs.push_back(CloseTcp{attempt.remote});
    }
    m_attempts.clear();
}

std::vector<Ladder::Attempt>::iterator Ladder::find(const Endpoint& remote, bool udp) {
    return std::ranges::find_if(m_attempts, [&](const Attempt& attempt) {
        return attempt.remote == remote && (attempt.rung == Rung::Udp) == udp;
    });
}

bool Ladder::isTrying(Rung rung) const {
    return std::ranges::any_of(m_attempts, [rung](const Attempt& attempt) { return attempt.rung == rung; });
}

}  // namespace kith::overlay
