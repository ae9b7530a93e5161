// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "app/server/datafolder.h"

namespace kith::app {

/// A link to hand out, and for whom and how long it is good.
struct Offer {
    std::string text;
    std::string link;
};

struct OfferTerms {
    std::optional<UserName> onlyFor{};
    unsigned uses = 1;
    unsigned days = 30;
};

Result<Offer> makeOffer(store::ServerDatabase& database, const NetworkSettings& settings, const OfferTerms& terms);
/// What init prints: good for one person; of an embedded network for many; without a code where none is needed or only
/// the operator lets people in.
Result<Offer> makeFirstOffer(store::ServerDatabase& database, const NetworkSettings& settings);

}  // namespace kith::app
