// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/session/transport.h"

#include <algorithm>
#include <string>

#include "protocol/session/transportstate.h"
#include "protocol/session/vectors.h"

namespace kith::session {

namespace {

constexpr std::size_t kMostAlternatives = wire::kMaxRedirects;
constexpr Duration kBusy = std::chrono::milliseconds(100);

}  // namespace

Transport::State::State(Transport::Options o, Environment e)
    : options(std::move(o)),
      environment(e),
      tokens(e.random),
      payloads(e.obfuscation, e.random, tokens),
      probes(e.random),
      handshakes({options.trust, options.serves, options.maxHalfOpen}, e.suite, e.random, credentials),
      tcp(e.obfuscation, e.random, options.serves.empty() ? 0 : options.maxLinks + options.maxHalfOpen),
      frames(e.random, output.datagrams, tcp, links),
      resets(options.resetKey ? std::make_unique<Resets>(Resets{link::ResetKey(*options.resetKey), NackLimit(e.random)})
                              : nullptr),
      links(e.random, tcp, frames, resets ? &resets->key : nullptr) {}

LinkNumber Transport::State::connect(Now now, Role role, const Path& path, const std::optional<PeerSecret>& secret) {
    const LinkNumber number = ++m_lastLink;
    Handshakes::Connect connect{number, role, path, std::nullopt, secret, guessRoundTrip(path)};
    if (!isUsable(path))
        failLink(number, Fault::Unreachable);
    else if (const auto* udp = std::get_if<UdpPath>(&path))
        connectOverUdp(now, std::move(connect), udp->remote);
    else
        handshakes.connect(now, std::move(connect));
    return number;
}

void Transport::State::connectOverUdp(Now now, Handshakes::Connect connect, const Endpoint& remote) {
    const Probes::Token* token = probes.token(now, remote);
    if (token == nullptr) {
        tokenWaits.add(now, std::move(connect), remote, probes.start(now, remote));
        return;
    }
    connect.token = token->token;
    connect.roundTrip = token->roundTrip;
    handshakes.connect(now, std::move(connect));
}

bool Transport::State::isUsable(const Path& path) {
    if (const auto* connection = std::get_if<TcpPath>(&path)) return tcp.ready(connection->connection) != nullptr;
    if (const auto* channel = std::get_if<ChannelPath>(&path)) return links.carrierOf(channel->via).has_value();
    return true;
}

Duration Transport::State::guessRoundTrip(const Path& path) const {
    const auto* channel = std::get_if<ChannelPath>(&path);
    const link::Link* via = channel != nullptr ? links.find(channel->via) : nullptr;
    // There and back to the supernode, and as much again from there on.
    return via != nullptr ? 2 * via->roundTrip().value_or(Duration::zero()) : Duration::zero();
}

void Transport::State::close(Now now, LinkNumber link, Fault reason) {
    if (links.find(link) != nullptr) {
        links.close(now, link, reason);
        return;
    }
    const auto waits = tokenWaits.takeOf(link);
    for (const auto& wait : waits) probes.cancel(wait.probe);
    if (waits.empty() && !handshakes.isConnecting(link)) return;
    handshakes.giveUp(now, link);
    failLink(link, reason);
}

void Transport::State::addPath(Now now, LinkNumber link, const Path& path) {
    if (links.find(link) == nullptr) return;
    if (isUsable(path))
        links.addPath(now, link, path);
    else
        m_events.emplace_back(PathFailed{link, path, Fault::Unreachable});
}

void Transport::State::wake(Now now) {
    payloads.wake(now);
    probes.wake(now);
    for (const auto& wait : tokenWaits.wake(now)) {
        probes.cancel(wait.probe);
        failLink(wait.connect.number, Fault::TimedOut);
    }
    handshakes.wake(now);
    tcp.wake(now);
    links.wake(now);
}

Instant Transport::State::nextWake() const {
    return std::min({payloads.nextWake(), probes.nextWake(), tokenWaits.nextWake(), handshakes.nextWake(),
                     tcp.nextWake(), links.nextWake()});
}

void Transport::State::settle(Now now) {
    lastNow = now;
    settleProbes(now);
    // What one of them says may concern another.
    bool goesOn = true;
    while (goesOn) {
        goesOn = settleHandshakes(now);
        goesOn = settleLinks(now) || goesOn;
        goesOn = settleTcp(now) || goesOn;
    }
}

void Transport::State::settleProbes(Now now) {
    std::vector<Probes::Outgoing> out;
    probes.take(out);
    for (const auto& probe : out)
        payloads.send(now, probe.remote, probe.command, PayloadExchange::Keep::Always, output.datagrams);
}

bool Transport::State::settleHandshakes(Now now) {
    std::vector<Handshakes::Outgoing> out;
    std::vector<Handshakes::Event> said;
    handshakes.take(out, said);
    for (const auto& part : out) sendCommand(now, part.path, part.command);
    for (auto& event : said) std::visit([&](auto& e) { apply(now, e); }, event);
    return !said.empty();
}

bool Transport::State::settleTcp(Now now) {
    std::vector<TcpCarriers::Ended> ended;
    tcp.take(output, m_events, ended);
    for (const auto& end : ended) {
        handshakes.pathLost(now, TcpPath{end.connection}, end.reason);
        links.pathLost(now, TcpPath{end.connection});
    }
    return !ended.empty();
}

bool Transport::State::settleLinks(Now now) {
    std::vector<LinkNumber> closed;
    links.settle(now, m_events, closed);
    for (const LinkNumber link : closed) {
        handshakes.viaLost(now, link, Fault::ConnectionLost);
        links.viaLost(now, link);
    }
    return !closed.empty();
}

void Transport::State::apply(Now now, Handshakes::Opened& opened) {
    const LinkNumber number = opened.number != 0 ? opened.number : ++m_lastLink;
    const auto side = opened.incoming ? crypto::Side::Server : crypto::Side::Client;
    links.open(now, {number, opened.role, side, opened.path, opened.ours, opened.theirs, opened.roundTrip},
               opened.outcome.secrets);
    m_events.emplace_back(LinkOpened{number, opened.role, opened.incoming, std::move(opened.outcome.peer),
                                     std::move(opened.outcome.peerChain), opened.path});
}

void Transport::State::apply(Now, Handshakes::Failed& failed) {
    if (const auto* udp = std::get_if<UdpPath>(&failed.path)) probes.forgetToken(udp->remote);
    failLink(failed.number, failed.reason);
}

void Transport::State::apply(Now now, Handshakes::Revoked& revoked) {
    links.revoke(now, revoked.ours, revoked.reason);
}

void Transport::State::failLink(LinkNumber link, Fault reason) {
    environment.log.write(LogLevel::Debug, "session", "a link did not open: " + std::string(name(reason)));
    m_events.emplace_back(LinkClosed{link, reason, false});
}

void Transport::State::sendCommand(Now now, const Path& path, ByteView command) {
    if (const auto* udp = std::get_if<UdpPath>(&path)) {
        payloads.send(now, udp->remote, command, PayloadExchange::Keep::IfUnknown, output.datagrams);
        return;
    }
    const auto* channel = std::get_if<ChannelPath>(&path);
    if (channel == nullptr) {
        frames.send(now, path, wire::FrameType::Payload, TcpCarrier::Importance::Lasting, command);
        return;
    }
    Bytes inner;
    wire::writePayload(inner, environment.obfuscation, {frames.nextId(), frames.randomBits()}, {},
                       environment.random.u32(), command);
    frames.forward(now, channel->via, channel->channel, inner);
}

void Transport::State::take(link::CarrierOutput& out, std::vector<Event>& events) {
    for (const auto& datagram : output.datagrams.entries())
        out.datagrams.add(datagram.remote, output.datagrams.bytesOf(datagram));
    // Kept while there is much to do, given back when it becomes quiet.
    const bool isBusy = lastNow.at - m_lastTake < kBusy;
    m_lastTake = lastNow.at;
    if (isBusy)
        output.datagrams.clear();
    else
        output.datagrams = {};
    moveTo(out.connects, output.connects);
    moveTo(out.writes, output.writes);
    moveTo(out.closes, output.closes);
    std::move(m_events.begin(), m_events.end(), std::back_inserter(events));
    m_events.clear();
    if (!isBusy) release(m_events);
}

// The interface.

Transport::Transport(Options options, Environment environment)
    : m_state(std::make_unique<State>(std::move(options), environment)) {}

Transport::~Transport() = default;

void Transport::setCredentials(Role role, std::shared_ptr<const crypto::Credentials> credentials) {
    m_state->credentials[static_cast<std::size_t>(role)] = std::move(credentials);
}

void Transport::setAlternatives(std::vector<Endpoint> instead) {
    if (instead.size() > kMostAlternatives) instead.resize(kMostAlternatives);
    m_state->alternatives = std::move(instead);
}

ProbeNumber Transport::probe(Now now, const Endpoint& remote) {
    const ProbeNumber number = m_state->probes.start(now, remote);
    m_state->settle(now);
    return number;
}

void Transport::cancelProbe(ProbeNumber probe) {
    m_state->probes.cancel(probe);
}

link::TcpNumber Transport::openTcp(Now now, const Endpoint& remote) {
    const link::TcpNumber number = m_state->tcp.open(now, remote);
    m_state->settle(now);
    return number;
}

void Transport::closeTcp(link::TcpNumber connection) {
    m_state->tcp.close(connection);
    m_state->settle(m_state->lastNow);
}

LinkNumber Transport::connect(Now now, Role role, const Path& path, const std::optional<PeerSecret>& secret) {
    const LinkNumber number = m_state->connect(now, role, path, secret);
    m_state->settle(now);
    return number;
}

void Transport::expectPeer(Now now, const ChannelPath& channel, const std::optional<PeerSecret>& secret) {
    m_state->handshakes.expect(now, channel, secret);
}

void Transport::addPath(Now now, LinkNumber link, const Path& path) {
    m_state->addPath(now, link, path);
    m_state->settle(now);
}

void Transport::dropPath(Now now, LinkNumber link, const Path& path) {
    m_state->links.dropPath(now, link, path);
    m_state->settle(now);
}

bool Transport::send(Now now, LinkNumber link, Stream stream, ByteView command) {
    const bool done = m_state->links.send(now, link, stream, command);
    m_state->settle(now);
    return done;
}

void Transport::sendMedia(Now now, LinkNumber link, ByteView packet) {
    m_state->links.sendMedia(now, link, packet);
    m_state->settle(now);
}

void Transport::sendForward(Now now, LinkNumber link, const ChannelId& channel, ByteView innerFrame) {
    m_state->frames.forward(now, link, channel, innerFrame);
    m_state->settle(now);
}

void Transport::close(Now now, LinkNumber link, Fault reason) {
    m_state->close(now, link, reason);
    m_state->settle(now);
}

std::size_t Transport::linkCount() const {
    return m_state->links.openCount();
}

std::optional<Duration> Transport::roundTrip(LinkNumber link) const {
    const link::Link* found = m_state->links.find(link);
    return found != nullptr ? found->roundTrip() : std::nullopt;
}

std::size_t Transport::backlog(LinkNumber link) const {
    const link::Link* found = m_state->links.find(link);
    return found != nullptr ? found->backlog() : 0;
}

std::optional<Transport::MediaSecret> Transport::mediaSecret(LinkNumber link) const {
    const link::Link* found = m_state->links.find(link);
    if (found == nullptr) return std::nullopt;
    const auto secret = found->mediaSecret();
    return MediaSecret{secret.generation, secret.secret};
}

std::optional<Transport::MediaSecret> Transport::mediaSecret(LinkNumber link, std::uint8_t generation) const {
    const link::Link* found = m_state->links.find(link);
    const auto secret = found != nullptr ? found->mediaSecret(generation) : std::nullopt;
    if (!secret) return std::nullopt;
    return MediaSecret{secret->generation, secret->secret};
}

Transport::Counters Transport::counters() const {
    const auto& payloads = m_state->payloads.counters();
    Counters out;
    out.malformed = m_state->malformed;
    out.unreadable = payloads.unreadable;
    out.nacksSent = payloads.nacksSent;
    out.nacksHeldBack = payloads.nacksHeldBack;
    out.nacksIgnored = payloads.nacksIgnored;
    out.resendsRefused = payloads.resendsRefused;
    out.handshakesRefused = m_state->handshakes.refused();
    out.packetsUnknown = m_state->packetsUnknown;
    out.resetsSent = m_state->resetsSent;
    out.framesHomeless = m_state->framesHomeless;
    return out;
}

void Transport::receiveDatagram(Now now, const Endpoint& remote, ByteView datagram) {
    m_state->receiveFrame(now, UdpPath{remote}, datagram);
    m_state->settle(now);
}

void Transport::receive(Now now, const link::TcpConnected& event) {
    m_state->tcp.receive(now, event);
    m_state->settle(now);
}

void Transport::receive(Now now, const link::TcpAccepted& event) {
    m_state->tcp.receive(now, event);
    m_state->settle(now);
}

void Transport::receive(Now now, const link::TcpClosed& event) {
    m_state->tcp.receive(now, event);
    m_state->settle(now);
}

void Transport::receiveTcp(Now now, link::TcpNumber connection, ByteView bytes) {
    m_state->receiveStream(now, connection, bytes);
    m_state->settle(now);
}

void Transport::tcpBacklog(Now now, link::TcpNumber connection, std::size_t bytes) {
    m_state->tcp.reported(now, connection, bytes);
    m_state->links.tcpBacklogChanged(now, connection);
    m_state->settle(now);
}

void Transport::wake(Now now) {
    m_state->wake(now);
    m_state->settle(now);
}

Instant Transport::nextWake() const {
    return m_state->nextWake();
}

void Transport::take(link::CarrierOutput& carrier, std::vector<Event>& events) {
    m_state->take(carrier, events);
}

}  // namespace kith::session
