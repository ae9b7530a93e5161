// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "protocol/base/error.h"
#include "protocol/base/ids.h"
#include "protocol/base/instant.h"
#include "protocol/crypto/aead.h"
#include "protocol/crypto/suite.h"

namespace kith::link {

/// Names a link in the header of a sealed packet, chosen at random by the end that receives it.
using LinkId = Id<struct LinkIdTag, 8>;

/// What ends a packet by which its sender shows that it has lost the link with this id; see ResetKey.
using ResetToken = ByteArray<16>;
class ResetKey;

/// A way to the other end, numbered by the link itself; a number is not used again while the link lives.
using PathNumber = std::uint32_t;
/// The path on which the handshake ran.
inline constexpr PathNumber kFirstPath = 0;

/// Streams have fixed numbers below kStreamCount; each is reliable and ordered in itself.
using StreamNumber = std::uint8_t;
inline constexpr StreamNumber kStreamCount = 16;

/// A packet, together with the three bytes of its frame's header, fits an inner frame of 1,160 bytes.
inline constexpr std::size_t kMaxPacket = 1157;
/// Link id, generation, number, and the tag behind the body: nothing shorter is a packet.
inline constexpr std::size_t kMinPacket = 8 + 1 + 4 + 16;
/// What a link keeps for its streams, unsent and unacknowledged, before send() refuses.
inline constexpr std::size_t kMaxBacklog = 1024 * 1024;
inline constexpr std::size_t kMaxPaths = 8;
/// How many of its ids a link may have out at once.
inline constexpr std::size_t kMaxIds = 12;

enum class PathKind : std::uint8_t {
    Datagram,  ///< UDP: loses, reorders, has a congestion window of ours, a NAT to keep open (ping after 20 s)
    Relayed,   ///< a channel through a supernode: as Datagram
    Reliable  ///< TCP: everything arrives in order, or pathLost(); bounded by what setBacklog() tells (ping after 60 s)
};

struct PathOptions {
    PathKind kind = PathKind::Datagram;
    /// Packets of the link take the validated path with the smallest rank (oldest first among equals) …
    std::uint8_t rank = 0;
    /// … and media that with the smallest of these.
    std::uint8_t mediaRank = 0;
    /// A first guess of the round trip, such as what the relayed path measured; zero: none.
    Duration roundTrip{};
};

struct LinkOptions {
    crypto::Side side = crypto::Side::Client;
    LinkId ours;            ///< as we chose it in the handshake: stands in what we receive
    LinkId theirs;          ///< as they chose it
    PathOptions firstPath;  ///< counts as validated
    /// Bit n: stream n goes before those whose bit is not set.
    std::uint16_t urgentStreams = 0;
    /// How long a link without any path waits for a new one.
    Duration patience = std::chrono::seconds(10);
    /// Tells the other end what resets of ours look like; has to live as long as the link. Null: we make none.
    const ResetKey* resets = nullptr;
};

// What happens, in the order in which it happened.

/// The next bytes of a stream.
struct StreamReceived {
    StreamNumber stream;
    Bytes bytes;
};
/// Nothing is queued and everything that was sent on any stream has been acknowledged.
struct Drained {};
/// Packets with this id are for this link from now on; the first id (LinkOptions::ours) is not told.
struct IdAdded {
    LinkId id;
};
/// Not told for the ids that are left when the link has finished: see Link::ids().
struct IdRemoved {
    LinkId id;
};
/// The answer to a challenge came back; the path may be used. Not told for the first path.
struct PathValidated {
    PathNumber path;
};
/// The path that packets prefer now; the first one is not told.
struct PathPreferred {
    PathNumber path;
};
/// The number is gone. TimedOut: nothing came back. Refused: the other end dropped it. ConnectionLost: pathLost().
struct PathEnded {
    PathNumber path;
    Fault reason;
};
/// Nothing goes in or out any more but goodbyes; comes once. `byPeer`: it said goodbye, with this reason.
struct Closed {
    Fault reason;
    bool byPeer;
};
using LinkEvent =
    std::variant<StreamReceived, Drained, IdAdded, IdRemoved, PathValidated, PathPreferred, PathEnded, Closed>;

/// Where the packets of a link go. The link appends one packet between begin() and end(), nothing before what is there.
class PacketSink {
public:
    virtual ~PacketSink() = default;

    /// The buffer to append a packet to, the body of a frame of type link: the frame's header and a length in front are
    /// the sink's, as is what a forward frame needs.
    virtual Bytes& begin(PathNumber path) = 0;
    virtual void end() = 0;
};

/// One end of a link: sealed packets over one or several paths, reliable streams inside, their acknowledgement, loss
/// recovery and congestion control (RFC 9002), keys that move on, paths that come and go without losing or doubling a
/// byte. Made when the TLS handshake is done, which is why neither end sends or opens a sealed packet before.
///
/// A pure machine: bytes and time in, bytes and events out. What does not authenticate is dropped without a trace.
/// Everything that the other end can make it keep is bounded. After any call, call take(); call wake() at nextWake()
/// (earlier is harmless). Lives on the thread of its transport.
class Link {
public:
    /// Shared with other links: the cipher and the random source are used within calls only.
    struct Environment {
        crypto::AeadCipher& cipher;
        RandomSource& random;
    };
    /// What a packet that came in was worth.
    enum class Verdict : std::uint8_t {
        Dropped,  ///< not authentic, a copy, or malformed behind the seal (which closes the link)
        Accepted,
        NewPath  ///< authentic, and it came some way that the link did not know: see Arrival
    };
    struct Arrival {
        Verdict verdict;
        PathNumber path;  ///< meaningless if dropped
    };
    enum class Repeat : bool { No, Once };
    struct MediaSecret {
        std::uint8_t generation;
        ByteArray<32> secret;
    };

