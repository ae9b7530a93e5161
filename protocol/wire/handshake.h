// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/wire/probe.h"

namespace kith::wire {

/// How many bytes of TLS go into one handshake command, so that it fits one datagram whatever else is in it.
inline constexpr std::size_t kMaxHandshakePart = 960;
/// How far a handshake may go in one direction, all parts together.
inline constexpr std::size_t kMaxHandshakeStream = 32 * 1024;
/// Ranges that one command acknowledges.
inline constexpr std::size_t kMaxHandshakeRanges = 8;

/// A part of one direction of a TLS handshake, and what came of the other. Each stands for itself: parts are repeated
/// until they are acknowledged and may come in any order. No request id, no reply.
struct HandshakePart {
    static constexpr CommandNumber kNumber = 30;
    static constexpr bool kReply = false;
    static constexpr std::string_view kName = "HandshakePart";

    /// Which service the link is for: a session::Role. Fixes the ALPN.
    std::uint8_t role = 0;
    /// What the other end is to put into packets for this end.
    ByteArray<8> ownLink{};
    /// The other end's, as soon as it was heard.
    std::optional<ByteArray<8>> otherLink;
    /// Only the opener: from the accept of its probe.
    std::optional<Bytes> token;
    /// Between people: HMAC-SHA-256 under the attempt's secret over this command with a proof of zeros, cut to 16.
    std::optional<ByteArray<16>> proof;
    /// Where `tls` belongs in this direction's stream; an empty part only acknowledges.
    std::uint32_t offset = 0;
    Bytes tls;
    /// What came of the other direction: begin and end of each range, one behind the other, ascending.
    std::vector<std::uint32_t> received;

    static constexpr auto fields() {
        return std::tuple{field<&HandshakePart::role>(0, "role"),
                          field<&HandshakePart::ownLink>(1, "ownLink"),
                          field<&HandshakePart::otherLink>(2, "otherLink"),
                          field<&HandshakePart::token>(3, "token", Max{kMaxToken}),
                          field<&HandshakePart::proof>(4, "proof"),
                          field<&HandshakePart::offset>(5, "offset"),
                          field<&HandshakePart::tls>(6, "tls", Max{kMaxHandshakePart}),
                          field<&HandshakePart::received>(7, "received", Max{2 * kMaxHandshakeRanges})};
    }
};

/// All commands that exist outside links.
using OutsideMessages = MessageList<Probe, ProbeAccept, ProbeRefuse, HandshakePart>;

}  // namespace kith::wire
