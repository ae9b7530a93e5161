// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <vector>

#include "protocol/base/endpoint.h"
#include "protocol/overlay/networkprofile.h"

namespace kith::client {

/// The servers of a profile, as addresses. Names have to be looked up by the rim; those that could not be are asked
/// for again the next time.
class Hosts {
public:
    static constexpr std::size_t kMaxAddresses = 8;  ///< of one name

    /// `hosts`: of the profile, which stays where it is.
    explicit Hosts(const std::vector<overlay::HostPort>& hosts) : m_hosts(hosts) {}
    explicit Hosts(std::vector<overlay::HostPort>&& hosts) = delete;

    /// Names to look up now; each is answered by resolved(), empty if nothing was found.
    std::vector<std::string> unresolved() const;
    void resolved(const std::string& host, const std::vector<IpAddress>& addresses);
    /// In the order of the profile.
    [[nodiscard]] std::vector<Endpoint> endpoints() const;

private:
    const std::vector<overlay::HostPort>& m_hosts;
    std::map<std::string, std::vector<IpAddress>> m_addresses;  ///< of names that were looked up
};

}  // namespace kith::client
