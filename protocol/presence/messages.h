// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

#include "protocol/base/ids.h"
#include "protocol/base/instant.h"
#include "protocol/wire/command.h"

/// What a client and a supernode say to each other on the stream Presence, numbers 90 to 99.
namespace kith::presence {

inline constexpr std::size_t kMaxSealedState = 1024;
inline constexpr std::size_t kMaxWatched = 256;  ///< topics in one command

/// One device's lease under a topic: chosen at random by the device, says nothing of which device it is.
using LeaseId = Id<struct LeaseTag, 8>;

/// What the topic key signs; see lease.h.
struct LeaseBody {
    ByteArray<32> topicKey{};  ///< Ed25519 public key; TopicId is its SHA-256
    LeaseId lease;
    std::uint64_t sequence = 0;  ///< within the lease; a newer state has a larger one
    NodeId supernode;            ///< who may end it early: where the device's link is
    UnixTime expires{};          ///< at most 10 min (and the clocks' tolerance) ahead
    Bytes sealedState;           ///< to the topic's state key: supernodes can't read it

    static constexpr auto fields() {
        return std::tuple{wire::field<&LeaseBody::topicKey>(0, "topicKey"),
                          wire::field<&LeaseBody::lease>(1, "lease"),
                          wire::field<&LeaseBody::sequence>(2, "sequence"),
                          wire::field<&LeaseBody::supernode>(3, "supernode"),
                          wire::field<&LeaseBody::expires>(4, "expires"),
                          wire::field<&LeaseBody::sealedState>(5, "sealedState", wire::Max{kMaxSealedState})};
    }
    friend bool operator==(const LeaseBody&, const LeaseBody&) = default;
};

struct SignedLease {
    LeaseBody body;
    ByteArray<64> signature{};  ///< topic key

    static constexpr auto fields() {
        return std::tuple{wire::field<&SignedLease::body>(0, "body"),
                          wire::field<&SignedLease::signature>(1, "signature")};
    }
    friend bool operator==(const SignedLease&, const SignedLease&) = default;
};

enum class LeaseRefusal : std::uint8_t {
    BadSignature,
    Stale,    ///< this sequence or a larger one was seen; or expired
    TooLong,  ///< expires too far ahead: a clock is off
    TooMany,  ///< this client, or this supernode, holds as many as it may
    NotMine,  ///< names another supernode
};

/// Client: holds this lease while my link lives. Again with a larger sequence to renew it or to change the state.
struct Lease {
    static constexpr wire::CommandNumber kNumber = 90;
    static constexpr std::string_view kName = "Lease";

    SignedLease lease;

    static constexpr auto fields() { return std::tuple{wire::field<&Lease::lease>(0, "lease")}; }
    friend bool operator==(const Lease&, const Lease&) = default;
};

struct Leased {
    static constexpr wire::CommandNumber kNumber = 91;
    static constexpr std::string_view kName = "Leased";

    std::optional<LeaseRefusal> refusal;

    static constexpr auto fields() { return std::tuple{wire::field<&Leased::refusal>(0, "refusal")}; }
    friend bool operator==(const Leased&, const Leased&) = default;
};

/// Client: tell me of these topics until Unwatch or until my link dies.
struct Watch {
    static constexpr wire::CommandNumber kNumber = 92;
    static constexpr std::string_view kName = "Watch";

    std::vector<TopicId> topics;

    static constexpr auto fields() {
        return std::tuple{wire::field<&Watch::topics>(0, "topics", wire::Max{kMaxWatched})};
    }
    friend bool operator==(const Watch&, const Watch&) = default;
};

/// The leases that stand now under the topics of a Watch, as far as they fit a command; the rest comes as TopicChanged.
struct Watched {
    static constexpr wire::CommandNumber kNumber = 93;
    static constexpr std::string_view kName = "Watched";

    std::vector<SignedLease> leases;
    std::uint32_t refused = 0;  ///< topics at the end of the list that went over the watcher's limit

    static constexpr auto fields() {
        return std::tuple{wire::field<&Watched::leases>(0, "leases"), wire::field<&Watched::refused>(1, "refused")};
    }
    friend bool operator==(const Watched&, const Watched&) = default;
};

/// Supernode to a watcher, at once; no reply. Either `lease` (new or changed) or `ended` is there.
struct TopicChanged {
    static constexpr wire::CommandNumber kNumber = 94;
    static constexpr std::string_view kName = "TopicChanged";

    TopicId topic;
    std::optional<SignedLease> lease;
    std::optional<LeaseId> ended;

    static constexpr auto fields() {
        return std::tuple{wire::field<&TopicChanged::topic>(0, "topic"), wire::field<&TopicChanged::lease>(1, "lease"),
                          wire::field<&TopicChanged::ended>(2, "ended")};
    }
    friend bool operator==(const TopicChanged&, const TopicChanged&) = default;
};

/// Client; no reply.
struct Unwatch {
    static constexpr wire::CommandNumber kNumber = 96;
    static constexpr std::string_view kName = "Unwatch";

    std::vector<TopicId> topics;

    static constexpr auto fields() {
        return std::tuple{wire::field<&Unwatch::topics>(0, "topics", wire::Max{kMaxWatched})};
    }
    friend bool operator==(const Unwatch&, const Unwatch&) = default;
};

/// Client; no reply. The device leaves of its own will: sooner than its link would tell.
struct EndLease {
    static constexpr wire::CommandNumber kNumber = 98;
    static constexpr std::string_view kName = "EndLease";

    TopicId topic;
    LeaseId lease;

    static constexpr auto fields() {
        return std::tuple{wire::field<&EndLease::topic>(0, "topic"), wire::field<&EndLease::lease>(1, "lease")};
    }
    friend bool operator==(const EndLease&, const EndLease&) = default;
};

/// What goes over the stream Presence on a link to a supernode.
using Messages = wire::MessageList<Lease, Leased, Watch, Watched, TopicChanged, Unwatch, EndLease>;

}  // namespace kith::presence

template <>
struct kith::wire::EnumRange<kith::presence::LeaseRefusal> {
    static constexpr auto kLast = kith::presence::LeaseRefusal::NotMine;
};
