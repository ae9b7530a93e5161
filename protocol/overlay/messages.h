// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

#include "protocol/base/endpoint.h"
#include "protocol/base/ids.h"
#include "protocol/wire/command.h"

/// What a client and a supernode say to each other on the stream Overlay, numbers 60 to 79.
namespace kith::overlay {

/// What the caller seals to the device it wants to reach (peer/), at most.
inline constexpr std::size_t kMaxSealedReach = 4096;
inline constexpr std::size_t kMaxSupernodeEntries = 50;

/// Client: I am yours from now on. Refused (the link is closed with Busy) when the supernode is full.
struct Attach {
    static constexpr wire::CommandNumber kNumber = 60;
    static constexpr std::string_view kName = "Attach";

    static constexpr auto fields() { return std::tuple{}; }
    friend bool operator==(const Attach&, const Attach&) = default;
};

struct Attached {
    static constexpr wire::CommandNumber kNumber = 61;
    static constexpr std::string_view kName = "Attached";

    LocationId location;           ///< where others reach this client, until its link dies
    std::optional<Endpoint> seen;  ///< how the client's end of the link looks from here, if that is UDP
    std::uint32_t keepAliveSeconds = 0;

    static constexpr auto fields() {
        return std::tuple{wire::field<&Attached::location>(0, "location"), wire::field<&Attached::seen>(1, "seen"),
                          wire::field<&Attached::keepAliveSeconds>(2, "keepAliveSeconds")};
    }
    friend bool operator==(const Attached&, const Attached&) = default;
};

/// Client: pass this on to the device that is at `location` of `supernode`, and give me a channel to it.
struct Reach {
    static constexpr wire::CommandNumber kNumber = 62;
    static constexpr std::string_view kName = "Reach";

    NodeId supernode;
    LocationId location;
    Bytes sealed;  ///< to the weekly key of the location record; nobody between reads it

    static constexpr auto fields() {
        return std::tuple{wire::field<&Reach::supernode>(0, "supernode"), wire::field<&Reach::location>(1, "location"),
                          wire::field<&Reach::sealed>(2, "sealed", wire::Max{kMaxSealedReach})};
    }
    friend bool operator==(const Reach&, const Reach&) = default;
};

/// Supernode: always this, whether somebody is there or not. Also sent when the asker has gone over its limits.
struct PassedOn {
    static constexpr wire::CommandNumber kNumber = 63;
    static constexpr std::string_view kName = "PassedOn";

    ChannelId channel;  ///< the caller's side of it

    static constexpr auto fields() { return std::tuple{wire::field<&PassedOn::channel>(0, "channel")}; }
    friend bool operator==(const PassedOn&, const PassedOn&) = default;
};

/// Supernode to the device that is to be reached; no reply. Who doesn't want it lets it lie.
struct Reached {
    static constexpr wire::CommandNumber kNumber = 64;
    static constexpr std::string_view kName = "Reached";

    ChannelId channel;  ///< the callee's side of it
    Bytes sealed;

    static constexpr auto fields() {
        return std::tuple{wire::field<&Reached::channel>(0, "channel"),
                          wire::field<&Reached::sealed>(1, "sealed", wire::Max{kMaxSealedReach})};
    }
    friend bool operator==(const Reached&, const Reached&) = default;
};

/// Client: frames may flow. No reply.
struct AcceptChannel {
    static constexpr wire::CommandNumber kNumber = 66;
    static constexpr std::string_view kName = "AcceptChannel";

    ChannelId channel;

    static constexpr auto fields() { return std::tuple{wire::field<&AcceptChannel::channel>(0, "channel")}; }
    friend bool operator==(const AcceptChannel&, const AcceptChannel&) = default;
};

/// Either way; no reply. From the supernode only about channels that were accepted: silence tells nothing.
struct CloseChannel {
    static constexpr wire::CommandNumber kNumber = 68;
    static constexpr std::string_view kName = "CloseChannel";

    ChannelId channel;

    static constexpr auto fields() { return std::tuple{wire::field<&CloseChannel::channel>(0, "channel")}; }
    friend bool operator==(const CloseChannel&, const CloseChannel&) = default;
};

/// Client: name me up to `max` other supernodes, for the host cache.
struct MoreSupernodes {
    static constexpr wire::CommandNumber kNumber = 70;
    static constexpr std::string_view kName = "MoreSupernodes";

    std::uint32_t max = 0;

    static constexpr auto fields() { return std::tuple{wire::field<&MoreSupernodes::max>(0, "max")}; }
    friend bool operator==(const MoreSupernodes&, const MoreSupernodes&) = default;
};

struct SupernodeEntry {
    Endpoint endpoint;
    std::optional<NodeId> node;  ///< absent: not known to whoever names it

    static constexpr auto fields() {
        return std::tuple{wire::field<&SupernodeEntry::endpoint>(0, "endpoint"),
                          wire::field<&SupernodeEntry::node>(1, "node")};
    }
    friend bool operator==(const SupernodeEntry&, const SupernodeEntry&) = default;
};

struct Supernodes {
    static constexpr wire::CommandNumber kNumber = 71;
    static constexpr std::string_view kName = "Supernodes";

    std::vector<SupernodeEntry> supernodes;

    static constexpr auto fields() {
        return std::tuple{wire::field<&Supernodes::supernodes>(0, "supernodes", wire::Max{kMaxSupernodeEntries})};
    }
    friend bool operator==(const Supernodes&, const Supernodes&) = default;
};

/// What goes over the stream Overlay.
using Messages = wire::MessageList<Attach, Attached, Reach, PassedOn, Reached, AcceptChannel, CloseChannel,
                                   MoreSupernodes, Supernodes>;

}  // namespace kith::overlay
