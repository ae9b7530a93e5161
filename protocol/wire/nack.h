// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/wire/payload.h"

/// The two frames in clear that tell somebody how they look from outside.
///   nack:      family (1), address (4 or 16), port (2), IV of the request (4), value to echo (4)
///   NAT info:  family (1), address (4 or 16), port (2), value (4)
namespace kith::wire {

/// "I can't read this": has the id of the payload that it answers. Whoever gets one with another IV than it used
/// ignores it.
struct Nack {
    Endpoint seen;
    std::uint32_t iv = 0;
    std::uint32_t value = 0;  ///< a resend brings it back

    friend bool operator==(const Nack&, const Nack&) = default;
};

/// How large the whole frame is: never send one that is larger than what caused it.
std::size_t nackSize(const Endpoint& seen);
/// A whole frame.
void writeNack(ByteWriter& out, FrameStart start, const Nack& nack);
Result<Nack> parseNack(ByteView body);

struct NatInfo {
    Endpoint seen;
    std::uint32_t value = 0;

    friend bool operator==(const NatInfo&, const NatInfo&) = default;
};

/// A whole frame.
void writeNatInfo(ByteWriter& out, FrameStart start, const NatInfo& info);
Result<NatInfo> parseNatInfo(ByteView body);

}  // namespace kith::wire
