// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/session/path.h"

namespace kith::session {

namespace {

struct HashOf {
    std::size_t operator()(const UdpPath& path) const { return EndpointHash{}(path.remote); }
    std::size_t operator()(const TcpPath& path) const { return std::hash<link::TcpNumber>{}(path.connection); }
    std::size_t operator()(const ChannelPath& path) const { return IdHash{}(path.channel) ^ path.via; }
};

}  // namespace

std::size_t PathHash::operator()(const Path& path) const noexcept {
    return std::visit(HashOf{}, path);
}

}  // namespace kith::session
