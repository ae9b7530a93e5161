// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "protocol/base/instant.h"
#include "protocol/crypto/secret.h"
#include "protocol/crypto/suite.h"
#include "protocol/link/link.h"
#include "protocol/session/path.h"
#include "protocol/session/tlsstream.h"

namespace kith::session {

/// One TLS handshake as seen by one end, carried in commands 30 of which any may be lost, doubled or late: what was
/// not acknowledged is sent again by PTO (RFC 9002 6.2, without samples: the first guess doubles), and on carriers that
/// lose, each flight is sent twice, 15 ms apart.
class HandshakeExchange {
public:
    static constexpr Duration kRepeatAfter = std::chrono::milliseconds(15);
    static constexpr Duration kAckDelay = std::chrono::milliseconds(5);
    static constexpr Duration kShortestPto = std::chrono::milliseconds(100);
    static constexpr Duration kUsualPto = std::chrono::milliseconds(500);
    static constexpr Duration kLongestPto = std::chrono::seconds(2);
    static constexpr Duration kClientTime = std::chrono::seconds(15);
    static constexpr Duration kServerTime = std::chrono::seconds(10);

    struct Options {
        Role role{};
        crypto::Side side = crypto::Side::Client;
        link::LinkId ours;
        std::optional<link::LinkId> theirs;  ///< a server knows it from the start
        std::optional<Bytes> token;
        std::optional<crypto::Secret<16>> secret;  ///< proofs are made and demanded
        bool isReliable = false;                   ///< TCP: nothing is sent twice
        Duration roundTrip{};                      ///< a first guess; zero: none
    };
    /// Running: TLS goes on. Done: it is complete here, what we sent last may still be on its way. Confirmed: the other
    /// end has everything; of no more use. Failed: see fault().
    enum class Phase : std::uint8_t { Running, Done, Confirmed, Failed };

    HandshakeExchange(Now now, Options options, std::unique_ptr<crypto::Handshake> tls);

    /// Whether the command was made by somebody who knows the secret.
    static bool proves(wire::HandshakePart part, const crypto::Secret<16>& secret);

    /// A client's first flight.
    void start(Now now);

    // Doors.
    void receive(Now now, wire::HandshakePart part);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const;
    /// Appends commands, each to go into a frame of its own.
    void take(std::vector<Bytes>& commands);

    /// The other end has proved that it has all of it, by a packet of the link.
    void confirm();

    [[nodiscard]] Phase phase() const { return m_phase; }
    [[nodiscard]] Fault fault() const { return m_fault; }
    [[nodiscard]] const Options& options() const { return m_options; }
    /// Once, when the phase has become Done.
    struct Outcome {
        crypto::PeerIdentity peer;
        crypto::CertificateChain peerChain;
        crypto::LinkSecrets secrets;
    };
    [[nodiscard]] std::optional<Outcome> takeOutcome();

private:
    void receiveTls(Now now, std::uint32_t offset, ByteView tls);
    void advance(Now now, ByteView received);
    void finish();
    void fail(Fault fault);
    void acknowledged(const std::vector<std::uint32_t>& ranges);
    void sendUnacknowledged();
    void sendPart(ByteRange range);
    void armTimers(Now now, bool isFlight);
    [[nodiscard]] bool isOver() const { return m_phase == Phase::Confirmed || m_phase == Phase::Failed; }

    Options m_options;
    std::unique_ptr<crypto::Handshake> m_tls;
    TlsOutgoing m_outgoing;
    TlsIncoming m_incoming;
    Phase m_phase = Phase::Running;
    Fault m_fault{};
    std::optional<Outcome> m_outcome;
    Instant m_deadline;
    Instant m_repeatAt = kNever;
    Instant m_ptoAt = kNever;
    Instant m_ackAt = kNever;
    Duration m_pto;
    std::vector<Bytes> m_commands;
};

/// Command 30 with its proof under the attempt's secret.
Bytes encodeProven(wire::HandshakePart part, const crypto::Secret<16>& secret);

}  // namespace kith::session
