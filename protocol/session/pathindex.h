// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <span>
#include <unordered_map>
#include <vector>

#include "protocol/session/path.h"

namespace kith::session {

/// Which links use which path: media and forward frames name no link, they belong to one on whose path they come.
class PathIndex {
public:
    void add(const Path& path, LinkNumber link);
    void remove(const Path& path, LinkNumber link);
    /// In the order of adding.
    [[nodiscard]] std::span<const LinkNumber> linksOn(const Path& path) const;
    [[nodiscard]] std::vector<ChannelPath> channelsVia(LinkNumber via) const;

private:
    std::unordered_map<Path, std::vector<LinkNumber>, PathHash> m_links;
    std::map<LinkNumber, std::vector<ChannelPath>> m_channels;
};

}  // namespace kith::session
