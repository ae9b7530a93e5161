// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <vector>

#include "protocol/link/link.h"
#include "protocol/link/linkids.h"
#include "protocol/link/packetdraft.h"
#include "protocol/link/packetprotection.h"
#include "protocol/link/path.h"
#include "protocol/link/receivednumbers.h"
#include "protocol/link/resets.h"
#include "protocol/link/streamset.h"

namespace kith::link {

/// What a Link is made of: the machines of this folder, and what passes between them. In four files by direction:
/// link.cpp (verbs and questions), linkreceive.cpp, linksend.cpp, linkpaths.cpp.
class Link::State final : private FrameOwner {
public:
    State(Instant now, const LinkOptions& options, crypto::LinkSecrets& secrets, Environment environment);

    // link.cpp
    bool send(StreamNumber stream, ByteView bytes, Repeat repeat);
    void close(Instant now, Fault reason, bool byPeer);
    void wake(Instant now);
    [[nodiscard]] Instant nextWake(Instant now) const;

    // linkreceive.cpp
    Arrival receive(Instant now, PathNumber path, ByteView packet);
    Arrival receiveElsewhere(Instant now, const PathOptions& options, ByteView packet);
    bool receiveReset(Instant now, PathNumber path, ByteView packet);

    // linksend.cpp
    void take(Instant now, PacketSink& packets, std::vector<LinkEvent>& events);

    // linkpaths.cpp
    Path* findPath(PathNumber number);
    [[nodiscard]] const Path* findPath(PathNumber number) const;
    Path* addPath(Instant now, const PathOptions& options);
    enum class Tell : bool { No, Yes };
    void endPath(Instant now, PathNumber number, Fault reason, Tell tell);
    void doubtPath(Instant now, Path& path);
    void askPaths();
    [[nodiscard]] const Path* preferredPath() const;
    [[nodiscard]] const Path* mediaPath() const;

    PacketProtection protection;
    StreamSet streams;
    OurIds ours;
    Statistics statistics;
    Duration datagramKeepAlive;
    Instant now;
    bool isClosed = false;
    bool isFinished = false;

private:
    struct Goodbye {
        Fault reason;
        Instant until;
        std::uint32_t heard = 0;  ///< packets that came since
        std::uint32_t answerAt = 1;
        bool isDue = true;
    };

    // linkreceive.cpp
    struct Opening;
    bool open(Instant now, ByteView packet, Opening& opening);
    /// A packet with this id was still under way when we ended its path: it must not begin a new one.
    [[nodiscard]] bool isOfEndedPath(std::uint32_t oursSequence) const;
    void accept(Instant now, const Opening& opening, Path& path);
    enum class Outcome { Good, TryAgain, Broken };
    Outcome process(Instant now, ByteView body, std::uint64_t packet, PathNumber path);
    Outcome on(Instant now, const Frame& frame, Path& path);
    Outcome onStream(const StreamFrame& frame);
    bool onAck(Instant now, const AckFrame& ack, Path& path);
    void onPathAnswered(Path& path);
    void onResponse(Instant now, const ByteArray<8>& data, Path& path);
    bool onNewId(const NewIdFrame& frame);
    bool onRetiredId(Instant now, std::uint64_t sequence);
    void onResetToken(const ResetTokenFrame& frame);
    void planAck(Instant now, std::uint64_t packet, bool atOnce, PathNumber path);
    void onAcked(const SentFrame& frame) override;
    void onLost(const SentFrame& frame) override;
    void hearDuringGoodbye();

    // linksend.cpp
    template <class Fill>
    void writePacket(Instant now, Path& path, PacketSink& packets, Fill fill);
    void writeGoodbye(Instant now, PacketSink& packets);
    void writeChallenges(Instant now, PacketSink& packets);
    void writeKeepAlives(Instant now, PacketSink& packets);
    void writeProbes(Instant now, PacketSink& packets);
    void writeData(Instant now, PacketSink& packets);
    void writeAck(Instant now, PacketSink& packets);
    void fillAck(Instant now, const Path& path, PacketDraft& draft);
    void fillIds(PacketDraft& draft);
    [[nodiscard]] bool hasSomethingToSend() const;
    [[nodiscard]] const Path* ackPath() const;

    // linkpaths.cpp
    void watchPaths(Instant now);
    void watchPath(Instant now, Path& path);
    void reviewSuspects(Instant now);
    void suspect(Instant now, Path& path);
    void updatePreferred();
    void topUpIds();
    [[nodiscard]] bool hasOther(const Path& path) const;
    [[nodiscard]] Duration keepAlive(const Path& path) const;

    Environment m_environment;
    const ResetKey* m_resets;
    std::vector<Path> m_paths;  ///< ascending numbers
    TheirIds m_theirs;
    TheirResets m_theirResets;
    ReceivedNumbers m_received;
    std::vector<LinkEvent> m_events;
    std::vector<std::uint32_t> m_retiredToTell;
    std::unique_ptr<Goodbye> m_goodbye;
    std::uint64_t m_nextNumber = 0;
    Duration m_patience;
    Instant m_pathlessSince = kNever;
    std::uint64_t m_askedNumber = 0;
    Instant m_askedAt{};
    Instant m_ackAt = kNever;
    PathNumber m_ackPath = kFirstPath;
    PathNumber m_preferred = kFirstPath;
    PathNumber m_nextPath = kFirstPath + 1;
    std::uint8_t m_unacked = 0;  ///< packets that ask for an acknowledgement and have none
    crypto::Side m_side;
    Fault m_lastFault = Fault::ConnectionLost;
    bool m_isBusy = false;  ///< Drained is to be told
};

}  // namespace kith::link
