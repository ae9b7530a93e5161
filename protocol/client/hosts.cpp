// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/client/hosts.h"

#include <algorithm>

namespace kith::client {

std::vector<std::string> Hosts::unresolved() const {
    std::vector<std::string> out;
    for (const auto& host : m_hosts) {
        const bool isKnown = IpAddress::parse(host.host) || m_addresses.contains(host.host);
        if (!isKnown && std::ranges::find(out, host.host) == out.end()) out.push_back(host.host);
    }
    return out;
}

void Hosts::resolved(const std::string& host, const std::vector<IpAddress>& addresses) {
    const auto wanted = [&](const overlay::HostPort& it) { return it.host == host; };
    if (addresses.empty() || std::ranges::none_of(m_hosts, wanted)) return;
    m_addresses[host].assign(
        addresses.begin(), addresses.begin() + static_cast<std::ptrdiff_t>(std::min(addresses.size(), kMaxAddresses)));
}

std::vector<Endpoint> Hosts::endpoints() const {
    std::vector<Endpoint> out;
    for (const auto& host : m_hosts) {
        if (const auto address = IpAddress::parse(host.host)) out.push_back({*address, host.port});
        const auto found = m_addresses.find(host.host);
        if (found == m_addresses.end()) continue;
        for (const auto& address : found->second) out.push_back({address, host.port});
    }
    return out;
}

}  // namespace kith::client
