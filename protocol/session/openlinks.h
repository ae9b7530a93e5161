// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "protocol/link/link.h"
#include "protocol/session/commandcutter.h"
#include "protocol/session/event.h"
#include "protocol/session/frameout.h"
#include "protocol/session/pathindex.h"
#include "protocol/session/wakeheap.h"

namespace kith::session {

/// The links whose handshake is done: finds the one that a packet, a media frame or a forward frame is for, knows which
/// path of a link is which way to another computer, and passes on what links say. Closed ones stay until they have
/// answered latecomers.
class OpenLinks : public ChannelCarriers {
public:
    /// How long addPath() waits for the other end to have an id to spare.
    static constexpr Duration kPathPatience = std::chrono::seconds(10);

    /// `resets`: see LinkOptions.
    OpenLinks(RandomSource& random, TcpCarriers& tcp, FrameOut& frames, const link::ResetKey* resets);
    ~OpenLinks() override;

    struct Start {
        LinkNumber number;
        Role role;
        crypto::Side side;
        Path path;
        link::LinkId ours;
        link::LinkId theirs;
        Duration roundTrip;
    };
    void open(Now now, const Start& start, crypto::LinkSecrets& secrets);
    void addPath(Now now, LinkNumber link, const Path& path);
    void dropPath(Now now, LinkNumber link, const Path& path);
    void pathLost(Now now, const Path& path);
    /// All channels over this link.
    void viaLost(Now now, LinkNumber link);
    bool send(Now now, LinkNumber link, Stream stream, ByteView command);
    void sendMedia(Now now, LinkNumber link, ByteView packet);
    void close(Now now, LinkNumber link, Fault reason);
    /// Of a handshake that came to nothing after all.
    void revoke(Now now, const link::LinkId& ours, Fault reason);

    // Doors.
    struct Receipt {
        bool isKnown = false;                     ///< it names one of our links
        std::optional<link::LinkId> confirmed{};  ///< it was authentic: the handshake's id, for Handshakes::confirm()
    };
    /// The body of a link frame.
    Receipt receivePacket(Now now, const Path& path, ByteView packet);
    /// One that names no link of ours: whether it ended one.
    bool receiveReset(Now now, const Path& path, ByteView packet);
    /// False: it belongs to no link.
    bool receiveMedia(const Path& path, ByteView packet, std::vector<Event>& events) const;
    /// The link to a node on whose validated path this comes.
    [[nodiscard]] std::optional<LinkNumber> nodeLinkOn(const Path& path) const;
    void tcpBacklogChanged(Now now, link::TcpNumber connection);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const { return m_wakes.next(); }
    /// Sends what may go and appends what happened. `closed`: links whose channels are of no use any more.
    void settle(Now now, std::vector<Event>& events, std::vector<LinkNumber>& closed);

    [[nodiscard]] std::optional<Path> carrierOf(LinkNumber via) const override;
    [[nodiscard]] bool isChannelOfOurs(const ChannelPath& channel) const { return !m_paths.linksOn(channel).empty(); }
    /// Somebody we know is there.
    [[nodiscard]] bool isUsed(const Path& path) const { return !m_paths.linksOn(path).empty(); }
    [[nodiscard]] const link::Link* find(LinkNumber link) const;
    /// Without and with those that linger.
    [[nodiscard]] std::size_t openCount() const { return m_openCount; }
    [[nodiscard]] std::size_t count() const { return m_records.size(); }

private:
    struct Way {
        link::PathNumber number;
        Path path;
    };
    struct Wish {
        Path path;
        Instant until;
    };
    struct Record {
        Record(Now now, const Start& start, const link::LinkOptions& options, crypto::LinkSecrets& secrets,
               link::Link::Environment environment);

        link::Link link;
        LinkNumber number;
        Role role;
        bool isDirty = false;
        bool isTold = true;  ///< of what happens to it
        link::LinkId handshake;
        std::vector<Way> ways;
        std::vector<Wish> wishes;  ///< paths to be added as soon as there is an id for them
        CommandCutter cutter;
        Instant scheduled = kNever;
    };
    class Packets;
    struct Translate;

    Record* record(LinkNumber link);
    [[nodiscard]] const Record* record(LinkNumber link) const;
    Record* recordOf(ByteView packet);
    static const Way* wayOf(const Record& record, const Path& path);
    static const Way* wayOf(const Record& record, link::PathNumber number);
    void addWay(Record& record, link::PathNumber number, const Path& path);
    void removeWay(Now now, Record& record, link::PathNumber number);
    bool tryAddPath(Now now, Record& record, const Path& path);
    void retryWishes(Now now, Record& record, std::vector<Event>& events);
    void settleOne(Now now, Record& record, std::vector<Event>& events, std::vector<LinkNumber>& closed);
    void tellBacklog(Now now, Record& record, const Way& way);
    void schedule(Record& record);
    void forget(Now now, Record& record);
    void markDirty(Record& record);

    RandomSource& m_random;
    TcpCarriers& m_tcp;
    FrameOut& m_frames;
    const link::ResetKey* m_resets;
    std::unordered_map<LinkNumber, std::unique_ptr<Record>> m_records;
    std::unordered_map<link::LinkId, LinkNumber, IdHash> m_ids;
    PathIndex m_paths;
    WakeHeap m_wakes;
    std::vector<LinkNumber> m_dirty;
    std::vector<LinkNumber> m_settling;  ///< in turn with m_dirty: no allocation a packet
    std::size_t m_openCount = 0;
};

}  // namespace kith::session
