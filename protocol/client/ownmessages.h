// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <string_view>
#include <tuple>

#include "protocol/base/bytes.h"
#include "protocol/wire/command.h"

/// What the devices of one person say to each other on the stream Contacts, numbers 104 to 107. Only links whose both
/// ends are of the same user key carry them.
namespace kith::client {

inline constexpr std::size_t kMaxVaultPart = 32 * 1024;

/// What the sender holds of the vault's people. Said when a link opens, and when the vault was saved. Who holds
/// something else answers with all that it has.
struct VaultState {
    static constexpr wire::CommandNumber kNumber = 104;
    static constexpr std::string_view kName = "VaultState";

    ByteArray<32> digest{};
    bool saved = false;  ///< the login server has it

    static constexpr auto fields() {
        return std::tuple{wire::field<&VaultState::digest>(0, "digest"), wire::field<&VaultState::saved>(1, "saved")};
    }
    friend bool operator==(const VaultState&, const VaultState&) = default;
};

/// Some people as the vault has them, to be merged; said whenever they change.
struct VaultPart {
    static constexpr wire::CommandNumber kNumber = 106;
    static constexpr std::string_view kName = "VaultPart";

    Bytes people;

    static constexpr auto fields() {
        return std::tuple{wire::field<&VaultPart::people>(0, "people", wire::Max{kMaxVaultPart})};
    }
    friend bool operator==(const VaultPart&, const VaultPart&) = default;
};

using OwnMessages = wire::MessageList<VaultState, VaultPart>;

}  // namespace kith::client
