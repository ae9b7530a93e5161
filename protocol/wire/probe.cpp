// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/wire/probe.h"

namespace kith::wire {

Bytes encodePaddedProbe(RequestId requestId) {
    Probe probe;
    const std::size_t bare = encodeCommand(probe, requestId).size();
    // All lengths stay below 128 and so take one byte each, padded or not.
    probe.padding.resize(kProbeCommandSize - bare);
    return encodeCommand(probe, requestId);
}

}  // namespace kith::wire
