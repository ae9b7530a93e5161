// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/link/link.h"

#include <algorithm>

#include "protocol/link/linkstate.h"
#include "protocol/wire/frame.h"

namespace kith::link {

namespace {

static_assert(kMaxPacket == wire::kMaxInnerFrame - wire::kFrameHeaderSize);

constexpr Duration kDatagramKeepAlive = std::chrono::seconds(20);

}  // namespace

Link::State::State(Instant at, const LinkOptions& options, crypto::LinkSecrets& secrets, Environment environment)
    : protection(at, options.side, secrets),
      streams(options.urgentStreams),
      ours(options.ours, options.resets != nullptr),
      datagramKeepAlive(kDatagramKeepAlive),
      now(at),
      m_environment(environment),
      m_resets(options.resets),
      m_patience(options.patience),
      m_side(options.side) {
    Path& first = m_paths.emplace_back(kFirstPath, options.firstPath, NumberedId{0, options.theirs}, at);
    first.setValidated();
    first.onReceived(at, 0);
    topUpIds();
}

bool Link::State::send(StreamNumber stream, ByteView bytes, Repeat repeat) {
    if (isClosed || !streams.append(stream, bytes, repeat == Repeat::Once)) return false;
    m_isBusy = m_isBusy || !bytes.empty();
    return true;
}

void Link::State::close(Instant at, Fault reason, bool byPeer) {
    if (isClosed) return;
    isClosed = true;
    m_events.push_back(Closed{reason, byPeer});
    const Path* path = preferredPath();
    if (byPeer || !path) {
        isFinished = true;
        return;
    }
    m_goodbye = std::make_unique<Goodbye>();
    m_goodbye->reason = reason;
    m_goodbye->until = at + 3 * path->loss().roundTrip().probeTimeout();
}

void Link::State::wake(Instant at) {
    if (m_goodbye) {
        isFinished = isFinished || at >= m_goodbye->until;
        return;
    }
    if (isClosed) return;
    protection.dropExpired(at);
    streams.repeatDue(at);
    watchPaths(at);
    if (m_pathlessSince != kNever && at >= m_pathlessSince + m_patience) close(at, m_lastFault, false);
}

Instant Link::State::nextWake(Instant at) const {
    if (m_goodbye) return isFinished ? kNever : m_goodbye->until;
    if (isClosed) return kNever;
    Instant next = streams.nextRepeat();
    if (ackPath()) next = std::min(next, m_ackAt);
    if (m_pathlessSince != kNever) next = std::min(next, m_pathlessSince + m_patience);
    for (const Path& path : m_paths) next = std::min(next, path.nextWake(keepAlive(path), hasOther(path)));
    if (const Path* path = preferredPath(); path && hasSomethingToSend()) next = std::min(next, path->readyAt(at));
    return next;
}

// The interface. Time only goes forward; what asks without a time asks about the last one that was told.

Link::Link(Now now, const LinkOptions& options, crypto::LinkSecrets& secrets, Environment environment)
    : m_state(std::make_unique<State>(now.at, options, secrets, environment)) {}

Link::~Link() = default;

bool Link::send(Now now, StreamNumber stream, ByteView bytes, Repeat repeat) {
    m_state->now = now.at;
    return m_state->send(stream, bytes, repeat);
}

std::optional<PathNumber> Link::addPath(Now now, const PathOptions& options) {
    m_state->now = now.at;
    if (m_state->isClosed) return std::nullopt;
    const Path* path = m_state->addPath(now.at, options);
    if (!path) return std::nullopt;
    return path->number();
}

void Link::dropPath(Now now, PathNumber path) {
    m_state->now = now.at;
    m_state->endPath(now.at, path, Fault::ConnectionLost, State::Tell::No);
}

void Link::pathLost(Now now, PathNumber path) {
    m_state->now = now.at;
    m_state->endPath(now.at, path, Fault::ConnectionLost, State::Tell::Yes);
    m_state->askPaths();
}

void Link::doubtPath(Now now, PathNumber path) {
    m_state->now = now.at;
    if (Path* found = m_state->findPath(path)) m_state->doubtPath(now.at, *found);
}

void Link::setBacklog(Now now, PathNumber path, std::size_t bytes) {
    m_state->now = now.at;
    if (Path* found = m_state->findPath(path)) found->setBacklog(bytes);
}

void Link::setKeepAlive(Now now, Duration datagramInterval) {
    m_state->now = now.at;
    m_state->datagramKeepAlive = datagramInterval;
}

void Link::close(Now now, Fault reason) {
    m_state->now = now.at;
    m_state->close(now.at, reason, false);
}

Link::Arrival Link::receive(Now now, PathNumber path, ByteView packet) {
    m_state->now = now.at;
    return m_state->receive(now.at, path, packet);
}

Link::Arrival Link::receiveElsewhere(Now now, const PathOptions& options, ByteView packet) {
    m_state->now = now.at;
    return m_state->receiveElsewhere(now.at, options, packet);
}

bool Link::receiveReset(Now now, PathNumber path, ByteView packet) {
    m_state->now = now.at;
    return m_state->receiveReset(now.at, path, packet);
}

void Link::wake(Now now) {
    m_state->now = now.at;
    m_state->wake(now.at);
}

Instant Link::nextWake() const {
    return m_state->nextWake(m_state->now);
}

void Link::take(Now now, PacketSink& packets, std::vector<LinkEvent>& events) {
    m_state->now = now.at;
    m_state->take(now.at, packets, events);
}

bool Link::isFinished() const {
    return m_state->isFinished;
}

bool Link::isClosed() const {
    return m_state->isClosed;
}

std::vector<LinkId> Link::ids() const {
    return m_state->ours.all();
}

bool Link::isValidated(PathNumber path) const {
    const Path* found = m_state->findPath(path);
    return found && found->isValidated();
}

std::optional<PathNumber> Link::preferredPath() const {
    const Path* path = m_state->preferredPath();
    if (!path) return std::nullopt;
    return path->number();
}

std::optional<PathNumber> Link::mediaPath() const {
    const Path* path = m_state->mediaPath();
    if (!path) return std::nullopt;
    return path->number();
}

std::optional<Duration> Link::roundTrip() const {
    const Path* path = m_state->preferredPath();
    return path ? roundTrip(path->number()) : std::nullopt;
}

std::optional<Duration> Link::roundTrip(PathNumber path) const {
    const Path* found = m_state->findPath(path);
    if (!found || !found->loss().roundTrip().hasSample()) return std::nullopt;
    return found->loss().roundTrip().smoothed();
}

std::size_t Link::backlog() const {
    return m_state->streams.backlog();
}

Link::MediaSecret Link::mediaSecret() const {
    return {static_cast<std::uint8_t>(m_state->protection.generation()), m_state->protection.mediaSecret()};
}

std::optional<Link::MediaSecret> Link::mediaSecret(std::uint8_t generation) const {
    const auto* secret = m_state->protection.mediaSecret(generation);
    if (!secret) return std::nullopt;
    return MediaSecret{generation, *secret};
}

const Link::Statistics& Link::statistics() const {
    return m_state->statistics;
}

std::optional<LinkId> linkIdOf(ByteView packet) {
    if (packet.size() < kMinPacket || packet.size() > kMaxPacket) return std::nullopt;
    return *LinkId::from(packet.first(LinkId::kSize));
}

}  // namespace kith::link
