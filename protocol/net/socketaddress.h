// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include "protocol/base/endpoint.h"

namespace kith::net {

/// An endpoint in the form of the system's calls.
struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;

    /// `v6`: for a socket of AF_INET6, where IPv4 is mapped.
    static SocketAddress from(const Endpoint& endpoint, bool v6);
    [[nodiscard]] Endpoint endpoint() const;
    [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

}  // namespace kith::net
