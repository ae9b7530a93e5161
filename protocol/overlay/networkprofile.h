// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/ids.h"
#include "protocol/base/result.h"
#include "protocol/crypto/certificate.h"

namespace kith::overlay {

enum class SuiteChoice : std::uint8_t { Modern, Classic };
/// Who may make an account: everybody, who has an invitation, or nobody but the operator.
enum class Registration : std::uint8_t { Open, Invite, Operator };

/// Where a server is: a name or an address (IPv6 in brackets) and a port, as people write it. Not looked up yet.
struct HostPort {
    std::string host;
    std::uint16_t port = 0;

    static Result<HostPort> parse(std::string_view text);
    [[nodiscard]] std::string text() const;
    friend bool operator==(const HostPort&, const HostPort&) = default;
};

/// What makes a client a member of a network.
struct NetworkProfile {
    static constexpr std::size_t kMaxLink = 1024;
    static constexpr std::size_t kMaxServers = 16;
    static constexpr std::size_t kMaxName = 64;  ///< bytes
    static constexpr std::size_t kMaxCode = 64;

    std::string name;  ///< for people; the key is what counts
    ByteArray<32> rootKeyHash{};
    std::vector<HostPort> loginServers;
    std::vector<HostPort> supernodes;  ///< empty: the login servers
    SuiteChoice suite = SuiteChoice::Modern;
    Registration registration = Registration::Invite;
    std::string code;  ///< of an invitation; may be empty

    /// `kith:join?net=NAME&key=…&at=host:port,…&sn=…&suite=modern|classic&reg=open|invite|operator&code=…`, values
    /// percent-encoded (RFC 3986), any order, unknown names passed over. Malformed, MissingField, TooLarge.
    static Result<NetworkProfile> parseLink(std::string_view link);
    /// In canonical form. Up to whoever fills the profile that it stays below kMaxLink.
    [[nodiscard]] std::string link() const;

    [[nodiscard]] const std::vector<HostPort>& firstSupernodes() const {
        return supernodes.empty() ? loginServers : supernodes;
    }
    [[nodiscard]] NetworkId network() const { return crypto::networkOf(rootKeyHash); }
    [[nodiscard]] crypto::Trust trust() const { return {network(), rootKeyHash}; }

    friend bool operator==(const NetworkProfile&, const NetworkProfile&) = default;
};

}  // namespace kith::overlay
