// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/link/path.h"

#include <algorithm>

namespace kith::link {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Without an answer for so long a path is given up …
constexpr Duration kDatagramPatience = seconds(15);
constexpr Duration kReliablePatience = seconds(30);
/// … and another one is tried, if there is one, after two probes or, where there are no probes, so long.
constexpr std::uint8_t kSuspectProbes = 2;
constexpr Duration kReliableSuspect = seconds(3);
constexpr Duration kShortestChallenge = milliseconds(250);
constexpr Duration kShortestReliableChallenge = seconds(1);
/// A first try at an unknown distance: most paths that work at all answer within this.
constexpr Duration kUnknownChallenge = milliseconds(500);

constexpr std::uint32_t kFullPacket = kFullDatagram;

}  // namespace

Path::Path(PathNumber number, const PathOptions& options, const NumberedId& theirs, Instant now)
    : m_number(number),
      m_kind(options.kind),
      m_rank(options.rank),
      m_mediaRank(options.mediaRank),
      m_theirs(theirs),
      m_lastReceived(now),
      m_loss(options.kind == PathKind::Reliable, options.roundTrip) {}

Duration Path::patience() const {
    return isReliable() ? kReliablePatience : kDatagramPatience;
}

Instant Path::suspectAt() const {
    if (!isReliable() || m_unansweredSince == kNever) return kNever;
    return m_unansweredSince + kReliableSuspect;
}

bool Path::looksDead(Instant now) const {
    return isReliable() ? now >= suspectAt() : m_loss.probeCount() >= kSuspectProbes;
}

bool Path::isDead(Instant now) const {
    if (m_challenge.hasFailed(now)) return true;
    return m_unansweredSince != kNever && now >= m_unansweredSince + patience();
}

void Path::startChallenge(Instant now, RandomSource& random) {
    const Duration shortest = isReliable() ? kShortestReliableChallenge : kShortestChallenge;
    const RoundTrip& roundTrip = m_loss.roundTrip();
    const Duration timeout = roundTrip.probeTimeout();
    m_challenge.start(now, std::max(shortest, roundTrip.hasSample() ? timeout : std::min(timeout, kUnknownChallenge)),
                      random);
}

void Path::onReceived(Instant now, std::uint32_t oursSequence) {
    m_lastReceived = now;
    m_oursSequence = oursSequence;
}

void Path::onAnswered() {
    m_unansweredSince = kNever;
    m_isSuspect = false;
    m_loss.resetBackOff();
}

bool Path::allows(Instant now) const {
    const Congestion& congestion = m_loss.congestion();
    if (isReliable()) return m_backlog <= kReliableBacklog && congestion.inFlight() < kReliableWindow;
    return congestion.allows(kFullPacket) &&
           m_pacer.allows(now, kFullPacket, congestion.window(), m_loss.roundTrip().smoothed());
}

Instant Path::readyAt(Instant now) const {
    if (allows(now)) return now;
    const Congestion& congestion = m_loss.congestion();
    if (isReliable() || !congestion.allows(kFullPacket)) return kNever;
    return m_pacer.readyAt(now, kFullPacket, congestion.window(), m_loss.roundTrip().smoothed());
}

void Path::onSent(Instant now, const SentPacket& packet) {
    if (m_unansweredSince == kNever) m_unansweredSince = now;
    m_pacer.onPacketSent(now, packet.size, m_loss.congestion().window(), m_loss.roundTrip().smoothed());
    m_loss.onPacketSent(packet);
}

Instant Path::keepAliveAt(Duration interval) const {
    // What is unanswered already keeps the path busy.
    return m_isValidated && m_unansweredSince == kNever ? m_lastReceived + interval : kNever;
}

Instant Path::nextWake(Duration keepAlive, bool hasOther) const {
    Instant next = std::min({m_loss.timer(), m_challenge.nextWake(), keepAliveAt(keepAlive)});
    if (hasOther && !m_isSuspect) next = std::min(next, suspectAt());
    if (m_unansweredSince != kNever) next = std::min(next, m_unansweredSince + patience());
    return next;
}

}  // namespace kith::link
