// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "protocol/base/ids.h"
#include "protocol/base/instant.h"
#include "protocol/base/log.h"
#include "protocol/crypto/secret.h"
#include "protocol/crypto/suite.h"
#include "protocol/link/carrier.h"
#include "protocol/session/event.h"
#include "protocol/session/path.h"

namespace kith::wire {
class Obfuscation;
}

namespace kith::session {

/// One program's end of the network: probes, nacks, handshakes and links over UDP, TCP and relayed channels. A pure
/// machine: bytes and time in, bytes and events out. Bounded: half-open handshakes, probes, links, queues.
///
/// Lives on the network thread. After any call, call take(); call wake() at nextWake() (earlier is harmless).
class Transport {
public:
    struct Options {
        crypto::Trust trust;
        std::vector<Role> serves;  ///< roles in which links are accepted from strangers' addresses
        std::size_t maxLinks = 4096;
        std::size_t maxHalfOpen = 256;
        /// What outlives the program, for nobody else: with it, whoever had a link with a program that was killed is
        /// told so. None: nobody is told.
        std::optional<crypto::Secret<32>> resetKey{};
    };
    struct Environment {
        crypto::Suite& suite;
        wire::Obfuscation& obfuscation;
        RandomSource& random;
        LogSink& log;
    };

    Transport(Options options, Environment environment);
    ~Transport();
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;

    /// What we show in this role, on either side, from now on; null: nothing (no link is accepted in it then).
    void setCredentials(Role role, std::shared_ptr<const crypto::Credentials> credentials);

    /// Where probes are sent when no more links are taken (at most four).
    void setAlternatives(std::vector<Endpoint> instead);

    /// Sends command 27; resent with back-off until answered or cancelled. The caller decides how long to wait.
    ProbeNumber probe(Now now, const Endpoint& remote);
    void cancelProbe(ProbeNumber probe);

    /// Opens a TCP connection and exchanges the init packets; TcpReady or TcpFailed follows. Several links may share
    /// it. TcpFailed also when it ends later; one that no link has used for a minute is closed (TimedOut).
    link::TcpNumber openTcp(Now now, const Endpoint& remote);
    /// What is written goes out first. Its links lose a path.
    void closeTcp(link::TcpNumber connection);

    /// Starts a link as the TLS client; LinkOpened or LinkClosed follows. UDP shows the token of an accepted probe to
    /// `remote`; without a fresh one it probes first, untold. LinkOpened comes before the other end has judged our
    /// certificate: what it does not accept, it closes soon after. `secret` (a channel's only): the attempt's secret,
    /// of the rendezvous; proves to the other end that we are who it expects.
    LinkNumber connect(Now now, Role role, const Path& path, const std::optional<PeerSecret>& secret = {});
    /// Lets the other end of this channel open a peer link to us, for 30 s or until one handshake is complete. With a
    /// secret, nothing else is answered than what proves it. At most 64 at a time: the oldest gives way.
    void expectPeer(Now now, const ChannelPath& channel, const std::optional<PeerSecret>& secret = {});
    /// Another way for a link that is open: challenged, and used as soon as the answer came back. PathFailed if that
    /// doesn't happen.
    void addPath(Now now, LinkNumber link, const Path& path);
    void dropPath(Now now, LinkNumber link, const Path& path);
    /// Queues a command; false if the link is gone or its queue is full (1 MiB).
    bool send(Now now, LinkNumber link, Stream stream, ByteView command);
    /// Sends one protected media packet at once; a TCP carrier that is backed up keeps it for at most 60 ms.
    void sendMedia(Now now, LinkNumber link, ByteView packet);
    /// Sends a forward frame over the carrier of `link` that media takes; for the relay. As with media,
    /// what is too old or too much for a TCP carrier is dropped.
    void sendForward(Now now, LinkNumber link, const ChannelId& channel, ByteView innerFrame);
    /// Says goodbye to the other end with this reason; LinkClosed follows. Before LinkOpened: gives up.
    void close(Now now, LinkNumber link, Fault reason);

    [[nodiscard]] std::size_t linkCount() const;
    [[nodiscard]] std::optional<Duration> roundTrip(LinkNumber link) const;
    /// Bytes queued and not yet acknowledged, all streams.
    [[nodiscard]] std::size_t backlog(LinkNumber link) const;
    /// Key material for SRTP of this link's current generation, and of one that the other end named; for the call.
    struct MediaSecret {
        std::uint8_t generation;
        ByteArray<32> secret;
    };
    [[nodiscard]] std::optional<MediaSecret> mediaSecret(LinkNumber link) const;
    [[nodiscard]] std::optional<MediaSecret> mediaSecret(LinkNumber link, std::uint8_t generation) const;

    /// What came in and was of no use: for the operator's statistics.
    struct Counters {
        std::uint64_t malformed = 0;          ///< no frame, or no command in it
        std::uint64_t unreadable = 0;         ///< for another address, or damaged
        std::uint64_t nacksSent = 0;          ///< because of these
        std::uint64_t nacksHeldBack = 0;      ///< over the limit
        std::uint64_t nacksIgnored = 0;       ///< for nothing that we sent
        std::uint64_t resendsRefused = 0;     ///< without a value of ours
        std::uint64_t handshakesRefused = 0;  ///< no token, no room, not expected, or copies
        std::uint64_t packetsUnknown = 0;     ///< for no link of ours
        std::uint64_t resetsSent = 0;         ///< because of these
        std::uint64_t framesHomeless = 0;     ///< media and forward frames on no link's validated path
    };
    [[nodiscard]] Counters counters() const;

    // Doors.
    void receiveDatagram(Now now, const Endpoint& remote, ByteView datagram);
    void receive(Now now, const link::TcpConnected& event);
    void receive(Now now, const link::TcpAccepted& event);
    void receive(Now now, const link::TcpClosed& event);
    void receiveTcp(Now now, link::TcpNumber connection, ByteView bytes);
    /// How much of what was written to a connection the socket has not taken yet. To be told after writing whenever it
    /// has changed, down to 0: what is written is held to count until then, and nothing is added above 50 ms' worth.
    void tcpBacklog(Now now, link::TcpNumber connection, std::size_t bytes);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;
    /// Appends what is to be sent and what happened.
    void take(link::CarrierOutput& carrier, std::vector<Event>& events);

private:
    class State;
    std::unique_ptr<State> m_state;
};

}  // namespace kith::session
