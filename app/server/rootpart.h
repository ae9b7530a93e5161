// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <filesystem>
#include <optional>

#include "protocol/overlay/networkprofile.h"
#include "protocol/server/serverkeys.h"

/// What is signed when a network is made or renewed.
namespace kith::app {

/// encodeObjects(login::SignedRootPart), to follow `before` (empty: the first): what that withdrew stays withdrawn, and
/// `stolen`, an intermediate certificate, is from now on.
Bytes makeRootPart(const crypto::SigningKey& rootKey, const overlay::NetworkProfile& profile, ByteView before,
                   const std::optional<Bytes>& stolen, UnixTime now);

/// The file that people can join by instead of the link; see overlay/profilefile.h.
Result<void> writeProfile(const std::filesystem::path& file, const overlay::NetworkProfile& profile,
                          const server::ServerKeys& keys, UnixTime now);

}  // namespace kith::app
