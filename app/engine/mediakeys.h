// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "media/srtp/session.h"
#include "protocol/base/ids.h"

namespace kith::engine {

/// What the keys of one call's media are bound to: the call (half of its id from each side), both devices, and how
/// often the call has moved to another link.
struct MediaBinding {
    ByteArray<8> callerHalf{};
    ByteArray<8> calleeHalf{};
    DeviceId caller;
    DeviceId callee;
    std::uint32_t epoch = 0;
};

struct MediaKeys {
    srtp::MasterKey fromCaller;
    srtp::MasterKey fromCallee;
};

/// HKDF-Expand of the link's media secret: SPEC.md, "Media keys".
MediaKeys deriveMediaKeys(const ByteArray<32>& mediaSecret, const MediaBinding& binding);

}  // namespace kith::engine
