// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "protocol/base/instant.h"
#include "protocol/crypto/suite.h"
#include "protocol/session/path.h"

namespace kith::session {

// What happens. The order of events is the order in which it happened.

/// The other end accepts links on UDP (command 28): its token was kept and will be shown by connect().
struct ProbeAccepted {
    ProbeNumber probe;
    Endpoint remote;
    Duration roundTrip;
};
/// Command 29. Redirected if `instead` is not empty.
struct ProbeRefused {
    ProbeNumber probe;
    Endpoint remote;
    std::vector<Endpoint> instead;
};
/// A node told us (nack) how our UDP socket looks from outside.
struct AddressLearned {
    Endpoint ours;
    Endpoint toldBy;
};
struct LinkOpened {
    LinkNumber link;
    Role role;
    bool incoming;
    crypto::PeerIdentity peer;
    crypto::CertificateChain peerChain;
    Path path;
};
/// One whole command (wire/command.h), as it came: its objects are not checked.
struct CommandReceived {
    LinkNumber link;
    Stream stream;
    Bytes command;
};
/// A protected RTP or RTCP packet that came on a validated path of this link.
struct MediaReceived {
    LinkNumber link;
    Bytes packet;
};
/// Everything that was sent on all streams up to here has been acknowledged by the other end's transport.
struct LinkDrained {
    LinkNumber link;
};
/// The path that packets prefer now; for statistics and for "signalling runs over TCP".
struct PathChanged {
    LinkNumber link;
    Path path;
};
/// A path of an open link is gone, or was never to be had; the link lives on while it has another one.
struct PathFailed {
    LinkNumber link;
    Path path;
    Fault reason;
};
/// No more events for this link. `Refused` with the other end's reason, TimedOut, CertificateInvalid …; `byPeer`: it
/// said goodbye.
struct LinkClosed {
    LinkNumber link;
    Fault reason;
    bool byPeer;
};
/// A TCP connection of openTcp() is up and its init packets are exchanged; now a link can be opened on it.
struct TcpReady {
    link::TcpNumber connection;
};
/// A connection of openTcp() never came up, or has ended other than by closeTcp().
struct TcpFailed {
    link::TcpNumber connection;
    Fault reason;
};
/// A `forward` frame on a carrier of one of our links whose channel is none of our own: for the relay of a supernode.
struct ForwardReceived {
    LinkNumber link;
    ChannelId channel;
    Bytes innerFrame;
};

using Event = std::variant<ProbeAccepted, ProbeRefused, AddressLearned, LinkOpened, CommandReceived, MediaReceived,
                           LinkDrained, PathChanged, PathFailed, LinkClosed, TcpReady, TcpFailed, ForwardReceived>;

}  // namespace kith::session
