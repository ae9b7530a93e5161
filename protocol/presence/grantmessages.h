// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <string_view>
#include <tuple>

#include "protocol/base/bytes.h"
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

enum class Availability : std::uint8_t { Online };

/// What a lease seals: AES-256-GCM box (crypto/sealedbox.h) under the state key, the lease's id as associated data.
struct State {
    Availability availability = Availability::Online;

    static constexpr auto fields() { return std::tuple{wire::field<&State::availability>(0, "availability")}; }
    friend bool operator==(const State&, const State&) = default;
};

/// What goes over the stream Presence on a link between people.
using GrantMessages = wire::MessageList<Grant, GrantKept>;

}  // namespace kith::presence

template <>
struct kith::wire::EnumRange<kith::presence::Availability> {
    static constexpr auto kLast = kith::presence::Availability::Online;
};
