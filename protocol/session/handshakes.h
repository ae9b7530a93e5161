// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <array>
#include <map>
#include <optional>
#include <variant>
#include <vector>

#include "protocol/base/random.h"
#include "protocol/session/expectations.h"
#include "protocol/session/handshakeexchange.h"
#include "protocol/session/recentids.h"
#include "protocol/session/roles.h"

namespace kith::session {

/// What is shown in each role; null: nothing.
using CredentialSet = std::array<std::shared_ptr<const crypto::Credentials>, kRoles>;

/// All handshakes of a transport: begins ours, lets in those of others who may, tells what came of them. Bounded: so
/// many half-open ones, a quarter of them from one address; ids of handshakes that are over are remembered for as long
/// as an address token lives, so that a copy of an old datagram opens nothing.
class Handshakes {
public:
    struct Options {
        crypto::Trust trust;
        std::vector<Role> serves;
        std::size_t maxHalfOpen = 256;
    };
    /// `number` is 0 for one that the other end began.
    struct Opened {
        LinkNumber number;
        Role role;
        bool incoming;
        Path path;
        link::LinkId ours;
        link::LinkId theirs;
        Duration roundTrip;  ///< as guessed
        HandshakeExchange::Outcome outcome;
    };
    /// One of ours came to nothing.
    struct Failed {
        LinkNumber number;
        Path path;
        Fault reason;
    };
    /// It was told as opened, and the other end has not accepted it, or both ends go on with another one.
    struct Revoked {
        link::LinkId ours;
        Fault reason;
    };
    using Event = std::variant<Opened, Failed, Revoked>;
    /// One command, for a frame of its own.
    struct Outgoing {
        Path path;
        Bytes command;
    };
    struct Connect {
        LinkNumber number;
        Role role;
        Path path;
        std::optional<Bytes> token;
        std::optional<PeerSecret> secret;
        Duration roundTrip{};
    };
    /// What the transport knows about somebody who sends a first part.
    struct Newcomer {
        bool isAddressProven;  ///< token, TCP connection; of no meaning on a channel
        bool isRoom;           ///< for one more link
        std::optional<IpAddress> address;
    };

    Handshakes(Options options, crypto::Suite& suite, RandomSource& random, const CredentialSet& credentials);

    void connect(Now now, Connect connect);
    void giveUp(Now now, LinkNumber number);
    void expect(Now now, const ChannelPath& channel, const std::optional<PeerSecret>& secret);
    /// A packet of the link was authentic: the other end is done.
    void confirm(Now now, const link::LinkId& ours);

    // Doors.
    void receive(Now now, const Path& path, wire::HandshakePart part, const Newcomer& newcomer);
    void pathLost(Now now, const Path& path, Fault reason);
    void viaLost(Now now, LinkNumber link, Fault reason);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;
    void take(std::vector<Outgoing>& out, std::vector<Event>& events);

    /// Whether something on this path is under way or expected: then what comes there may be for us.
    [[nodiscard]] bool isConcernedWith(Now now, const Path& path) const;
    [[nodiscard]] bool isConnecting(LinkNumber number) const;
    /// Whether this id of ours is that of a handshake which isn't over.
    [[nodiscard]] bool isRunning(const link::LinkId& ours) const { return m_entries.contains(ours); }
    [[nodiscard]] std::size_t halfOpen() const { return m_halfOpen; }
    [[nodiscard]] std::uint64_t refused() const { return m_refused; }

private:
    struct Entry {
        HandshakeExchange exchange;
        Path path;
        LinkNumber number;
        std::optional<IpAddress> address;
        bool wasOpened = false;
        bool isCounted = false;  ///< is not half-open any more
    };
    using Entries = std::map<link::LinkId, Entry>;

    Entries::iterator find(const Path& path, const wire::HandshakePart& part);
    Entries::iterator admit(Now now, const Path& path, const wire::HandshakePart& part, const Newcomer& newcomer);
    [[nodiscard]] bool mayEnter(Now now, const Path& path, Role role, const Newcomer& newcomer);
    [[nodiscard]] Entries::const_iterator ownOn(const Path& path) const;
    [[nodiscard]] std::optional<crypto::Secret<16>> secretFor(Now now, const Path& path) const;
    Entries::iterator add(Now now, HandshakeExchange::Options options, const Path& path, LinkNumber number,
                          std::optional<IpAddress> address);
    /// Takes from the exchange what it has, and the entry out of the table if it is over.
    void settle(Now now, Entries::iterator entry);
    /// False: the entry is gone, see prevails().
    bool opened(Now now, Entries::iterator entry);
    /// False: another handshake of the same two goes on instead of this one.
    bool prevails(Now now, Entries::iterator entry, const crypto::PeerIdentity& peer);
    void failed(const link::LinkId& ours, const Entry& entry, Fault reason);
    void erase(Now now, Entries::iterator entry);
    template <class Predicate>
    void failIf(Now now, Predicate which, Fault reason);
    [[nodiscard]] bool isHalfOpen(const Entry& entry) const;

    Options m_options;
    crypto::Suite& m_suite;
    RandomSource& m_random;
    const CredentialSet& m_credentials;
    Expectations m_expectations;
    Entries m_entries;
    std::map<link::LinkId, link::LinkId> m_byTheirs;  ///< of those that others began
    RecentIds m_recent;
    std::size_t m_halfOpen = 0;
    std::uint64_t m_refused = 0;
    std::vector<Outgoing> m_out;
    std::vector<Event> m_events;
};

}  // namespace kith::session
