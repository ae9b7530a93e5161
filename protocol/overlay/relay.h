// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "protocol/base/ids.h"
#include "protocol/base/random.h"
#include "protocol/overlay/output.h"
#include "protocol/overlay/tokenbucket.h"

namespace kith::overlay {

/// Channels: a frame that comes in on one side of a channel leaves on the other, under the other side's id. Nothing is
/// acknowledged, read or kept, but for the first few frames to somebody who has not accepted yet.
class Relay {
public:
    struct Options {
        std::size_t maxChannels = 16384;
        std::size_t maxChannelsOfLink = 128;
        /// Each direction of a channel: a call with video and a chat beside it.
        TokenBucket::Rate bytes{512 * 1024, 256 * 1024};
        /// Both directions together; then the channel is closed and the two open another.
        std::uint64_t maxBytes = std::uint64_t{16} << 30;
        std::size_t maxPendingFrames = 4;
        Duration pendingFor = std::chrono::seconds(2);
        Duration acceptWithin = std::chrono::seconds(30);
        /// Peers close an unused link after two minutes.
        Duration idleFor = std::chrono::seconds(150);
        std::size_t maxFrame = 1500;
    };
    /// The ids that the two sides know the channel by.
    struct Channel {
        ChannelId caller;
        ChannelId callee;
    };
    /// A channel that was accepted has ended; both sides are to know, but for whoever ended it.
    struct Ended {
        session::LinkNumber link;
        ChannelId channel;
    };

    Relay(const Options& options, RandomSource& random) : m_options(options), m_random(random) {}

    /// `callee` empty: nobody is there, which the caller can't tell from somebody who doesn't accept. Nothing if there
    /// are too many channels, of the two or in all.
    std::optional<Channel> open(Now now, session::LinkNumber caller, std::optional<session::LinkNumber> callee);
    void accept(Now now, session::LinkNumber callee, const ChannelId& channel);
    void close(session::LinkNumber by, const ChannelId& channel);
    void linkGone(session::LinkNumber link);
    void forward(Now now, session::LinkNumber from, const ChannelId& channel, ByteView innerFrame);

    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;
    void take(ForwardBatch& forwards, std::vector<Ended>& ended);

    [[nodiscard]] std::size_t channelCount() const { return m_channels.size(); }

private:
    enum SideIndex : std::size_t { Caller, Callee };

    struct Side {
        ChannelId id;
        session::LinkNumber link = 0;  ///< 0: nobody
        TokenBucket bucket;
    };
    struct PendingFrame {
        Instant since;
        Bytes frame;
    };
    struct State {
        std::array<Side, 2> sides;
        bool accepted = false;
        Instant expires{};
        std::uint64_t bytes = 0;
        std::deque<PendingFrame> pending{};
    };
    using Number = std::uint64_t;
    struct Place {
        Number number;
        State* state;
        SideIndex side;
    };

    ChannelId freshId();
    /// The channel that this link knows by this id.
    [[nodiscard]] std::optional<Place> placeOf(session::LinkNumber link, const ChannelId& channel) const;
    void keepPending(Now now, State& channel, ByteView innerFrame);
    /// Tells the sides that know it was accepted, except the one that ended it.
    void end(Number number, std::optional<SideIndex> by);
    void forget(session::LinkNumber link, Number number);

    Options m_options;
    RandomSource& m_random;
    Number m_lastNumber = 0;
    std::map<Number, State> m_channels;  ///< in the order of opening
    std::unordered_map<ChannelId, Place, IdHash> m_places;
    std::unordered_map<session::LinkNumber, std::set<Number>> m_byLink;
    Instant m_nextSweep = kNever;
    ForwardBatch m_forwards;
    std::vector<Ended> m_ended;
};

}  // namespace kith::overlay
