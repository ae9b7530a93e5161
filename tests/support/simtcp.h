// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "protocol/link/carrier.h"
#include "tests/support/addressindex.h"

namespace kith::test {

class Simulation;
struct Conditions;

/// What the wheel of a simulation holds.
struct SimEvent {
    enum class Kind : std::uint8_t { Wake, Script, Datagram, TcpAccept, TcpConnect, TcpData, TcpDrained, TcpClose };

    Kind kind = Kind::Wake;
    std::uint8_t end = 0;      ///< of a connection, that it happens to
    std::uint16_t reason = 0;  ///< a Fault
    std::uint32_t index = 0;   ///< of a node, a script, a packet, a connection
    std::uint32_t more = 0;    ///< a packet; bytes that have left
};

/// The TCP connections of a simulation: ordered, reliable, slower where segments are lost, bounded by the bandwidth of
/// whoever sends.
class SimTcp {
public:
    static constexpr std::uint32_t kNone = 0xffffffff;
    /// How long an attempt lasts that nobody answers, and an open connection whose way is blocked.
    static constexpr Duration kPatience = std::chrono::seconds(15);
    /// What a lost segment costs.
    static constexpr Duration kRetransmission = std::chrono::milliseconds(250);

    explicit SimTcp(Simulation& simulation) : m_simulation(simulation) {}

    void connect(NodeNumber node, const link::TcpConnect& connect);
    void write(NodeNumber node, const link::TcpWrite& write);
    void close(NodeNumber node, link::TcpNumber number);
    void breakAll(NodeNumber node);
    /// Those of a process that died: the other ends are told.
    void abandonAll(NodeNumber node);
    void handle(const SimEvent& event);

private:
    struct End {
        NodeNumber node = 0;
        link::TcpNumber number = 0;  ///< 0: not there (yet, or any more)
        Instant lastArrival{};       ///< of what was sent to this end
        std::uint32_t unsent = 0;    ///< bytes that this end wrote and that have not left
        std::uint32_t next = kNone;  ///< the next end of the same node: connection * 2 + end
    };
    struct Connection {
        std::array<End, 2> ends;    ///< the opener first
        std::uint16_t port = 0;     ///< at the acceptor
        std::uint32_t pending = 0;  ///< events in the wheel: not reused before they came
        std::uint32_t generation = 0;
        bool isUsed = false;
    };

    std::uint32_t allocate();
    void releaseIfDone(std::uint32_t index);
    void attach(std::uint32_t index, std::uint8_t end, NodeNumber node, link::TcpNumber number);
    void detach(std::uint32_t index, std::uint8_t end);
    [[nodiscard]] std::uint32_t endOf(NodeNumber node, link::TcpNumber number) const;
    void schedule(Instant at, SimEvent event);
    void scheduleClose(std::uint32_t index, std::uint8_t end, Instant at, Fault reason);
    /// Not before what was sent to this end earlier.
    Instant inOrder(std::uint32_t index, std::uint8_t end, Instant arrival);
    [[nodiscard]] link::TcpNumber acceptedNumber(std::uint32_t index) const;
    [[nodiscard]] Endpoint openerAddress(std::uint32_t index) const;

    void accept(std::uint32_t index);
    void connected(std::uint32_t index);
    void data(std::uint32_t index, std::uint8_t end, std::uint32_t packet);
    void drained(std::uint32_t index, std::uint8_t end, std::uint32_t bytes);
    void closed(std::uint32_t index, std::uint8_t end, Fault reason);

    Simulation& m_simulation;
    std::vector<Connection> m_connections;
    std::vector<std::uint32_t> m_free;
};

}  // namespace kith::test
