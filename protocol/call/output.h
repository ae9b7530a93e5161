// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "protocol/call/storage.h"
#include "protocol/peer/person.h"

/// What the machine of calls tells.
namespace kith::call {

enum class Phase {
    Connecting,  ///< we call; nothing rings yet
    Ringing,     ///< we call; it rings over there
    Incoming,    ///< they call; it rings here
    Active,
    Ended,  ///< once and last
};

struct Snapshot {
    CallId id;  ///< ours: stays the same for this call on this device
    UserName user;
    bool incoming = false;
    bool softly = false;  ///< another call was going on when this one came in
    Phase phase = Phase::Connecting;
    bool muted = false;
    bool heldByUs = false;
    bool heldByThem = false;
    bool interrupted = false;  ///< the link is lost; it may come back
    std::optional<UnixMillis> answered{};
    std::optional<EndReason> end{};

    friend bool operator==(const Snapshot&, const Snapshot&) = default;
};

/// Everything that media keys are derived from besides the link's secret (design: "Media frames"), and what flows.
struct MediaPlan {
    CallId id;
    peer::Device remote;
    bool weCall = false;          ///< our packets are keyed as the caller's
    std::uint8_t generation = 0;  ///< of the link's media secret
    CallHalf callerHalf{};
    CallHalf calleeHalf{};
    DeviceId caller;
    DeviceId callee;
    std::uint32_t epoch = 0;
    Codec codec;
    std::uint32_t ownSsrc = 0;
    std::uint32_t theirSsrc = 0;

    friend bool operator==(const MediaPlan&, const MediaPlan&) = default;
};

struct CallChanged {
    Snapshot call;
};
/// Media flows from now on; for a call that has media already: with these new keys, over the new link.
struct MediaStarted {
    MediaPlan plan;
};
struct MediaStopped {
    CallId id;
};
using Event = std::variant<CallChanged, MediaStarted, MediaStopped>;

struct Output {
    peer::Output peer;  ///< what is reached for a call is urgent
    std::vector<AddRecord> stores;
    std::vector<Event> events;
};

}  // namespace kith::call
