// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/client/online.h"

#include <algorithm>

namespace kith::client {

namespace {

/// One that can't be read is as good as none: the profile's supernodes are always there.
overlay::HostCache hostCacheOf(const StoredState& state) {
    const auto stored = state.items.find(Item::HostCache);
    if (stored == state.items.end()) return {};
    return overlay::HostCache::decode(stored->second).value_or(overlay::HostCache());
}

}  // namespace

Online::Online(Now now, const Environment& environment, const overlay::NetworkProfile& profile,
               const Identity& identity, StoredState state)
    : m_environment(environment),
      m_hosts(profile.firstSupernodes()),
      m_network({environment.transport, environment.random}, hostCacheOf(state)),
      m_publisher(environment.suite, profile.network(), environment.random),
      m_people(now, environment, profile.trust(), identity, std::move(state)) {}

void Online::start(Now now, const Identity& identity) {
    if (m_started) return;
    m_started = true;
    show(identity);
    publish(now, identity);
    m_output.resolve = m_hosts.unresolved();
    if (m_output.resolve.empty() || m_network.cache().size() > 0) beginToDial(now);
}

void Online::stop(Now now, Fault reason) {
    m_started = false;
    m_publisher.set(now, {});
    m_network.stop(now, reason);
    m_environment.transport.setCredentials(session::Role::Peer, nullptr);
    m_environment.transport.setCredentials(session::Role::Node, nullptr);
}

bool Online::isDrained() const {
    const auto link = m_network.supernode();
    return (!link || m_environment.transport.backlog(*link) == 0) && m_people.peers().isDrained();
}

void Online::renew(Now now, const Identity& identity) {
    m_people.renew(identity);
    if (!m_started) return;
    show(identity);
    publish(now, identity);
}

void Online::publish(Now now, const Identity& identity) {
    directory::OwnRecords records;
    records.name = identity.user;
    records.displayName = identity.displayName;
    records.findable = identity.findable;
    records.userKey = identity.userSigningKey;
    records.device = identity.device;
    records.person = directory::personKey(identity.userKey);
    records.devices = identity.devices;
    if (!identity.sealing.empty()) records.sealingKey = identity.sealing.front()->publicKey();
    m_publisher.set(now, std::move(records));
}

void Online::show(const Identity& identity) {
    m_environment.transport.setCredentials(session::Role::Peer, identity.device);
    m_environment.transport.setCredentials(session::Role::Node, identity.access);
}

void Online::resolved(Now now, const std::string& host, const std::vector<IpAddress>& addresses) {
    m_hosts.resolved(host, addresses);
    m_network.setFirstSupernodes(m_hosts.endpoints());
    if (m_started) beginToDial(now);
}

void Online::beginToDial(Now now) {
    m_network.setFirstSupernodes(m_hosts.endpoints());
    m_network.start(now);
}

bool Online::receive(Now now, const session::Event& event) {
    if (m_network.receive(now, event)) return true;
    if (const auto* command = std::get_if<session::CommandReceived>(&event); command && receiveCommand(now, *command))
        return true;
    return m_people.receive(now, event);
}

bool Online::receiveCommand(Now now, const session::CommandReceived& command) {
    if (command.link != m_network.supernode()) return false;
    if (command.stream == session::Stream::Overlay) {
        if (const auto parsed = wire::parseCommand(command.command)) m_network.receive(now, *parsed);
        // What comes right behind Attached must find everybody informed.
        settleNetwork(now);
    }
    if (command.stream == session::Stream::Directory) m_publisher.receive(now, command.command);
    m_people.receiveFromSupernode(now, command.stream, command.command);
    return true;
}

void Online::receive(Now now, const Written& written) {
    if (written.room != Room::Client) m_people.receive(now, written);
}

void Online::wake(Now now) {
    m_network.wake(now);
    m_publisher.wake(now);
    m_people.wake(now);
}

Instant Online::nextWake() const {
    return std::min({m_network.nextWake(), m_publisher.nextWake(), m_people.nextWake()});
}

bool Online::settleNetwork(Now now) {
    std::vector<NetworkEvent> events;
    m_network.take(events);
    for (const auto& event : events) {
        if (const auto* up = std::get_if<NetworkUp>(&event)) heed(now, *up);
        if (const auto* down = std::get_if<NetworkDown>(&event)) heed(now, *down);
        if (std::holds_alternative<HostCacheChanged>(event)) saveHostCache();
    }
    return !events.empty();
}

void Online::heed(Now now, const NetworkUp& up) {
    m_publisher.attached(now, up.node, up.location);
    m_people.networkUp(now, up.link, up.node);
    m_output.events.emplace_back(up);
}

void Online::heed(Now now, const NetworkDown& down) {
    m_publisher.detached();
    m_people.networkDown(now);
    m_output.events.emplace_back(down);
    const auto names = m_hosts.unresolved();
    if (m_started) m_output.resolve.insert(m_output.resolve.end(), names.begin(), names.end());
}

void Online::saveHostCache() {
    m_output.writes.emplace_back(SaveItem{++m_lastTicket, Item::HostCache, hostCache()});
}

void Online::take(Now now, Output& out) {
    do {
        m_people.settle(now);
    } while (settleNetwork(now));
    std::vector<Bytes> commands;
    m_publisher.take(commands);
    for (const auto& command : commands) m_network.send(now, session::Stream::Directory, command);
    std::vector<PeopleEvent> events;
    m_people.take(m_output.writes, events);
    for (auto& event : events) m_output.events.emplace_back(std::move(event));
    std::ranges::move(m_output.writes, std::back_inserter(out.writes));
    std::ranges::move(m_output.events, std::back_inserter(out.events));
    std::ranges::move(m_output.resolve, std::back_inserter(out.resolve));
    m_output = {};
}

}  // namespace kith::client
