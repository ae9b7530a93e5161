// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <vector>

#include "protocol/base/random.h"
#include "protocol/base/result.h"
#include "protocol/call/messages.h"

/// Offer and answer of a call's media, as plain functions.
namespace kith::call {

/// `codecs`: ours, best first; `generation`: of the media secret of the link that this goes over.
Offer makeOffer(RandomSource& random, std::uint8_t generation, const std::vector<Codec>& codecs);
/// With our best codec that they offered. NotFound: none in common; Malformed: an offer that can't be answered.
Result<Accept> answerTo(const Offer& offer, RandomSource& random, const std::vector<Codec>& codecs);
/// Whether this answers that offer and media may start.
bool fits(const Offer& offer, const Accept& accept);

}  // namespace kith::call
