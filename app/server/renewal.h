// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "app/server/datafolder.h"

namespace kith::app {

/// So long before the server's intermediate certificate ends, it is time: an embedded network renews by itself, others
/// are warned.
inline constexpr crypto::Days kRenewBefore{30};

enum class OldCertificates { StayGood, AreStolen };

/// New intermediate under this root key, and the root's part of the network document under a new number, which
/// withdraws the intermediate before if that is stolen; written to the folder. WrongRootKey.
Result<void> renew(const DataFolder& folder, store::ServerDatabase& database, NetworkSettings& settings,
                   const crypto::SigningKey& rootKey, OldCertificates old);

}  // namespace kith::app
