// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <filesystem>

#include "protocol/overlay/networkprofile.h"
#include "protocol/server/serverkeys.h"

/// What is signed when a network is made or renewed.
namespace kith::app {

/// encodeObjects(login::SignedRootPart).
Bytes makeRootPart(const crypto::SigningKey& rootKey, const overlay::NetworkProfile& profile, std::uint64_t number,
                   UnixTime now);
/// The number of one; 0: it can't be read.
std::uint64_t numberOfRootPart(ByteView document);

/// The file that people can join by instead of the link; see overlay/profilefile.h.
Result<void> writeProfile(const std::filesystem::path& file, const overlay::NetworkProfile& profile,
                          const server::ServerKeys& keys, UnixTime now);

}  // namespace kith::app
