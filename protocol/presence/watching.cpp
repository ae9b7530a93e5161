// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/presence/watching.h"

#include <algorithm>
#include <cstring>
#include <tuple>
#include <utility>

#include "protocol/crypto/sealedbox.h"

namespace kith::presence {

namespace {

std::uint32_t markOf(const TopicId& topic) {
    std::uint32_t out = 0;
    std::memcpy(&out, topic.bytes.data(), sizeof out);
    return out;
}

/// Of what several devices say, the smallest counts.
int rank(Availability availability) {
    switch (availability) {
        case Availability::DoNotDisturb: return 0;
        case Availability::OpenToCalls: return 1;
        case Availability::Online: return 2;
        case Availability::Away: return 3;
        case Availability::NotAvailable: return 4;
        case Availability::Invisible: break;
    }
    return 5;
}

}  // namespace

void Watching::set(Now now, const Granted& granted, bool isTheirs) {
    const bool isSame = m_isWatched && granted.topicKey == m_granted.topicKey;
    m_granted = granted;
    if (isSame) return;
    m_leases.clear();
    m_isWatched = isTheirs;
    m_mark = markOf(topicOf(granted.topicKey));
    if (m_shown.online && m_isWatched) m_leases.push_back({LeaseId{}, 0, now.at + kUnconfirmed, 0, m_shown});
}

std::optional<Granted> Watching::granted() const {
    return isGranted() ? std::optional(m_granted) : std::nullopt;
}

std::optional<TopicId> Watching::topic() const {
    return m_isWatched ? std::optional(topicOf(m_granted.topicKey)) : std::nullopt;
}

bool Watching::isWatchedAs(const TopicId& topic) const {
    return m_isWatched && m_mark == markOf(topic) && topicOf(m_granted.topicKey) == topic;
}

std::vector<Watching::Known>::iterator Watching::find(const LeaseId& lease) {
    return std::ranges::find(m_leases, lease, &Known::lease);
}

void Watching::doubt(Now now) {
    for (Known& known : m_leases) known.ends = std::min(known.ends, now.at + kUnconfirmed);
}

std::optional<State> Watching::open(const LeaseBody& lease) const {
    const auto plain = crypto::openBox(m_granted.stateKey, lease.lease.bytes, lease.sealedState);
    if (!plain) return std::nullopt;
    auto state = wire::decodeObjects<State>(*plain);
    if (!state || state->availability == Availability::Invisible || !isMood(state->mood)) return std::nullopt;
    return std::move(*state);
}

void Watching::take(Now now, crypto::Suite& suite, const NetworkId& network, const SignedLease& lease) {
    const LeaseBody& body = lease.body;
    const auto left =
        std::min<std::chrono::seconds>(body.expires - now.seconds() + kLeaseTolerance, kLeaseLife + kLeaseTolerance);
    if (left <= std::chrono::seconds(0)) return;
    const auto known = find(body.lease);
    const bool isNew = known == m_leases.end();
    if (isNew ? m_leases.size() >= kMaxLeases : body.sequence < known->sequence) return;
    if (!verifyLease(suite, network, lease)) return;
    auto state = open(body);
    if (!state) return;
    Known next{
        body.lease, body.sequence, now.at + left, state->chosen, {true, state->availability, std::move(state->mood)}};
    if (isNew)
        m_leases.push_back(std::move(next));
    else
        *known = std::move(next);
}

void Watching::ended(const LeaseId& lease) {
    if (const auto known = find(lease); known != m_leases.end()) m_leases.erase(known);
}

const Seen& Watching::seen() const {
    static const Seen kNobody;
    const auto best = std::ranges::min_element(m_leases, [](const Known& a, const Known& b) {
        return std::tuple(b.chosen, rank(a.seen.availability)) < std::tuple(a.chosen, rank(b.seen.availability));
    });
    return best == m_leases.end() ? kNobody : best->seen;
}

std::optional<Seen> Watching::takeChange() {
    if (seen() == m_shown) return std::nullopt;
    return std::exchange(m_shown, Seen(seen()));
}

void Watching::wake(Now now) {
    std::erase_if(m_leases, [&](const Known& known) { return known.ends <= now.at; });
}

Instant Watching::nextWake() const {
    Instant next = kNever;
    for (const Known& known : m_leases) next = std::min(next, known.ends);
    return next;
}

}  // namespace kith::presence
