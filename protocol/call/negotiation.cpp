// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/call/negotiation.h"

#include <algorithm>

namespace kith::call {

namespace {

std::uint32_t anySsrc(RandomSource& random, std::uint32_t notThis) {
    for (;;)
        if (const std::uint32_t ssrc = random.u32(); ssrc != 0 && ssrc != notThis) return ssrc;
}

bool isRtp(const Codec& codec) {
    return codec.payloadType >= 96 && codec.payloadType <= 127;
}

bool isSame(const Codec& a, const Codec& b) {
    return a.name == b.name && a.clockRate == b.clockRate && a.channels == b.channels;
}

}  // namespace

Offer makeOffer(RandomSource& random, std::uint8_t generation, const std::vector<Codec>& codecs) {
    return {random.bytes<8>(), anySsrc(random, 0), generation, codecs};
}

Result<Accept> answerTo(const Offer& offer, RandomSource& random, const std::vector<Codec>& codecs) {
    if (offer.ssrc == 0) return fail(Fault::Malformed, "media offer");
    for (const Codec& ours : codecs) {
        const auto theirs = std::find_if(offer.codecs.begin(), offer.codecs.end(),
                                         [&](const Codec& each) { return isRtp(each) && isSame(each, ours); });
        if (theirs != offer.codecs.end())
            return Accept{random.bytes<8>(), offer.half, anySsrc(random, offer.ssrc), *theirs};
    }
    return fail(Fault::NotFound, "common codec");
}

bool fits(const Offer& offer, const Accept& accept) {
    return accept.offered == offer.half && accept.ssrc != 0 && accept.ssrc != offer.ssrc &&
           std::find(offer.codecs.begin(), offer.codecs.end(), accept.codec) != offer.codecs.end();
}

}  // namespace kith::call
