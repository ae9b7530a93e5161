// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/simtcp.h"

#include <algorithm>

#include "tests/support/simulation.h"

namespace kith::test {

namespace {

constexpr std::uint8_t kOpener = 0;
constexpr std::uint8_t kAcceptor = 1;
constexpr std::size_t kSegment = 1460;
constexpr std::size_t kSegmentHeader = 40;
constexpr std::uint16_t kFirstEphemeralPort = 32768;
/// In the trace, where datagrams have the type of their frame.
constexpr std::uint64_t kTcpTrace = 0x100;

constexpr std::uint8_t other(std::uint8_t end) {
    return end == kOpener ? kAcceptor : kOpener;
}

}  // namespace

void SimTcp::connect(NodeNumber node, const link::TcpConnect& connect) {
    const std::uint32_t index = allocate();
    m_connections[index].port = connect.remote.port;
    attach(index, kOpener, node, connect.connection);
    const auto to = m_simulation.m_listening.at(connect.remote);
    const Conditions& way = to ? m_simulation.between(node, *to) : m_simulation.conditions;
    if (!to || !way.tcp) {
        const bool isThere = m_simulation.m_listening.at({connect.remote.address, 0}).has_value() && way.tcp;
        const Duration wait = isThere ? 2 * way.delay : kPatience;
        return scheduleClose(index, kOpener, m_simulation.m_at + wait, isThere ? Fault::Refused : Fault::TimedOut);
    }
    m_connections[index].ends[kAcceptor].node = *to;
    const auto arrives = m_simulation.arrival(node, way, kSegmentHeader, false);
    m_simulation.m_statistics.bytesOnWire += 3 * kSegmentHeader;
    schedule(inOrder(index, kAcceptor, *arrives), {SimEvent::Kind::TcpAccept, kAcceptor, 0, index, 0});
}

void SimTcp::accept(std::uint32_t index) {
    const NodeNumber node = m_connections[index].ends[kAcceptor].node;
    const NodeNumber opener = m_connections[index].ends[kOpener].node;
    const Conditions& way = m_simulation.between(node, opener);
    const auto answer = m_simulation.arrival(node, way, kSegmentHeader, false);
    if (!m_simulation.isAlive(node)) return scheduleClose(index, kOpener, *answer, Fault::Refused);
    schedule(inOrder(index, kOpener, *answer), {SimEvent::Kind::TcpConnect, kOpener, 0, index, 0});
    attach(index, kAcceptor, node, acceptedNumber(index));
    m_simulation.m_nodes[node].user->receive(
        m_simulation.nowOf(node),
        link::TcpAccepted{acceptedNumber(index), openerAddress(index), m_connections[index].port});
    m_simulation.flush(node);
}

void SimTcp::connected(std::uint32_t index) {
    const End& end = m_connections[index].ends[kOpener];
    if (end.number == 0) return;
    const NodeNumber node = end.node;
    m_simulation.m_nodes[node].user->receive(m_simulation.nowOf(node),
                                             link::TcpConnected{end.number, openerAddress(index)});
    m_simulation.flush(node);
}

void SimTcp::write(NodeNumber node, const link::TcpWrite& write) {
    const std::uint32_t found = endOf(node, write.connection);
    if (found == kNone) return;
    const std::uint32_t index = found / 2;
    const auto from = static_cast<std::uint8_t>(found % 2);
    const NodeNumber to = m_connections[index].ends[other(from)].node;
    const Conditions& way = m_simulation.between(node, to);
    const std::size_t segments = (write.bytes.size() + kSegment - 1) / kSegment;
    const std::size_t size = write.bytes.size() + segments * kSegmentHeader;
    m_simulation.m_statistics.tcpSegments += segments;
    m_simulation.m_statistics.bytesOnWire += size + segments * kSegmentHeader;  // with acknowledgements
    if (!way.tcp) {
        scheduleClose(index, from, m_simulation.m_at + kPatience, Fault::ConnectionLost);
        return scheduleClose(index, other(from), m_simulation.m_at + kPatience, Fault::ConnectionLost);
    }
    Instant arrives = *m_simulation.arrival(node, way, size, false);
    for (std::size_t i = 0; i < segments; ++i)
        for (Duration wait = kRetransmission; m_simulation.chance(way.loss); wait *= 2) arrives += wait;
    const std::uint32_t packet = m_simulation.keepPacket(node, to, write.bytes);
    schedule(inOrder(index, other(from), arrives), {SimEvent::Kind::TcpData, other(from), 0, index, packet});

    const auto bytes = static_cast<std::uint32_t>(write.bytes.size());
    End& own = m_connections[index].ends[from];
    own.unsent += bytes;
    const Instant leaves = std::max(m_simulation.m_nodes[node].freeAt, m_simulation.m_at);
    if (leaves == m_simulation.m_at)
        own.unsent = 0;
    else
        schedule(leaves, {SimEvent::Kind::TcpDrained, from, 0, index, bytes});
    m_simulation.m_nodes[node].user->tcpBacklog(m_simulation.nowOf(node), write.connection, own.unsent);
}

void SimTcp::drained(std::uint32_t index, std::uint8_t end, std::uint32_t bytes) {
    End& own = m_connections[index].ends[end];
    if (own.number == 0) return;
    own.unsent -= std::min(bytes, own.unsent);
    const NodeNumber node = own.node;
    m_simulation.m_nodes[node].user->tcpBacklog(m_simulation.nowOf(node), own.number, own.unsent);
    m_simulation.flush(node);
}

void SimTcp::data(std::uint32_t index, std::uint8_t end, std::uint32_t packet) {
    const Bytes bytes = std::move(m_simulation.m_packets[packet].bytes);
    m_simulation.dropPacket(packet);
    const End& to = m_connections[index].ends[end];
    if (to.number == 0) return;
    const NodeNumber node = to.node;
    m_simulation.trace.add({static_cast<std::uint64_t>(m_simulation.m_at.time_since_epoch().count()),
                            m_connections[index].ends[other(end)].node, node, bytes.size(), kTcpTrace});
    m_simulation.m_nodes[node].user->receiveTcp(m_simulation.nowOf(node), to.number, bytes);
    m_simulation.flush(node);
}

void SimTcp::close(NodeNumber node, link::TcpNumber number) {
    const std::uint32_t found = endOf(node, number);
    if (found == kNone) return;
    const std::uint32_t index = found / 2;
    const auto end = static_cast<std::uint8_t>(found % 2);
    const NodeNumber to = m_connections[index].ends[other(end)].node;
    const auto arrives = m_simulation.arrival(node, m_simulation.between(node, to), kSegmentHeader, false);
    detach(index, end);
    scheduleClose(index, other(end), *arrives, Fault::ConnectionLost);
}

void SimTcp::breakAll(NodeNumber node) {
    for (std::uint32_t found = m_simulation.m_nodes[node].firstEnd; found != kNone;) {
        const std::uint32_t index = found / 2;
        const auto end = static_cast<std::uint8_t>(found % 2);
        found = m_connections[index].ends[end].next;
        scheduleClose(index, end, m_simulation.m_at, Fault::ConnectionLost);
        scheduleClose(index, other(end), m_simulation.m_at, Fault::ConnectionLost);
    }
}

void SimTcp::abandonAll(NodeNumber node) {
    while (m_simulation.m_nodes[node].firstEnd != kNone) {
        const std::uint32_t found = m_simulation.m_nodes[node].firstEnd;
        const std::uint32_t index = found / 2;
        const auto end = static_cast<std::uint8_t>(found % 2);
        const NodeNumber to = m_connections[index].ends[other(end)].node;
        detach(index, end);
        const Duration travel = m_simulation.between(node, to).delay;
        scheduleClose(index, other(end), m_simulation.m_at + travel, Fault::ConnectionLost);
    }
}

void SimTcp::closed(std::uint32_t index, std::uint8_t end, Fault reason) {
    const End own = m_connections[index].ends[end];
    if (own.number == 0) return;
    detach(index, end);
    m_simulation.m_nodes[own.node].user->receive(m_simulation.nowOf(own.node), link::TcpClosed{own.number, reason});
    m_simulation.flush(own.node);
}

void SimTcp::handle(const SimEvent& event) {
    --m_connections[event.index].pending;
    switch (event.kind) {
        case SimEvent::Kind::TcpAccept: accept(event.index); break;
        case SimEvent::Kind::TcpConnect: connected(event.index); break;
        case SimEvent::Kind::TcpData: data(event.index, event.end, event.more); break;
        case SimEvent::Kind::TcpDrained: drained(event.index, event.end, event.more); break;
        case SimEvent::Kind::TcpClose: closed(event.index, event.end, static_cast<Fault>(event.reason)); break;
        case SimEvent::Kind::Wake:
        case SimEvent::Kind::Script:
        case SimEvent::Kind::Datagram: break;
    }
    releaseIfDone(event.index);
}

std::uint32_t SimTcp::allocate() {
    if (m_free.empty()) {
        m_free.push_back(static_cast<std::uint32_t>(m_connections.size()));
        m_connections.emplace_back();
    }
    const std::uint32_t index = m_free.back();
    m_free.pop_back();
    const std::uint32_t generation = m_connections[index].generation + 1;
    m_connections[index] = {};
    m_connections[index].generation = generation;
    m_connections[index].isUsed = true;
    return index;
}

void SimTcp::releaseIfDone(std::uint32_t index) {
    Connection& connection = m_connections[index];
    if (!connection.isUsed || connection.pending > 0) return;
    if (connection.ends[kOpener].number != 0 || connection.ends[kAcceptor].number != 0) return;
    connection.isUsed = false;
    m_free.push_back(index);
}

void SimTcp::attach(std::uint32_t index, std::uint8_t end, NodeNumber node, link::TcpNumber number) {
    End& own = m_connections[index].ends[end];
    own.node = node;
    own.number = number;
    own.next = m_simulation.m_nodes[node].firstEnd;
    m_simulation.m_nodes[node].firstEnd = 2 * index + end;
}

void SimTcp::detach(std::uint32_t index, std::uint8_t end) {
    End& own = m_connections[index].ends[end];
    std::uint32_t* link = &m_simulation.m_nodes[own.node].firstEnd;
    while (*link != 2 * index + end) link = &m_connections[*link / 2].ends[*link % 2].next;
    *link = own.next;
    own.next = kNone;
    own.number = 0;
}

std::uint32_t SimTcp::endOf(NodeNumber node, link::TcpNumber number) const {
    if (number % 2 == 1) {
        const auto index = static_cast<std::uint32_t>(number >> 1);
        if (index >= m_connections.size()) return kNone;
        const End& end = m_connections[index].ends[kAcceptor];
        return end.number == number && end.node == node ? 2 * index + kAcceptor : kNone;
    }
    std::uint32_t found = m_simulation.m_nodes[node].firstEnd;
    while (found != kNone && m_connections[found / 2].ends[found % 2].number != number)
        found = m_connections[found / 2].ends[found % 2].next;
    return found;
}

void SimTcp::schedule(Instant at, SimEvent event) {
    ++m_connections[event.index].pending;
    m_simulation.m_wheel.schedule(at, event);
}

void SimTcp::scheduleClose(std::uint32_t index, std::uint8_t end, Instant at, Fault reason) {
    schedule(inOrder(index, end, at), {SimEvent::Kind::TcpClose, end, static_cast<std::uint16_t>(reason), index, 0});
}

Instant SimTcp::inOrder(std::uint32_t index, std::uint8_t end, Instant arrival) {
    Instant& last = m_connections[index].ends[end].lastArrival;
    return last = std::max(last, arrival);
}

link::TcpNumber SimTcp::acceptedNumber(std::uint32_t index) const {
    return link::TcpNumber{m_connections[index].generation} << 33 | link::TcpNumber{index} << 1 | 1;
}

Endpoint SimTcp::openerAddress(std::uint32_t index) const {
    const NodeNumber opener = m_connections[index].ends[kOpener].node;
    return {m_simulation.m_nodes[opener].address.address,
            static_cast<std::uint16_t>(kFirstEphemeralPort + index % kFirstEphemeralPort)};
}

}  // namespace kith::test
