// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "protocol/base/ids.h"
#include "protocol/wire/message.h"

/// What a person chooses to be seen as: by everybody, and by single contacts.
namespace kith::presence {

inline constexpr std::size_t kMaxMood = 140;  ///< characters
inline constexpr std::size_t kMaxMoodBytes = 4 * kMaxMood;

/// Values are on the wire and on disk: never renumber. Offline is what no lease means.
enum class Availability : std::uint8_t {
    Online,
    Away,
    NotAvailable,
    DoNotDisturb,
    OpenToCalls,
    Invisible,  ///< signed in, and no lease tells it
};

/// UTF-8 and not too long.
bool isMood(std::string_view text);

/// The same on all devices of a person; the larger version wins.
struct Choice {
    Availability availability = Availability::Online;
    std::string mood;
    std::uint64_t version = 0;  ///< milliseconds since 1970, made strictly increasing; 0: nothing chosen yet

    static constexpr auto fields() {
        return std::tuple{wire::field<&Choice::availability>(0, "availability"),
                          wire::field<&Choice::mood>(1, "mood", wire::Max{kMaxMoodBytes}),
                          wire::field<&Choice::version>(2, "version")};
    }
    friend bool operator==(const Choice&, const Choice&) = default;
};

/// What one contact sees instead. Whatever is absent is as for everybody.
struct Exception {
    std::optional<Availability> availability;  ///< Invisible: this contact sees nothing
    std::optional<std::string> mood;

    [[nodiscard]] bool isNone() const { return !availability && !mood; }
    friend bool operator==(const Exception&, const Exception&) = default;
};

/// A contact with an exception, and the topic that they alone watch: the same on all devices of a person. Secret. One
/// that has ended stays, without a topic: its version says so to other devices.
struct View {
    UserName user;
    std::optional<Availability> availability;
    std::optional<std::string> mood;
    std::optional<ByteArray<32>> seed;  ///< of the topic's Ed25519 pair
    std::optional<ByteArray<32>> stateKey;
    std::uint64_t version = 0;

    [[nodiscard]] Exception exception() const { return {availability, mood}; }
    [[nodiscard]] bool hasTopic() const { return seed && stateKey; }

    static constexpr auto fields() {
        return std::tuple{wire::field<&View::user>(0, "user"),
                          wire::field<&View::availability>(1, "availability"),
                          wire::field<&View::mood>(2, "mood", wire::Max{kMaxMoodBytes}),
                          wire::field<&View::seed>(3, "seed"),
                          wire::field<&View::stateKey>(4, "stateKey"),
                          wire::field<&View::version>(5, "version")};
    }
    friend bool operator==(const View&, const View&) = default;
};

}  // namespace kith::presence

template <>
struct kith::wire::EnumRange<kith::presence::Availability> {
    static constexpr auto kLast = kith::presence::Availability::Invisible;
};
