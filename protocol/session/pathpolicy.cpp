// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/session/pathpolicy.h"

namespace kith::session {

link::PathOptions pathOptions(Role role, const Path& path, Duration roundTrip) {
    link::PathOptions out;
    out.roundTrip = roundTrip;
    const bool isTcp = std::holds_alternative<TcpPath>(path);
    const bool isChannel = std::holds_alternative<ChannelPath>(path);
    if (isTcp) out.kind = link::PathKind::Reliable;
    if (isChannel) out.kind = link::PathKind::Relayed;
    out.mediaRank = isTcp ? 2 : isChannel ? 1 : 0;
    out.rank = role == Role::Peer ? out.mediaRank : isTcp ? 0 : 1;
    return out;
}

std::uint16_t urgentStreams() {
    return static_cast<std::uint16_t>(1U << static_cast<unsigned>(Stream::Call));
}

}  // namespace kith::session
