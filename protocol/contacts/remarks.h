// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "protocol/base/ids.h"
#include "protocol/wire/message.h"

namespace kith::contacts {

inline constexpr std::size_t kMaxAlias = 64;      ///< characters
inline constexpr std::size_t kMaxNote = 500;      ///< characters
inline constexpr std::size_t kMaxGroups = 16;     ///< of one person
inline constexpr std::size_t kMaxGroupName = 64;  ///< characters
inline constexpr std::size_t kMaxKnownDevices = 32;
inline constexpr std::size_t kMaxNotes = 512 * 1024;  ///< bytes of all notes together: the vault has to hold them

/// What we alone say of somebody, on whichever of our devices; never sent to anybody else. Each field has a version of
/// its own (milliseconds since 1970, made strictly increasing; 0: never set), so copies merge field by field, the
/// larger version winning, in any order.
struct Remarks {
    std::string alias;  ///< shown instead of their name
    std::uint64_t aliasVersion = 0;
    std::string note;
    std::uint64_t noteVersion = 0;
    bool favourite = false;
    std::uint64_t favouriteVersion = 0;
    std::vector<std::string> groups;  ///< names, sorted
    std::uint64_t groupsVersion = 0;
    bool blocked = false;
    std::uint64_t blockedVersion = 0;
    std::uint64_t keyVersion = 0;     ///< of Record::key; 0: pinned when first met
    std::optional<UserKey> verified;  ///< whose safety number was compared; counts while it is Record::key
    std::uint64_t verifiedVersion = 0;
    std::optional<UserKey> offered;  ///< another key that they showed; nothing goes there until it is accepted
    std::uint64_t offeredVersion = 0;
    std::vector<std::uint64_t> devices;  ///< that were seen under Record::key: the beginnings of their ids
    std::uint64_t devicesVersion = 0;

    static constexpr auto fields() {
        return std::tuple{wire::field<&Remarks::alias>(0, "alias", wire::Max{4 * kMaxAlias}),
                          wire::field<&Remarks::aliasVersion>(1, "aliasVersion"),
                          wire::field<&Remarks::note>(2, "note", wire::Max{4 * kMaxNote}),
                          wire::field<&Remarks::noteVersion>(3, "noteVersion"),
                          wire::field<&Remarks::favourite>(4, "favourite"),
                          wire::field<&Remarks::favouriteVersion>(5, "favouriteVersion"),
                          wire::field<&Remarks::groups>(6, "groups", wire::Max{kMaxGroups, 4 * kMaxGroupName}),
                          wire::field<&Remarks::groupsVersion>(7, "groupsVersion"),
                          wire::field<&Remarks::blocked>(8, "blocked"),
                          wire::field<&Remarks::blockedVersion>(9, "blockedVersion"),
                          wire::field<&Remarks::keyVersion>(10, "keyVersion"),
                          wire::field<&Remarks::verified>(11, "verified"),
                          wire::field<&Remarks::verifiedVersion>(12, "verifiedVersion"),
                          wire::field<&Remarks::offered>(13, "offered"),
                          wire::field<&Remarks::offeredVersion>(14, "offeredVersion"),
                          wire::field<&Remarks::devices>(15, "devices", wire::Max{kMaxKnownDevices}),
                          wire::field<&Remarks::devicesVersion>(16, "devicesVersion")};
    }
    friend bool operator==(const Remarks&, const Remarks&) = default;
};

/// The same whichever way round. `keyVersion` is left to whoever merges the key itself.
Remarks merged(const Remarks& a, const Remarks& b);

bool isAlias(std::string_view text);
bool isNote(std::string_view text);
/// Names that fit, not too many of them, none twice and none empty.
bool isGroupList(const std::vector<std::string>& sorted);

/// Characters (code points) of a UTF-8 text.
std::size_t characters(std::string_view text);

}  // namespace kith::contacts
