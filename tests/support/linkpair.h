// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "protocol/link/link.h"
#include "tests/support/seededrandom.h"

namespace kith::test {

/// One direction of a way between two ends. May be shared by several pairs: then it is their bottleneck.
struct Wire {
    Duration delay = std::chrono::milliseconds(20);
    Duration jitter{};          ///< up to so much more, which reorders
    double loss = 0;            ///< of 1
    double duplication = 0;     ///< of 1
    double bytesPerSecond = 0;  ///< 0: no limit
    std::size_t queueBytes = 64 * 1024;
    bool isCut = false;      ///< nothing arrives, not even what is under way
    bool isOrdered = false;  ///< as TCP: late rather than lost or reordered

    /// When the copies of a packet arrive that is sent now; none: lost.
    std::vector<Instant> carry(Instant now, std::size_t bytes, SeededRandom& random);

    std::size_t carried = 0;  ///< packets
    std::size_t dropped = 0;  ///< packets lost or that found the queue full

private:
    Instant m_freeAt{};
    Instant m_lastArrival{};
};

/// A way there and back.
struct Way {
    link::PathOptions options;
    std::shared_ptr<Wire> toServer = std::make_shared<Wire>();
    std::shared_ptr<Wire> toClient = std::make_shared<Wire>();

    std::optional<link::PathOptions> atServer{};  ///< if the ends see it differently

    [[nodiscard]] const link::PathOptions& optionsAt(bool server) const {
        return server && atServer ? *atServer : options;
    }
    static Way with(const Wire& both, link::PathOptions options = {});
};

/// Two links that talk over simulated ways in virtual time. A packet whose way the receiving end does not know is given
/// to it with receiveElsewhere(), as a transport does.
class LinkPair {
public:
    enum Side { Client, Server };
    struct End {
        std::unique_ptr<link::Link> link;
        std::map<link::StreamNumber, Bytes> received;
        std::vector<link::LinkEvent> events;  ///< all but bytes of streams
        std::map<link::PathNumber, std::size_t> wayOf;
        std::vector<std::size_t> packetSizes;
        std::map<std::size_t, std::set<link::LinkId>> idsSentOn;  ///< by way

        template <class T>
        [[nodiscard]] std::vector<T> all() const {
            std::vector<T> found;
            for (const auto& event : events)
                if (const auto* one = std::get_if<T>(&event)) found.push_back(*one);
            return found;
        }
    };

    explicit LinkPair(const Way& first = {}, std::uint64_t seed = 1, std::uint16_t urgentStreams = 0);

    link::Link& client() { return *m_ends[Client].link; }
    link::Link& server() { return *m_ends[Server].link; }
    End& end(Side side) { return m_ends[side]; }
    Way& way(std::size_t number) { return m_ways[number]; }
    std::size_t addWay(const Way& way);
    /// The end opens a path over this way.
    std::optional<link::PathNumber> openPath(Side side, std::size_t way);
    /// Packets that arrive on way `from` from now on seem to come over way `to`: a NAT has forgotten a binding.
    void rebind(Side receiver, std::size_t from, std::size_t to);

    bool send(Side side, link::StreamNumber stream, ByteView bytes, link::Link::Repeat repeat = link::Link::Repeat::No);
    /// Lets both ends say what they have to say now.
    void flush();
    /// Goes on to the next thing that happens; false: nothing will ever happen.
    bool step();
    [[nodiscard]] Instant nextEvent() const;
    void run(Duration span);
    /// Until nothing is on its way and nobody waits for an acknowledgement, at most so long.
    bool drive(Duration atMost = std::chrono::seconds(60));

    /// What both ends' keys come from.
    static crypto::LinkSecrets secrets();

    [[nodiscard]] Now now() const { return {m_now, {}}; }
    /// Keeps packets instead of delivering them; for tests that alter them.
    std::vector<Bytes> capture(Side from);

private:
    struct Delivery {
        Side to;
        std::size_t way;
        Bytes packet;
    };
    class Sink;

    void makeEnd(Side side, const Way& way, const link::LinkId& ours, const link::LinkId& theirs, std::uint16_t urgent);
    void take(Side side);
    void deliver(const Delivery& delivery);
    void transmit(Side from, link::PathNumber path, Bytes packet);

    Instant m_now{std::chrono::hours(1)};
    SeededRandom m_random;
    std::vector<Way> m_ways;
    std::array<End, 2> m_ends;
    std::map<std::pair<Side, std::size_t>, std::size_t> m_rebound;
    std::multimap<Instant, Delivery> m_flying;
    std::vector<Bytes>* m_captured = nullptr;
};

/// Bytes that tell where in the stream they belong.
Bytes pattern(std::size_t size, std::uint64_t seed = 1);

}  // namespace kith::test
