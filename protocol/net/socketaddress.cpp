// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/net/socketaddress.h"

#include <cstring>

namespace kith::net {

SocketAddress SocketAddress::from(const Endpoint& endpoint, bool v6) {
    SocketAddress out;
    if (v6) {
        sockaddr_in6 address{};
        address.sin6_family = AF_INET6;
        address.sin6_port = htons(endpoint.port);
        std::memcpy(&address.sin6_addr, endpoint.address.bytes.data(), endpoint.address.bytes.size());
        std::memcpy(&out.storage, &address, sizeof address);
        out.size = sizeof address;
    } else {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(endpoint.port);
        address.sin_addr.s_addr = htonl(endpoint.address.toV4());
        std::memcpy(&out.storage, &address, sizeof address);
        out.size = sizeof address;
    }
    return out;
}

Endpoint SocketAddress::endpoint() const {
    if (storage.ss_family == AF_INET) {
        sockaddr_in address{};
        std::memcpy(&address, &storage, sizeof address);
        return {IpAddress::v4(ntohl(address.sin_addr.s_addr)), ntohs(address.sin_port)};
    }
    sockaddr_in6 address{};
    std::memcpy(&address, &storage, sizeof address);
    Endpoint out;
    std::memcpy(out.address.bytes.data(), &address.sin6_addr, out.address.bytes.size());
    out.port = ntohs(address.sin6_port);
    return out;
}

}  // namespace kith::net