    /// Takes the secrets over: those of the caller are wiped.
    Link(Now now, const LinkOptions& options, crypto::LinkSecrets& secrets, Environment environment);
    ~Link();
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    // Verbs.

    /// Appends to a stream. False and nothing done: closed, no such stream, or over kMaxBacklog. Repeat::Once sends
    /// these bytes a second time 15 ms later unless they are acknowledged by then, for what must not wait for a loss.
    bool send(Now now, StreamNumber stream, ByteView bytes, Repeat repeat = Repeat::No);
    /// Another way to the other end: challenged, PathValidated or PathEnded follows. Nothing: no room (kMaxPaths, or
    /// the other end has given us no spare id yet; try again after the next event), or closed.
    std::optional<PathNumber> addPath(Now now, const PathOptions& options);
    /// We don't want this path any more; the other end is told. PathEnded does not follow.
    void dropPath(Now now, PathNumber path);
    /// Its carrier is gone (TCP closed, channel withdrawn). What was under way there travels elsewhere. PathEnded
    /// follows. Datagram paths that are left are asked at once whether they still work.
    void pathLost(Now now, PathNumber path);
    /// Something says that this path may have died (an ICMP error, a network change): asks it at once.
    void doubtPath(Now now, PathNumber path);
    /// A reliable path's bytes that its socket has not taken yet; nothing is added above 16 KiB.
    void setBacklog(Now now, PathNumber path, std::size_t bytes);
    /// Every UDP path's ping, once the NAT's time-out has been measured.
    void setKeepAlive(Now now, Duration datagramInterval);
    /// Says goodbye on every path. Closed follows at once; keep the link until isFinished(), it repeats the goodbye to
    /// whoever did not hear it.
    void close(Now now, Fault reason);

    // Doors.

    /// The body of a link frame that came on this path.
    Arrival receive(Now now, PathNumber path, ByteView packet);
    /// One that came some way the link does not know, found by its id. If it is authentic, a path of this kind begins
    /// as with addPath() and the verdict is NewPath: remember where packets for its number go. If there is no room for
    /// one, it counts as dropped.
    Arrival receiveElsewhere(Now now, const PathOptions& options, ByteView packet);
    /// A packet for no link that is known came on this path: true and closed (ConnectionLost) if it is a reset of this
    /// one.
    bool receiveReset(Now now, PathNumber path, ByteView packet);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;
    /// Writes the packets that may go now and appends what happened.
    void take(Now now, PacketSink& packets, std::vector<LinkEvent>& events);

    // Questions.

    /// Closed, and nobody needs to hear it again: throw the link away and forget ids().
    [[nodiscard]] bool isFinished() const;
    [[nodiscard]] bool isClosed() const;
    /// All ids that stand for this link.
    [[nodiscard]] std::vector<LinkId> ids() const;
    /// Media that comes on such a path belongs to this link.
    [[nodiscard]] bool isValidated(PathNumber path) const;
    /// Where packets and media go now; nothing: no path works at the moment.
    [[nodiscard]] std::optional<PathNumber> preferredPath() const;
    [[nodiscard]] std::optional<PathNumber> mediaPath() const;
    /// Smoothed, of the preferred path; nothing before the first measurement.
    [[nodiscard]] std::optional<Duration> roundTrip() const;
    [[nodiscard]] std::optional<Duration> roundTrip(PathNumber path) const;
    /// Bytes of all streams that are not yet acknowledged.
    [[nodiscard]] std::size_t backlog() const;
    /// Of the generation in which packets are sent now; of the one named, if it is this or the one before.
    [[nodiscard]] MediaSecret mediaSecret() const;
    [[nodiscard]] std::optional<MediaSecret> mediaSecret(std::uint8_t generation) const;

    struct Statistics {
        std::uint64_t packetsSent = 0;
        std::uint64_t packetsReceived = 0;
        std::uint64_t packetsLost = 0;     ///< as loss detection declared them
        std::uint64_t packetsDropped = 0;  ///< came in and did not authenticate, or were copies
        std::uint64_t bytesSent = 0;
        std::uint64_t bytesReceived = 0;
    };
    [[nodiscard]] const Statistics& statistics() const;

private:
    class State;
    std::unique_ptr<State> m_state;
};

/// The id that a packet starts with, to find its link by; nothing: too short or too long to be a packet.
std::optional<LinkId> linkIdOf(ByteView packet);

}  // namespace kith::link
