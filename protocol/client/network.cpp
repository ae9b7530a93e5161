// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/client/network.h"

#include <algorithm>

#include "protocol/base/takeall.h"

namespace kith::client {

namespace {

/// From a connection that is up to Attached: a supernode that needs longer is no good.
constexpr Duration kAttachTime = std::chrono::seconds(15);

/// What most of the rungs met; the reason to name when all of them failed.
Fault reasonOf(const overlay::RungFaults& rungs) {
    for (const auto& fault : rungs)
        if (fault && *fault == Fault::PermissionDenied) return *fault;
    return Fault::Unreachable;
}

}  // namespace

Network::Network(Environment environment, overlay::HostCache known)
    : m_environment(environment),
      m_cache(std::move(known)),
      m_dialer(environment.transport),
      m_paths(environment.transport, environment.random) {}

void Network::start(Now now) {
    if (m_stage != Stage::Off) return;
    m_backoff.reset();
    dial(now);
}

void Network::stop(Now now, Fault reason) {
    m_dialer.stop();
    m_paths.stop();
    if (m_link) m_environment.transport.close(now, std::exchange(m_link, 0), reason);
    if (m_stage != Stage::Off) m_events.push_back(NetworkDown{reason, {}, kNever});
    m_stage = Stage::Off;
    m_deadline = kNever;
}

std::optional<session::LinkNumber> Network::supernode() const {
    return m_link ? std::optional(m_link) : std::nullopt;
}

std::optional<overlay::Rung> Network::rung() const {
    switch (m_stage) {
        case Stage::Dialing: return m_dialer.rung();
        case Stage::Linking:
        case Stage::Attaching:
        case Stage::Attached: return m_way.rung;
        default: return std::nullopt;
    }
}

void Network::send(Now now, session::Stream stream, ByteView command) {
    if (isUp()) m_environment.transport.send(now, m_link, stream, command);
}

void Network::dial(Now now) {
    m_stage = Stage::Dialing;
    m_deadline = kNever;
    auto servers = m_cache.entries();
    for (const auto& server : m_firstSupernodes)
        if (std::ranges::find(servers, server) == servers.end()) servers.push_back(server);
    m_dialer.start(now, {std::move(servers), m_cache.lastRung(), true});
    dialed(now);
}

void Network::dialed(Now now) {
    const auto outcome = m_dialer.takeOutcome();
    if (!outcome) return;
    if (const auto* faults = std::get_if<overlay::RungFaults>(&*outcome)) return wait(now, reasonOf(*faults), *faults);
    connect(now, std::get<Way>(*outcome));
}

void Network::connect(Now now, const Way& way) {
    m_way = way;
    m_stage = Stage::Linking;
    m_deadline = now.at + kAttachTime;
    m_link = m_environment.transport.connect(now, session::Role::Node, session::TcpPath{*way.tcp});
}

bool Network::receive(Now now, const session::Event& event) {
    if (m_stage == Stage::Dialing && m_dialer.receive(now, event)) {
        dialed(now);
        return true;
    }
    if (const auto* it = std::get_if<session::LinkOpened>(&event); it && m_link && it->link == m_link) {
        opened(now, *it);
        return true;
    }
    if (const auto* it = std::get_if<session::LinkClosed>(&event); it && m_link && it->link == m_link) {
        closed(now, it->reason);
        return true;
    }
    return m_paths.receive(now, event);
}

void Network::opened(Now now, const session::LinkOpened& event) {
    const auto* supernode = std::get_if<crypto::SupernodeIdentity>(&event.peer);
    if (!supernode) return closed(now, Fault::CertificateInvalid);
    m_node = supernode->node;
    m_stage = Stage::Attaching;
    m_environment.transport.send(now, m_link, session::Stream::Overlay,
                                 wire::encodeCommand(overlay::Attach{}, ++m_request));
}

void Network::closed(Now now, Fault reason) {
    if (m_stage == Stage::Off || m_stage == Stage::Waiting) return;
    // One that did not take us goes to the end; one that took us and was lost is the first to be asked again.
    if (m_stage != Stage::Attached) m_cache.failed(m_way.server);
    wait(now, reason, {});
}

void Network::receive(Now now, const wire::CommandView& command) {
    if (command.number == overlay::Attached::kNumber) attached(now, command);
    if (command.number == overlay::Supernodes::kNumber) learn(command);
}

void Network::attached(Now now, const wire::CommandView& command) {
    if (m_stage != Stage::Attaching || command.requestId != m_request) return;
    const auto reply = wire::decode<overlay::Attached>(command);
    if (!reply) return closed(now, reply.error().fault);
    m_stage = Stage::Attached;
    m_backoff.reset();
    m_cache.worked(m_way.server, m_way.rung);
    m_events.push_back(NetworkUp{m_link, m_node, reply->location, m_way.rung});
    m_events.push_back(HostCacheChanged{});
    m_paths.start(now, m_link, m_way.tcpRemote, m_way.server, m_way.udp);
    askForMore(now);
}

void Network::askForMore(Now now) {
    m_deadline = now.at + kLearnEvery;
    send(now, session::Stream::Overlay, wire::encodeCommand(overlay::MoreSupernodes{kWantedSupernodes}, ++m_request));
}

void Network::learn(const wire::CommandView& command) {
    if (!isUp() || command.requestId != m_request) return;
    const auto reply = wire::decode<overlay::Supernodes>(command);
    if (!reply) return;
    for (const auto& entry : reply->supernodes) m_cache.learned(entry.endpoint);
    if (!reply->supernodes.empty()) m_events.push_back(HostCacheChanged{});
}

void Network::wait(Now now, Fault reason, const overlay::RungFaults& rungs) {
    m_paths.stop();
    if (m_link) m_environment.transport.close(now, std::exchange(m_link, 0), reason);
    m_stage = Stage::Waiting;
    m_deadline = now.at + m_backoff.next(m_environment.random);
    m_events.push_back(NetworkDown{reason, rungs, m_deadline});
}

void Network::wake(Now now) {
    if (m_stage == Stage::Dialing) {
        m_dialer.wake(now);
        dialed(now);
    }
    m_paths.wake(now);
    if (m_deadline > now.at) return;
    if (m_stage == Stage::Waiting)
        dial(now);
    else if (m_stage == Stage::Attached)
        askForMore(now);
    else
        closed(now, Fault::TimedOut);
}

Instant Network::nextWake() const {
    const auto next = std::min(m_deadline, m_paths.nextWake());
    return m_stage == Stage::Dialing ? std::min(next, m_dialer.nextWake()) : next;
}

void Network::take(std::vector<NetworkEvent>& out) {
    takeAll(m_events, out);
}

}  // namespace kith::client
