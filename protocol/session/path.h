// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <variant>

#include "protocol/base/ids.h"
#include "protocol/link/carrier.h"

namespace kith::session {

/// Which service a link is for: fixes the ALPN and which certificate each side shows.
///   Login  server: LoginServer   client: none, or Person to renew
///   Node   server: Supernode     client: Access, or none (then only a channel to a login server is granted)
///   Peer   both: Person
enum class Role : std::uint8_t { Login, Node, Peer };

/// A link of this transport; never reused within a run, never 0.
using LinkNumber = std::uint32_t;
using ProbeNumber = std::uint32_t;

/// Streams have fixed numbers: one a family of commands, so that a long chat never holds up a call. Each is reliable
/// and ordered in itself.
enum class Stream : std::uint8_t { Overlay, Directory, Presence, Login, Contacts, Chat, Call };

/// Ways to another computer.
struct UdpPath {
    Endpoint remote;
    friend bool operator==(const UdpPath&, const UdpPath&) = default;
};
struct TcpPath {
    link::TcpNumber connection;
    friend bool operator==(const TcpPath&, const TcpPath&) = default;
};
/// Relayed: frames travel inside `forward` frames over the carriers of the link to our supernode.
struct ChannelPath {
    LinkNumber via;
    ChannelId channel;
    friend bool operator==(const ChannelPath&, const ChannelPath&) = default;
};
using Path = std::variant<UdpPath, TcpPath, ChannelPath>;

/// The 16 bytes that the caller gave in its rendezvous message, and the direct packets of that attempt prove.
using PeerSecret = ByteArray<16>;

/// Not for a path's text or order: for tables that are never walked through.
struct PathHash {
    std::size_t operator()(const Path& path) const noexcept;
};

}  // namespace kith::session
