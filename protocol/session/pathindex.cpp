// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/session/pathindex.h"

#include <algorithm>

namespace kith::session {

void PathIndex::add(const Path& path, LinkNumber link) {
    auto& links = m_links[path];
    if (std::find(links.begin(), links.end(), link) != links.end()) return;
    const auto* channel = std::get_if<ChannelPath>(&path);
    if (channel != nullptr && links.empty()) m_channels[channel->via].push_back(*channel);
    links.push_back(link);
}

void PathIndex::remove(const Path& path, LinkNumber link) {
    const auto found = m_links.find(path);
    if (found == m_links.end()) return;
    std::erase(found->second, link);
    if (!found->second.empty()) return;
    m_links.erase(found);
    const auto* channel = std::get_if<ChannelPath>(&path);
    if (channel == nullptr) return;
    const auto via = m_channels.find(channel->via);
    std::erase(via->second, *channel);
    if (via->second.empty()) m_channels.erase(via);
}

std::span<const LinkNumber> PathIndex::linksOn(const Path& path) const {
    const auto found = m_links.find(path);
    if (found == m_links.end()) return {};
    return found->second;
}

std::vector<ChannelPath> PathIndex::channelsVia(LinkNumber via) const {
    const auto found = m_channels.find(via);
    return found == m_channels.end() ? std::vector<ChannelPath>{} : found->second;
}

}  // namespace kith::session
