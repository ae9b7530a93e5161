// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/simulation.h"

#include <cassert>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace kith::test {

namespace {

constexpr std::size_t kUdpHeaderV4 = 28;
constexpr std::size_t kUdpHeaderV6 = 48;
/// A machine that wants to be woken at once, again and again, would hold the world up for ever.
constexpr unsigned kMostWakesWithoutTime = 1'000'000;
/// Output may lead to news about the socket, and these to output; not for long.
constexpr int kMostRounds = 1000;

}  // namespace

Simulation::Simulation(std::uint64_t seed) : random(seed), m_tcp(*this) {}

Simulation::~Simulation() = default;

NodeNumber Simulation::add(const NodeOptions& options, link::CarrierUser& user) {
    const auto number = static_cast<NodeNumber>(m_nodes.size());
    Node node;
    node.user = &user;
    node.address = options.address;
    node.clockOffset = options.clockOffset;
    m_nodes.push_back(node);
    m_udp.insert(options.address, number);
    // Port 0 says that there is a host which refuses what it doesn't accept.
    m_listening.insert({options.address.address, 0}, number);
    for (const std::uint16_t port : options.tcpPorts) m_listening.insert({options.address.address, port}, number);
    flush(number);
    return number;
}

void Simulation::kill(NodeNumber node) {
    m_nodes[node].user = nullptr;
    m_wheel.cancel(m_nodes[node].wake);
    m_nodes[node].wakeAt = kNever;
    m_tcp.abandonAll(node);
}

void Simulation::restart(NodeNumber node, link::CarrierUser& user) {
    assert(!isAlive(node));
    m_nodes[node].user = &user;
    flush(node);
}

Now Simulation::nowWith(Duration offset) const {
    return {m_at, kBeginWall + std::chrono::floor<std::chrono::milliseconds>(m_at - kBegin + offset)};
}

const Conditions& Simulation::between(NodeNumber from, NodeNumber to) const {
    if (m_own.empty()) return conditions;
    if (const auto own = m_own.find(from); own != m_own.end()) return own->second;
    if (const auto own = m_own.find(to); own != m_own.end()) return own->second;
    return conditions;
}

bool Simulation::chance(double probability) {
    if (probability <= 0) return false;
    return static_cast<double>(random.u64() >> 11) * 0x1p-53 < probability;
}

std::optional<Instant> Simulation::arrival(NodeNumber from, const Conditions& way, std::size_t size, bool mayDrop) {
    Instant leaves = m_at;
    if (way.bytesPerSecond > 0) {
        Node& node = m_nodes[from];
        const Instant begins = std::max(m_at, node.freeAt);
        if (mayDrop && begins - m_at > way.longestQueue) return std::nullopt;
        const double seconds = static_cast<double>(size) / way.bytesPerSecond;
        leaves = begins + std::chrono::ceil<Duration>(std::chrono::duration<double>(seconds));
        node.freeAt = leaves;
    }
    Duration travel = way.delay;
    if (way.jitter > Duration::zero()) travel += random.within(2 * way.jitter) - way.jitter;
    return leaves + std::max(travel, Duration::zero());
}

void Simulation::after(Duration wait, std::function<void()> what) {
    std::uint32_t index = 0;
    if (m_freeScripts.empty()) {
        index = static_cast<std::uint32_t>(m_scripts.size());
        m_scripts.emplace_back();
    } else {
        index = m_freeScripts.back();
        m_freeScripts.pop_back();
    }
    m_scripts[index] = std::move(what);
    m_wheel.schedule(m_at + wait, {SimEvent::Kind::Script, 0, 0, index, 0});
}

void Simulation::run(Duration span) {
    const Instant until = m_at + span;
    while (step(until)) {
    }
}

bool Simulation::runUntil(const std::function<bool()>& condition, Duration most) {
    const Instant until = m_at + most;
    while (!condition())
        if (!step(until)) return condition();
    return true;
}

bool Simulation::step(Instant until) {
    const auto fired = m_wheel.pop(until);
    if (!fired) {
        m_at = until;
        return false;
    }
    if (fired->at > m_at) m_wakesWithoutTime = 0;
    m_at = fired->at;
    ++m_statistics.events;
    handle(fired->payload);
    return true;
}

void Simulation::handle(const SimEvent& event) {
    switch (event.kind) {
        case SimEvent::Kind::Wake: return wakeNode(event.index);
        case SimEvent::Kind::Datagram: return deliverDatagram(event.index);
        case SimEvent::Kind::Script: {
            const auto script = std::move(m_scripts[event.index]);
            m_freeScripts.push_back(event.index);
            return script();
        }
        case SimEvent::Kind::TcpAccept:
        case SimEvent::Kind::TcpConnect:
        case SimEvent::Kind::TcpData:
        case SimEvent::Kind::TcpDrained:
        case SimEvent::Kind::TcpClose: return m_tcp.handle(event);
    }
}

