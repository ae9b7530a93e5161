// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>

#include "protocol/link/linkstate.h"

// Paths that come, work, fall silent and go.
namespace kith::link {

namespace {

constexpr Duration kReliableKeepAlive = std::chrono::seconds(60);

auto findIn(auto& paths, PathNumber number) {
    const auto at = std::find_if(paths.begin(), paths.end(), [&](const Path& path) { return path.number() == number; });
    return at == paths.end() ? nullptr : &*at;
}

/// The validated path with the smallest rank, those that answer before those that don't.
const Path* best(const std::vector<Path>& paths, std::uint8_t (Path::*rank)() const) {
    const Path* found = nullptr;
    for (const Path& path : paths) {
        if (!path.isValidated()) continue;
        const bool isBetter = !found || (found->isSuspect() && !path.isSuspect()) ||
                              (found->isSuspect() == path.isSuspect() && (path.*rank)() < (found->*rank)());
        if (isBetter) found = &path;
    }
    return found;
}

}  // namespace

Path* Link::State::findPath(PathNumber number) {
    return findIn(m_paths, number);
}

const Path* Link::State::findPath(PathNumber number) const {
    return findIn(m_paths, number);
}

const Path* Link::State::preferredPath() const {
    return best(m_paths, &Path::rank);
}

const Path* Link::State::mediaPath() const {
    return best(m_paths, &Path::mediaRank);
}

bool Link::State::hasOther(const Path& path) const {
    return std::any_of(m_paths.begin(), m_paths.end(), [&](const Path& other) {
        return other.number() != path.number() && other.isValidated() && !other.isSuspect();
    });
}

Duration Link::State::keepAlive(const Path& path) const {
    const Duration interval = path.isReliable() ? kReliableKeepAlive : datagramKeepAlive;
    // The client asks first, so that a quiet path costs one packet each way.
    return m_side == crypto::Side::Client ? interval : interval * 5 / 4;
}

void Link::State::topUpIds() {
    while (const auto id = ours.issue(m_environment.random)) m_events.push_back(IdAdded{*id});
}

Path* Link::State::addPath(Instant at, const PathOptions& options) {
    if (m_paths.size() >= kMaxPaths) return nullptr;
    const auto theirs = m_theirs.takeSpare();
    if (!theirs) return nullptr;
    Path& path = m_paths.emplace_back(m_nextPath++, options, *theirs, at);
    path.startChallenge(at, m_environment.random);
    return &path;
}

void Link::State::endPath(Instant at, PathNumber number, Fault reason, Tell tell) {
    Path* path = findPath(number);
    if (!path || isClosed) return;
    path->loss().evacuate(*this);
    m_retiredToTell.push_back(path->theirs().sequence);
    m_theirResets.forget(path->theirs().sequence);
    m_paths.erase(m_paths.begin() + (path - m_paths.data()));
    if (tell == Tell::Yes) m_events.push_back(PathEnded{number, reason});
    m_lastFault = reason;
    if (!preferredPath() && m_pathlessSince == kNever) m_pathlessSince = at;
    updatePreferred();
}

void Link::State::updatePreferred() {
    const Path* path = preferredPath();
    if (!path) return;
    m_pathlessSince = kNever;
    if (path->number() == m_preferred) return;
    m_preferred = path->number();
    m_events.push_back(PathPreferred{m_preferred});
}

void Link::State::doubtPath(Instant at, Path& path) {
    if (!path.isValidated() || path.challenge().isRunning()) return;
    if (hasOther(path))
        suspect(at, path);
    else
        path.startChallenge(at, m_environment.random);
}

void Link::State::askPaths() {
    // A connection that breaks may mean that the other end is gone: better known now than at the next keep-alive.
    for (Path& path : m_paths)
        if (path.isValidated() && !path.isReliable()) path.probes = std::max<std::uint8_t>(path.probes, 1);
}

void Link::State::suspect(Instant at, Path& path) {
    path.setSuspect(true);
    path.probes = 0;
    path.loss().evacuate(*this);
    if (!path.challenge().isRunning()) path.startChallenge(at, m_environment.random);
    updatePreferred();
}

void Link::State::reviewSuspects(Instant at) {
    for (Path& path : m_paths)
        if (path.isValidated() && !path.isSuspect() && path.looksDead(at) && hasOther(path)) suspect(at, path);
}

void Link::State::watchPath(Instant at, Path& path) {
    const auto result = path.loss().onTimeout(at, *this);
    statistics.packetsLost += result.lost;
    // A second one from the second time on (RFC 9002 6.2.4): a single loss should not cost another wait.
    if (result.sendProbe) path.probes = path.loss().probeCount() > 1 ? 2 : 1;
}

void Link::State::watchPaths(Instant at) {
    for (Path& path : m_paths) watchPath(at, path);
    reviewSuspects(at);
    for (std::size_t i = m_paths.size(); i-- > 0;)
        if (m_paths[i].isDead(at)) endPath(at, m_paths[i].number(), Fault::TimedOut, Tell::Yes);
}

}  // namespace kith::link
