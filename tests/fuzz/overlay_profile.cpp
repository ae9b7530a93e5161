// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/overlay/profilefile.h"
#include "tests/fuzz/creduloussuite.h"
#include "tests/fuzz/require.h"
#include "tests/support/authority.h"

// What makes a client a member of a network, as a link and as a file: people paste and open anything.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kith;
    const ByteView bytes = std::as_bytes(std::span(data, size));
    if (const auto profile = overlay::NetworkProfile::parseLink(asText(bytes))) {
        const auto again = overlay::NetworkProfile::parseLink(profile->link());
        // Percent-encoding can make a link longer than what it was read from.
        fuzz::require(again ? *again == *profile : again.error().fault == Fault::TooLarge);
    }
    fuzz::CredulousSuite suite;
    if (const auto profile = overlay::decodeProfileFile(suite, bytes, test::Authority::kNow))
        fuzz::require(!profile->loginServers.empty());
    return 0;
}
