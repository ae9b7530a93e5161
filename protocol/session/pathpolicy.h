// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/link/link.h"
#include "protocol/session/path.h"

namespace kith::session {

/// How a link of this role takes to such a path. To servers commands prefer TCP, which needs no keeping awake, and
/// media UDP; between people the direct way comes first, then the relayed one, then direct TCP.
link::PathOptions pathOptions(Role role, const Path& path, Duration roundTrip = {});

/// Streams that go before others: what is said while somebody waits.
std::uint16_t urgentStreams();

}  // namespace kith::session
