// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/session/probes.h"

#include <algorithm>

#include "protocol/session/vectors.h"

namespace kith::session {

ProbeNumber Probes::start(Now now, const Endpoint& remote) {
    if (m_probes.size() == kMost) m_probes.erase(m_probes.begin());
    Probe& probe = m_probes.emplace_back(Probe{++m_lastNumber, remote});
    send(now, probe);
    return probe.number;
}

void Probes::cancel(ProbeNumber probe) {
    eraseIf(m_probes, [&](const Probe& p) { return p.number == probe; });
}

bool Probes::isProbing(const Endpoint& remote) const {
    return std::any_of(m_probes.begin(), m_probes.end(), [&](const Probe& p) { return p.remote == remote; });
}

const Probes::Token* Probes::token(Now now, const Endpoint& remote) const {
    const auto at = std::find_if(m_tokens.begin(), m_tokens.end(), [&](const Token& t) { return t.remote == remote; });
    return at != m_tokens.end() && now.at - at->at < kTokenAge ? &*at : nullptr;
}

void Probes::forgetToken(const Endpoint& remote) {
    eraseIf(m_tokens, [&](const Token& t) { return t.remote == remote; });
}

void Probes::send(Now now, Probe& probe) {
    // A new request id for every try: then the round trip is known however many there were.
    Try& current = probe.tries[probe.sent++ % probe.tries.size()];
    current = {static_cast<wire::RequestId>(m_random.u32()), now.at};
    m_out.push_back({probe.remote, wire::encodePaddedProbe(current.id)});
    // Half of it fixed, half random: never a burst, and those who began together don't stay together.
    probe.next = now.at + probe.interval / 2 + m_random.within(probe.interval / 2);
    probe.interval = std::min(kLongestInterval, probe.interval * 2);
}

std::optional<Probes::Outcome> Probes::receive(Now now, const Endpoint& remote, const wire::CommandView& command) {
    const auto found = match(now, remote, command);
    if (!found) return std::nullopt;
    const ProbeNumber number = m_probes[found->index].number;
    if (auto accept = wire::decode<wire::ProbeAccept>(command); accept && accept->token.size() >= wire::kMinToken) {
        keepToken({remote, std::move(accept->token), found->roundTrip, now.at});
        cancel(number);
        return ProbeAccepted{number, remote, found->roundTrip};
    }
    if (auto refuse = wire::decode<wire::ProbeRefuse>(command)) {
        cancel(number);
        return ProbeRefused{number, remote, std::move(refuse->instead)};
    }
    return std::nullopt;
}

std::optional<Probes::Match> Probes::match(Now now, const Endpoint& remote, const wire::CommandView& command) const {
    if (!command.requestId) return std::nullopt;
    for (std::size_t i = 0; i < m_probes.size(); ++i) {
        const Probe& probe = m_probes[i];
        if (probe.remote != remote) continue;
        const std::size_t tries = std::min<std::size_t>(probe.sent, probe.tries.size());
        for (std::size_t t = 0; t < tries; ++t)
            if (probe.tries[t].id == *command.requestId) return Match{i, now.at - probe.tries[t].at};
    }
    return std::nullopt;
}

void Probes::resent(Now now, const Endpoint& remote) {
    for (Probe& probe : m_probes)
        if (probe.remote == remote) probe.tries[(probe.sent - 1) % probe.tries.size()].at = now.at;
}

void Probes::keepToken(Token token) {
    std::erase_if(m_tokens, [&](const Token& t) { return t.remote == token.remote || token.at - t.at >= kTokenAge; });
    if (m_tokens.size() == kMostTokens) m_tokens.erase(m_tokens.begin());
    m_tokens.push_back(std::move(token));
}

void Probes::wake(Now now) {
    for (Probe& probe : m_probes)
        if (probe.next <= now.at) send(now, probe);
    eraseIf(m_tokens, [&](const Token& t) { return now.at - t.at >= kTokenAge; });
}

Instant Probes::nextWake() const {
    Instant next = m_tokens.empty() ? kNever : m_tokens.front().at + kTokenAge;
    for (const Probe& probe : m_probes) next = std::min(next, probe.next);
    return next;
}

void Probes::take(std::vector<Outgoing>& out) {
    moveTo(out, m_out);
}

}  // namespace kith::session
