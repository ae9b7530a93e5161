// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <string>
#include <string_view>
#include <tuple>

#include "protocol/contacts/storage.h"
#include "protocol/wire/command.h"

/// What two people's devices say to each other on the stream Contacts, numbers 100 to 109.
namespace kith::contacts {

/// Where the sender stands towards the receiver: asks or has accepted (`wants`), or neither. Sent whenever a link
/// opens and something was said before, and whenever it changes; receiving it twice or late is harmless.
struct Stance {
    static constexpr wire::CommandNumber kNumber = 100;
    static constexpr std::string_view kName = "Stance";

    bool wants = false;
    std::uint64_t version = 0;  ///< the sender's; the larger is the newer
    std::uint64_t refused = 0;  ///< the receiver's stances up to this version were declined or undone
    UserKey key;                ///< the sender's; has to be the one of its credential
    std::string displayName;
    std::string text;  ///< with a request

    static constexpr auto fields() {
        return std::tuple{wire::field<&Stance::wants>(0, "wants"),
                          wire::field<&Stance::version>(1, "version"),
                          wire::field<&Stance::refused>(2, "refused"),
                          wire::field<&Stance::key>(3, "key"),
                          wire::field<&Stance::displayName>(4, "displayName", wire::Max{4 * kMaxDisplayName}),
                          wire::field<&Stance::text>(5, "text", wire::Max{4 * kMaxRequestText})};
    }
    friend bool operator==(const Stance&, const Stance&) = default;
};

/// The stance of this version is on disk here. Not a reply in the sense of the wire: it may come on another link.
struct StanceKept {
    static constexpr wire::CommandNumber kNumber = 102;
    static constexpr std::string_view kName = "StanceKept";

    std::uint64_t version = 0;

    static constexpr auto fields() { return std::tuple{wire::field<&StanceKept::version>(0, "version")}; }
    friend bool operator==(const StanceKept&, const StanceKept&) = default;
};

/// What goes over the stream Contacts.
using Messages = wire::MessageList<Stance, StanceKept>;

}  // namespace kith::contacts