void Simulation::wakeNode(NodeNumber node) {
    if (++m_wakesWithoutTime > kMostWakesWithoutTime) {
        std::fprintf(stderr, "node %u wants to be woken at once, for ever\n", node);
        std::abort();
    }
    ++m_statistics.wakes;
    m_nodes[node].wakeAt = kNever;
    m_nodes[node].user->wake(nowOf(node));
    flush(node);
}

void Simulation::flush(NodeNumber node) {
    link::CarrierUser* const user = m_nodes[node].user;
    if (user == nullptr) return;
    for (int round = 0; round < kMostRounds; ++round) {
        // A verb of one node may lead to one of another in the same turn: each has an output of its own.
        link::CarrierOutput output = std::exchange(m_output, {});
        user->take(nowOf(node), output);
        const bool isQuiet = output.connects.empty() && output.writes.empty();
        for (const link::TcpConnect& connect : output.connects) m_tcp.connect(node, connect);
        for (const link::TcpWrite& write : output.writes) m_tcp.write(node, write);
        for (const link::TcpClose& close : output.closes) m_tcp.close(node, close.connection);
        for (const auto& entry : output.datagrams.entries())
            sendDatagram(node, entry.remote, output.datagrams.bytesOf(entry));
        output.clear();
        m_output = std::move(output);
        if (isQuiet) break;
    }
    setWake(node);
}

void Simulation::setWake(NodeNumber number) {
    Node& node = m_nodes[number];
    const Instant wanted = node.user->nextWake();
    if (wanted == node.wakeAt) return;
    if (node.wakeAt != kNever) m_wheel.cancel(node.wake);
    node.wakeAt = wanted;
    if (wanted != kNever) node.wake = m_wheel.schedule(wanted, {SimEvent::Kind::Wake, 0, 0, number, 0});
}

void Simulation::sendDatagram(NodeNumber from, const Endpoint& remote, ByteView datagram) {
    const std::size_t size = datagram.size() + (remote.address.isV4() ? kUdpHeaderV4 : kUdpHeaderV6);
    ++m_statistics.datagramsSent;
    m_statistics.bytesOnWire += size;
    const auto to = m_udp.at(remote);
    const bool passes = to && (!filter || filter(m_nodes[from].address, remote, datagram));
    const Conditions& way = passes ? between(from, *to) : conditions;
    if (!passes || !way.udp || chance(way.loss)) {
        ++m_statistics.datagramsLost;
        return;
    }
    for (int copies = chance(way.duplication) ? 2 : 1; copies > 0; --copies) {
        auto arrives = arrival(from, way, size, true);
        if (!arrives) {
            ++m_statistics.datagramsLost;
            return;
        }
        if (chance(way.reordering)) *arrives += way.holdUp;
        m_wheel.schedule(*arrives, {SimEvent::Kind::Datagram, 0, 0, keepPacket(from, *to, datagram), 0});
    }
}

void Simulation::deliverDatagram(std::uint32_t index) {
    // Out of the pool while it is read: the node may send, which may make the pool grow.
    Packet packet = std::move(m_packets[index]);
    link::CarrierUser* const user = m_nodes[packet.to].user;
    if (user != nullptr) {
        ++m_statistics.datagramsDelivered;
        const auto type = packet.bytes.size() > 2 ? std::to_integer<std::uint64_t>(packet.bytes[2]) & 0x8fU : 0;
        trace.add({static_cast<std::uint64_t>(m_at.time_since_epoch().count()), packet.from, packet.to,
                   packet.bytes.size(), type});
        user->receiveDatagram(nowOf(packet.to), m_nodes[packet.from].address, packet.bytes);
    }
    const NodeNumber to = packet.to;
    m_packets[index] = std::move(packet);
    dropPacket(index);
    flush(to);
}

std::uint32_t Simulation::keepPacket(NodeNumber from, NodeNumber to, ByteView bytes) {
    if (m_freePackets.empty()) {
        m_freePackets.push_back(static_cast<std::uint32_t>(m_packets.size()));
        m_packets.emplace_back();
    }
    const std::uint32_t index = m_freePackets.back();
    m_freePackets.pop_back();
    Packet& packet = m_packets[index];
    packet.from = from;
    packet.to = to;
    packet.bytes.assign(bytes.begin(), bytes.end());
    return index;
}

void Simulation::dropPacket(std::uint32_t index) {
    m_freePackets.push_back(index);
}

}  // namespace kith::test
