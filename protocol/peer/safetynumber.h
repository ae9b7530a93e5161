// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <string>

#include "protocol/base/ids.h"

namespace kith::peer {

struct NamedKey {
    UserName user;
    UserKey key;
};

/// Sixty digits that two people compare to know that nobody stands between them: of both user keys and names, the same
/// whichever way round. 12 groups of 5 digits, spaces between. SPEC.md, "Safety number". Takes some milliseconds.
std::string safetyNumber(const NetworkId& network, const NamedKey& a, const NamedKey& b);

}  // namespace kith::peer
