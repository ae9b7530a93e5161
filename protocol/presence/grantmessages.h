// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "protocol/base/bytes.h"
#include "protocol/presence/choice.h"
#include "protocol/wire/command.h"

/// What two people's devices say to each other on the stream Presence, numbers 110 to 119.
namespace kith::presence {

/// Here is what you watch me with; replaces an older one.
struct Grant {
    static constexpr wire::CommandNumber kNumber = 110;
    static constexpr std::string_view kName = "Grant";

    ByteArray<32> topicKey{};   ///< Ed25519 public key of the topic
    ByteArray<32> stateKey{};   ///< opens the state in its leases
    std::uint64_t version = 0;  ///< the sender's; the larger is the newer

    static constexpr auto fields() {
        return std::tuple{wire::field<&Grant::topicKey>(0, "topicKey"), wire::field<&Grant::stateKey>(1, "stateKey"),
                          wire::field<&Grant::version>(2, "version")};
    }
    friend bool operator==(const Grant&, const Grant&) = default;
};

/// The grant of this version is on disk here.
struct GrantKept {
    static constexpr wire::CommandNumber kNumber = 112;
    static constexpr std::string_view kName = "GrantKept";

    std::uint64_t version = 0;

    static constexpr auto fields() { return std::tuple{wire::field<&GrantKept::version>(0, "version")}; }
    friend bool operator==(const GrantKept&, const GrantKept&) = default;
};

/// A state is filled up to a multiple of this: its size doesn't tell whether there is a short mood.
inline constexpr std::size_t kStateBlock = 128;

/// What a lease seals: AES-256-GCM box (crypto/sealedbox.h) under the state key, the lease's id as associated data.
struct State {
    Availability availability = Availability::Online;  ///< never Invisible
    std::string mood;
    std::uint64_t chosen = 0;  ///< version of the person's choice that it follows; the newest counts
    std::optional<Bytes> padding;

    static constexpr auto fields() {
        return std::tuple{wire::field<&State::availability>(0, "availability"),
                          wire::field<&State::mood>(1, "mood", wire::Max{kMaxMoodBytes}),
                          wire::field<&State::chosen>(2, "chosen"),
                          wire::field<&State::padding>(3, "padding", wire::Max{kStateBlock})};
    }
    friend bool operator==(const State&, const State&) = default;
};

/// What goes over the stream Presence on a link between people.
using GrantMessages = wire::MessageList<Grant, GrantKept>;

}  // namespace kith::presence
