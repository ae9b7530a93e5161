// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <optional>
#include <tuple>
#include <variant>
#include <vector>

#include "protocol/base/ids.h"
#include "protocol/base/instant.h"
#include "protocol/base/ticket.h"
#include "protocol/presence/choice.h"
#include "protocol/wire/message.h"

/// What presence keeps on disk and in the vault.
namespace kith::presence {

/// The topic that the contacts of a person watch, all but those with a view of their own: the same on all of the
/// person's devices. Secret.
struct OwnTopic {
    ByteArray<32> seed{};  ///< of its Ed25519 pair
    ByteArray<32> stateKey{};
    std::uint64_t version = 0;  ///< milliseconds since 1970, made strictly increasing; the larger wins

    static constexpr auto fields() {
        return std::tuple{wire::field<&OwnTopic::seed>(0, "seed"), wire::field<&OwnTopic::stateKey>(1, "stateKey"),
                          wire::field<&OwnTopic::version>(2, "version")};
    }
    friend bool operator==(const OwnTopic&, const OwnTopic&) = default;
};

/// What somebody gave us to watch them with.
struct Granted {
    ByteArray<32> topicKey{};
    ByteArray<32> stateKey{};
    std::uint64_t version = 0;

    static constexpr auto fields() {
        return std::tuple{wire::field<&Granted::topicKey>(0, "topicKey"),
                          wire::field<&Granted::stateKey>(1, "stateKey"), wire::field<&Granted::version>(2, "version")};
    }
    friend bool operator==(const Granted&, const Granted&) = default;
};

/// One contact.
struct Audience {
    UserName user;
    std::optional<Granted> theirs;
    std::uint64_t toldVersion = 0;  ///< the version of our grant that some device of theirs has confirmed
    std::optional<View> view{};     ///< what they see of us, if it is or was another than what all see

    static constexpr auto fields() {
        return std::tuple{wire::field<&Audience::user>(0, "user"), wire::field<&Audience::theirs>(1, "theirs"),
                          wire::field<&Audience::toldVersion>(2, "toldVersion"),
                          wire::field<&Audience::view>(3, "view")};
    }
    friend bool operator==(const Audience&, const Audience&) = default;
};

/// Replaces the one there was.
struct SaveTopic {
    StoreTicket ticket = 0;
    OwnTopic topic;
};
/// Replaces the one there was.
struct SaveChoice {
    StoreTicket ticket = 0;
    Choice choice;
};
/// Insert or replace; the key is the user name.
struct SaveAudience {
    StoreTicket ticket = 0;
    Audience audience;
};
struct EraseAudience {
    StoreTicket ticket = 0;
    UserName user;
};
using StoreRequest = std::variant<SaveTopic, SaveChoice, SaveAudience, EraseAudience>;

}  // namespace kith::presence
