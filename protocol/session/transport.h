// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "protocol/base/ids.h"
#include "protocol/base/instant.h"
#include "protocol/base/log.h"
#include "protocol/crypto/suite.h"
#include "protocol/link/carrier.h"

namespace kith::wire {
class Obfuscation;
}

namespace kith::session {

/// Which service a link is for: fixes the ALPN and which certificate each side shows.
///   Login  server: LoginServer   client: none, or Person to renew
///   Node   server: Supernode     client: Access, or none (then only a channel to a login server is granted)
///   Peer   both: Person
enum class Role : std::uint8_t { Login, Node, Peer };

/// A link of this transport; never reused within a run, never 0.
using LinkNumber = std::uint32_t;
using ProbeNumber = std::uint32_t;

/// Streams have fixed numbers: one a family of commands, so that a long chat never holds up a call. Each is reliable
/// and ordered in itself.
enum class Stream : std::uint8_t { Overlay, Directory, Presence, Login, Contacts, Chat, Call };

/// Ways to another computer.
struct UdpPath {
    Endpoint remote;
    friend bool operator==(const UdpPath&, const UdpPath&) = default;
};
struct TcpPath {
    link::TcpNumber connection;
    friend bool operator==(const TcpPath&, const TcpPath&) = default;
};
/// Relayed: frames travel inside `forward` frames over the carriers of the link to our supernode.
struct ChannelPath {
    LinkNumber via;
    ChannelId channel;
    friend bool operator==(const ChannelPath&, const ChannelPath&) = default;
};
using Path = std::variant<UdpPath, TcpPath, ChannelPath>;

// What happens. The order of events is the order in which it happened.

/// The other end accepts links on UDP (command 28): `token` was kept and will be shown in connect().
struct ProbeAccepted {
    ProbeNumber probe;
    Endpoint remote;
    Duration roundTrip;
};
/// Command 29. Redirected if `instead` is not empty.
struct ProbeRefused {
    ProbeNumber probe;
    Endpoint remote;
    std::vector<Endpoint> instead;
};
/// A node told us (nack) how our UDP socket looks from outside.
struct AddressLearned {
    Endpoint ours;
    Endpoint toldBy;
};
struct LinkOpened {
    LinkNumber link;
    Role role;
    bool incoming;
    crypto::PeerIdentity peer;
    crypto::CertificateChain peerChain;
    Path path;
};
/// One whole command (wire/command.h); the view is valid until the next call.
struct CommandReceived {
    LinkNumber link;
    Stream stream;
    Bytes command;
};
/// A protected RTP or RTCP packet that came on a validated path of this link.
struct MediaReceived {
    LinkNumber link;
    Bytes packet;
};
/// Everything that was sent on the stream up to here has been acknowledged by the other end's transport.
struct LinkDrained {
    LinkNumber link;
};
/// The path that packets prefer now; for statistics and for "signalling runs over TCP".
struct PathChanged {
    LinkNumber link;
    Path path;
};
struct PathFailed {
    LinkNumber link;
    Path path;
    Fault reason;
};
/// No more events for this link. `Refused` with the other end's reason, TimedOut, CertificateInvalid …; `byPeer`: it
/// said goodbye.
struct LinkClosed {
    LinkNumber link;
    Fault reason;
    bool byPeer;
};
/// A TCP connection of openTcp() is up and its init packets are exchanged; now a link can be opened on it.
struct TcpReady {
    link::TcpNumber connection;
};
struct TcpFailed {
    link::TcpNumber connection;
    Fault reason;
};
/// A `forward` frame on a carrier of one of our links whose channel is none of our own: for the relay of a supernode.
struct ForwardReceived {
    LinkNumber link;
    ChannelId channel;
    Bytes innerFrame;
};

using Event = std::variant<ProbeAccepted, ProbeRefused, AddressLearned, LinkOpened, CommandReceived, MediaReceived,
                           LinkDrained, PathChanged, PathFailed, LinkClosed, TcpReady, TcpFailed, ForwardReceived>;

/// One program's end of the network: probes, nacks, handshakes and links over UDP, TCP and relayed channels. A pure
/// machine: bytes and time in, bytes and events out. Bounded: half-open handshakes, probes, links, queues.
///
/// Lives on the network thread. After any call, call take(); call wake() at nextWake() (earlier is harmless).
class Transport {
public:
    struct Options {
        crypto::Trust trust;
        std::vector<Role> serves;             ///< roles in which links are accepted from strangers' addresses
        std::size_t maxLinks = 4096;
        std::size_t maxHalfOpen = 256;
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

    /// What we show in this role, on either side, from now on; null: nothing.
    void setCredentials(Role role, std::shared_ptr<const crypto::Credentials> credentials);

    /// Sends command 27; resent with back-off until answered or cancelled. The caller decides how long to wait.
    ProbeNumber probe(Now now, const Endpoint& remote);
    void cancelProbe(ProbeNumber probe);

    /// Opens a TCP connection and exchanges the init packets; TcpReady or TcpFailed follows.
    link::TcpNumber openTcp(Now now, const Endpoint& remote);
    void closeTcp(link::TcpNumber connection);

    /// Starts a link as the TLS client. UDP needs an accepted probe to `remote` before (its token is shown).
    LinkNumber connect(Now now, Role role, const Path& path);
    /// Lets the other end of this channel open a peer link to us, for 30 s or until one handshake is complete.
    void expectPeer(Now now, const ChannelPath& channel);
    /// Another way for a link that is open: challenged, and used as soon as the answer came back.
    void addPath(Now now, LinkNumber link, const Path& path);
    void dropPath(Now now, LinkNumber link, const Path& path);
    /// Queues a command; false if the link is gone or its queue is full (1 MiB).
    bool send(Now now, LinkNumber link, Stream stream, ByteView command);
    /// Sends one protected media packet at once, or drops it if the carrier is backed up. Never queued.
    void sendMedia(Now now, LinkNumber link, ByteView packet);
    /// Sends a forward frame over the carrier of `link` that media takes; for the relay. Dropped if backed up.
    void sendForward(Now now, LinkNumber link, const ChannelId& channel, ByteView innerFrame);
    /// Says goodbye to the other end with this reason; LinkClosed follows.
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

    // Doors.
    void receiveDatagram(Now now, const Endpoint& remote, ByteView datagram);
    void receive(Now now, const link::TcpConnected& event);
    void receive(Now now, const link::TcpAccepted& event);
    void receive(Now now, const link::TcpClosed& event);
    void receiveTcp(Now now, link::TcpNumber connection, ByteView bytes);
    /// How much of what was written to a connection the socket has not taken yet.
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
