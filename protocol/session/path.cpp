// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/session/path.h"

namespace kith::session {

// Not std::visit, which throws for a variant that is broken.
std::size_t PathHash::operator()(const Path& path) const noexcept {
    if (const auto* udp = std::get_if<UdpPath>(&path)) return EndpointHash{}(udp->remote);
    if (const auto* tcp = std::get_if<TcpPath>(&path)) return std::hash<link::TcpNumber>{}(tcp->connection);
    if (const auto* channel = std::get_if<ChannelPath>(&path)) return IdHash{}(channel->channel) ^ channel->via;
    return 0;
}

}  // namespace kith::session
