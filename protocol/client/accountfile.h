// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <string>

#include "protocol/client/storage.h"
#include "protocol/client/weeklykeys.h"
#include "protocol/login/membership.h"
#include "protocol/overlay/networkprofile.h"

namespace kith::client {

/// What a signed-in device keeps to start again without asking anybody.
struct KeptAccount {
    overlay::NetworkProfile profile;
    login::Membership membership;
    WeeklyKeys weekly;
};

/// The items Keys, Account and Vault, the secret one first: an account without keys is none.
std::vector<SaveItem> itemsOf(const overlay::NetworkProfile& profile, const login::Membership& membership,
                              const WeeklyKeys& weekly);
/// NotSignedIn: nothing is kept. StorageBroken: it doesn't fit together.
Result<KeptAccount> keptAccount(const std::map<Item, Bytes>& items);

}  // namespace kith::client
