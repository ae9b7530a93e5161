// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/server/invitations.h"

#include "app/server/commands.h"
#include "app/server/words.h"
#include "protocol/crypto/systemrandom.h"
#include "protocol/net/clock.h"

namespace kith::app {

namespace {

constexpr unsigned kMostDays = 3650;
constexpr OfferTerms kEmbeddedTerms{{}, 1000, kMostDays};

std::string describe(const OfferTerms& terms, UnixTime expires) {
    std::string whom = "one person";
    if (terms.onlyFor) whom = terms.onlyFor->text();
    if (terms.uses > 1) whom = std::to_string(terms.uses) + " people";
    return "Link to join it, good for " + whom + " until " + dateOf(expires) + ":";
}

}  // namespace

Result<Offer> makeOffer(store::ServerDatabase& database, const NetworkSettings& settings, const OfferTerms& terms) {
    crypto::SystemRandom random;
    overlay::NetworkProfile profile = settings.profile;
    profile.code = login::newInvitationCode(random);
    const UnixTime expires = net::readClocks().seconds() + crypto::Days(terms.days);
    const auto kept = database.invite({login::invitationHash(profile.code), terms.onlyFor, terms.uses, expires});
    if (!kept) return tl::make_unexpected(kept.error());
    return Offer{describe(terms, expires), profile.link()};
}

Result<Offer> makeFirstOffer(store::ServerDatabase& database, const NetworkSettings& settings) {
    switch (settings.profile.registration) {
        case overlay::Registration::Invite:
            return makeOffer(database, settings, settings.embedded ? kEmbeddedTerms : OfferTerms{});
        case overlay::Registration::Open: return Offer{"Link to join it, good for everybody:", settings.profile.link()};
        case overlay::Registration::Operator: break;
    }
    return Offer{"Link for people whose names you added (kith-server accounts add NAME):", settings.profile.link()};
}

}  // namespace kith::app
