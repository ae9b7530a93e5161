// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <functional>
#include <map>

#include "tests/support/addressindex.h"
#include "tests/support/seededrandom.h"
#include "tests/support/simtcp.h"
#include "tests/support/timingwheel.h"
#include "tests/support/tracehash.h"

namespace kith::test {

/// What a way through the network does to what is sent on it.
struct Conditions {
    Duration delay = std::chrono::milliseconds(40);
    Duration jitter{};       ///< up to so much more or less, evenly
    double loss = 0;         ///< of datagrams; a lost segment of TCP comes later instead
    double duplication = 0;  ///< of datagrams
    double reordering = 0;   ///< of datagrams that are held up by …
    Duration holdUp = std::chrono::milliseconds(30);
    double bytesPerSecond = 0;                               ///< of what a node sends in all; 0: no limit
    Duration longestQueue = std::chrono::milliseconds(200);  ///< before that; datagrams beyond are lost
    bool udp = true;                                         ///< false: a firewall swallows it
    bool tcp = true;
};

/// A whole network in one process, in virtual time: machines that live on carriers, the datagrams and TCP connections
/// between them, a script. The same seed and the same calls give the same run. Made for a million nodes: one hundred
/// bytes each and a timing wheel; no allocation a packet.
class Simulation {
public:
    struct NodeOptions {
        /// As all others see it; the port is that of UDP.
        Endpoint address;
        std::vector<std::uint16_t> tcpPorts{};  ///< on which connections are accepted
        Duration clockOffset{};                 ///< of its wall clock
    };
    struct Statistics {
        std::uint64_t events = 0;
        std::uint64_t wakes = 0;
        std::uint64_t datagramsSent = 0;
        std::uint64_t datagramsLost = 0;
        std::uint64_t datagramsDelivered = 0;
        std::uint64_t tcpSegments = 0;
        std::uint64_t bytesOnWire = 0;  ///< with the headers of IP, UDP and TCP
    };
    /// When every simulation begins, by the steady clock and for all whose wall clock is right.
    static constexpr Instant kBegin{std::chrono::hours{1}};
    static constexpr UnixMillis kBeginWall{std::chrono::seconds{1'800'000'000}};

    explicit Simulation(std::uint64_t seed);
    ~Simulation();
    Simulation(const Simulation&) = delete;
    Simulation& operator=(const Simulation&) = delete;

    // The network.

    Conditions conditions;
    /// Of everything that this node sends and receives, in place of the above.
    void setConditions(NodeNumber node, const Conditions& own) { m_own[node] = own; }
    void clearConditions(NodeNumber node) { m_own.erase(node); }
    /// Looks at each datagram; false: it is lost.
    std::function<bool(const Endpoint& from, const Endpoint& to, ByteView datagram)> filter;

    // Nodes. The users are the caller's and live until killed, or as long as this.

    NodeNumber add(const NodeOptions& options, link::CarrierUser& user);
    /// As SIGKILL does it: not called any more; its TCP connections break.
    void kill(NodeNumber node);
    /// A new process at the place of a killed one.
    void restart(NodeNumber node, link::CarrierUser& user);
    [[nodiscard]] bool isAlive(NodeNumber node) const { return m_nodes[node].user != nullptr; }
    [[nodiscard]] std::size_t nodeCount() const { return m_nodes.size(); }
    /// Breaks all TCP connections of a node: both ends are told.
    void breakTcp(NodeNumber node) { m_tcp.breakAll(node); }

    // Time.

    [[nodiscard]] Instant at() const { return m_at; }
    [[nodiscard]] Now now() const { return nowWith(Duration{}); }
    [[nodiscard]] Now nowOf(NodeNumber node) const { return nowWith(m_nodes[node].clockOffset); }
    /// A verb of a node's machine: `verb(Now)`, then its output goes out.
    template <class Verb>
    void act(NodeNumber node, Verb&& verb) {
        verb(nowOf(node));
        flush(node);
    }
    void after(Duration wait, std::function<void()> what);
    void run(Duration span);
    /// Until the condition holds, looked at after every event; false if that takes longer than `most`.
    bool runUntil(const std::function<bool()>& condition, Duration most);

    /// Of all that was delivered so far, and of what tests add: equal runs have equal hashes.
    TraceHash trace;
    [[nodiscard]] const Statistics& statistics() const { return m_statistics; }
    SeededRandom random;

private:
    friend class SimTcp;

    struct Node {
        link::CarrierUser* user = nullptr;
        Endpoint address;
        TimingWheel<SimEvent>::Handle wake;
        Instant wakeAt = kNever;
        Instant freeAt{};  ///< when what it sends has left
        Duration clockOffset{};
        std::uint32_t firstEnd = SimTcp::kNone;
    };
    struct Packet {
        NodeNumber from = 0;
        NodeNumber to = 0;
        Bytes bytes;
    };

    [[nodiscard]] Now nowWith(Duration offset) const;
    [[nodiscard]] const Conditions& between(NodeNumber from, NodeNumber to) const;
    bool chance(double probability);
    /// When something of this size that is sent now arrives; nothing: the queue is full.
    std::optional<Instant> arrival(NodeNumber from, const Conditions& conditions, std::size_t size, bool mayDrop);

    bool step(Instant until);
    void handle(const SimEvent& event);
    void wakeNode(NodeNumber node);
    void flush(NodeNumber node);
    void setWake(NodeNumber node);
    void sendDatagram(NodeNumber from, const Endpoint& remote, ByteView datagram);
    void deliverDatagram(std::uint32_t packet);

    std::uint32_t keepPacket(NodeNumber from, NodeNumber to, ByteView bytes);
    void dropPacket(std::uint32_t packet);

    Instant m_at = kBegin;
    std::vector<Node> m_nodes;
    AddressIndex m_udp;
    AddressIndex m_listening;
    std::map<NodeNumber, Conditions> m_own;
    TimingWheel<SimEvent> m_wheel;
    std::vector<Packet> m_packets;
    std::vector<std::uint32_t> m_freePackets;
    std::vector<std::function<void()>> m_scripts;
    std::vector<std::uint32_t> m_freeScripts;
    link::CarrierOutput m_output;
    SimTcp m_tcp;
    Statistics m_statistics;
    unsigned m_wakesWithoutTime = 0;
};

}  // namespace kith::test
