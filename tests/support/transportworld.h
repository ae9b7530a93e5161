// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "protocol/crypto/modernsuite.h"
#include "protocol/session/transport.h"
#include "protocol/wire/obfuscation.h"
#include "tests/support/authority.h"
#include "tests/support/nulllog.h"
#include "tests/support/seededrandom.h"

/// Transports on an in-memory internet in virtual time.
namespace kith::test {

/// One transport with an address, and everything that it said happened.
class TransportNode {
public:
    TransportNode(const Endpoint& address, session::Transport::Options options, std::uint64_t seed);

    template <class E>
    [[nodiscard]] std::vector<E> all() const {
        std::vector<E> out;
        for (const auto& event : events)
            if (const auto* one = std::get_if<E>(&event)) out.push_back(*one);
        return out;
    }
    template <class E>
    [[nodiscard]] std::optional<E> last() const {
        const auto found = all<E>();
        return found.empty() ? std::nullopt : std::optional(found.back());
    }
    template <class E>
    [[nodiscard]] std::size_t count() const {
        return all<E>().size();
    }
    /// The commands that came on this link and stream, as text.
    [[nodiscard]] std::vector<std::string> texts(session::LinkNumber link, session::Stream stream) const;

    crypto::ModernSuite suite;
    wire::SeedObfuscation obfuscation;
    SeededRandom random;
    NullLog log;
    Endpoint address;  ///< as all others see it
    session::Transport transport;
    std::vector<session::Event> events;
    /// Looks at each event; may call verbs.
    std::function<void(const session::Event&)> onEvent;
    std::size_t bytesSent = 0;  ///< on the wire: with IP and UDP or TCP headers
    std::size_t datagramsSent = 0;
    std::size_t wakes = 0;
};

/// Carries datagrams and TCP between transports.
class TransportWorld {
public:
    explicit TransportWorld(std::uint64_t seed = 1);

    // The network, to be changed at any time.
    Duration delay = std::chrono::milliseconds(20);
    Duration jitter{};             ///< up to so much more for each datagram, which reorders
    double loss = 0;               ///< of datagrams
    double duplication = 0;        ///< of datagrams
    double tcpBytesPerSecond = 0;  ///< of each connection and direction; 0: no limit
    bool isUdpBlocked = false;
    std::optional<Endpoint> refusesTcp;  ///< takes no new connections
    /// Looks at each datagram that is sent; false: it is lost.
    std::function<bool(const Endpoint& from, const Endpoint& to, ByteView datagram)> filter;

    TransportNode& add(std::string_view address, session::Transport::Options options);
    /// A server of the authority's network, in these roles, with its certificates.
    TransportNode& addServer(std::string_view address, std::vector<session::Role> serves);
    TransportNode& addClient(std::string_view address);
    /// A server that was killed and started again at the same address; the old one hears and says nothing any more.
    TransportNode& replace(TransportNode& server, std::vector<session::Role> serves);
    [[nodiscard]] session::Transport::Options options(std::vector<session::Role> serves = {}) const;

    [[nodiscard]] Now now() const { return {Instant{} + m_elapsed, UnixMillis{Authority::kNow} + wall()}; }
    /// After every verb on a transport.
    void settle();
    void run(Duration span);
    /// False if it doesn't hold within `most`.
    bool runUntil(const std::function<bool()>& condition, Duration most = std::chrono::seconds(30));
    void after(Duration wait, std::function<void()> what);

    /// A datagram out of nowhere.
    void inject(const Endpoint& from, const Endpoint& to, ByteView datagram);
    /// All TCP connections of a node break, as when a cable is pulled: both ends are told.
    void breakTcp(TransportNode& node);
    /// An accepted or own connection that speaks what a test wants: number at the node, raw bytes.
    link::TcpNumber acceptRaw(TransportNode& node);
    [[nodiscard]] const Bytes& rawOutput(TransportNode& node, link::TcpNumber connection) const;

    Authority authority;
    SeededRandom random;

private:
    struct TcpEnd {
        TransportNode* node = nullptr;
        link::TcpNumber number = 0;
        std::size_t unsent = 0;
        Instant freeAt{};
    };
    struct TcpPair {
        std::array<TcpEnd, 2> ends;
        bool isUp = false;
        Bytes raw;  ///< what a raw connection was sent
    };
    using Place = std::pair<const TransportNode*, link::TcpNumber>;

    [[nodiscard]] std::chrono::milliseconds wall() const {
        return std::chrono::duration_cast<std::chrono::milliseconds>(m_elapsed);
    }
    TransportNode* find(const Endpoint& address);
    bool drain(TransportNode& node);
    void carryOut(TransportNode& node, link::CarrierOutput& output);
    void sendDatagram(TransportNode& from, const Endpoint& to, ByteView datagram);
    void connectTcp(TransportNode& node, const link::TcpConnect& connect);
    void writeTcp(TransportNode& node, link::TcpWrite& write);
    void closeTcp(TransportNode& node, const link::TcpClose& close);
    void tell(const TcpEnd& end, const link::TcpClosed& closed, Duration wait);
    bool step(Instant until);
    double chance() { return static_cast<double>(random.below(1'000'000)) / 1e6; }

    Duration m_elapsed = std::chrono::hours(1);
    std::vector<std::unique_ptr<TransportNode>> m_nodes;
    std::multimap<Instant, std::function<void()>> m_events;
    std::map<Place, std::shared_ptr<TcpPair>> m_tcp;
    link::TcpNumber m_lastAccepted = 1;
};

/// A command with a text in it, to be sent and read again.
Bytes textCommand(std::string_view text);

}  // namespace kith::test
