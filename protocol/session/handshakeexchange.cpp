// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/session/handshakeexchange.h"

#include <algorithm>

#include "protocol/crypto/hash.h"

namespace kith::session {

namespace {

using Proof = ByteArray<16>;

Proof proofOf(wire::HandshakePart& part, const crypto::Secret<16>& secret) {
    part.proof = Proof{};
    const auto mac = crypto::hmacSha256(secret.bytes, wire::encodeCommand(part));
    Proof out;
    std::copy_n(mac.begin(), out.size(), out.begin());
    return out;
}

Duration firstPto(Duration roundTrip) {
    if (roundTrip <= Duration::zero()) return HandshakeExchange::kUsualPto;
    // What the other end computes takes its time too.
    const Duration guess = 2 * roundTrip + std::chrono::milliseconds(50);
    return std::clamp(guess, HandshakeExchange::kShortestPto, HandshakeExchange::kLongestPto);
}

}  // namespace

Bytes encodeProven(wire::HandshakePart part, const crypto::Secret<16>& secret) {
    part.proof = proofOf(part, secret);
    return wire::encodeCommand(part);
}

HandshakeExchange::HandshakeExchange(Now now, Options options, std::unique_ptr<crypto::Handshake> tls)
    : m_options(std::move(options)),
      m_tls(std::move(tls)),
      m_deadline(now.at + (m_options.side == crypto::Side::Client ? kClientTime : kServerTime)),
      m_pto(firstPto(m_options.roundTrip)) {}

void HandshakeExchange::start(Now now) {
    advance(now, {});
}

void HandshakeExchange::receive(Now now, wire::HandshakePart part) {
    if (isOver() || (m_options.secret && !proves(part, *m_options.secret))) return;
    const link::LinkId from{part.ownLink};
    if (m_options.theirs && *m_options.theirs != from) return;
    m_options.theirs = from;
    acknowledged(part.received);
    if (!part.tls.empty()) receiveTls(now, part.offset, part.tls);
    const bool hasHeardAll = m_phase == Phase::Done && m_outgoing.isAcknowledged();
    if (hasHeardAll && m_options.side == crypto::Side::Client) confirm();
}

void HandshakeExchange::receiveTls(Now now, std::uint32_t offset, ByteView tls) {
    // Whatever is sent in return acknowledges, and takes this back.
    if (!m_options.isReliable) m_ackAt = std::min(m_ackAt, now.at + kAckDelay);
    if (m_incoming.add(offset, tls)) {
        const ByteView received = m_incoming.takeInOrder();
        if (!received.empty()) advance(now, received);
    }
    // A client wants to know that it got through, even where nothing is lost.
    if (m_phase == Phase::Done && m_options.side == crypto::Side::Server) m_ackAt = now.at;
}

bool HandshakeExchange::proves(wire::HandshakePart part, const crypto::Secret<16>& secret) {
    if (!part.proof) return false;
    const Proof shown = *part.proof;
    return equalInConstantTime(shown, proofOf(part, secret));
}

void HandshakeExchange::advance(Now now, ByteView received) {
    if (!m_tls) return;
    const std::uint32_t before = m_outgoing.size();
    Bytes out;
    const auto outcome = m_tls->advance(received, out);
    m_outgoing.append(out);
    if (!outcome) {
        // Perhaps an alert that tells the other end why.
        if (m_outgoing.size() > before) sendPart(m_outgoing.unacknowledged(before, wire::kMaxHandshakePart));
        fail(outcome.error().fault);
        return;
    }
    if (m_phase == Phase::Running && m_tls->isDone()) finish();
    if (m_outgoing.size() > before) {
        sendUnacknowledged();
        armTimers(now, true);
    }
}

void HandshakeExchange::finish() {
    m_phase = Phase::Done;
    m_outcome = Outcome{m_tls->peer(), m_tls->peerChain(), m_tls->takeSecrets()};
    // A client's certificate is judged after it is done: it keeps TLS until then, to read the alert if there is one.
    if (m_options.side == crypto::Side::Server) m_tls.reset();
}

void HandshakeExchange::fail(Fault fault) {
    m_phase = Phase::Failed;
    m_fault = fault;
    m_tls.reset();
}

void HandshakeExchange::confirm() {
    if (m_phase != Phase::Done) return;
    m_phase = Phase::Confirmed;
    m_tls.reset();
}

void HandshakeExchange::acknowledged(const std::vector<std::uint32_t>& ranges) {
    for (std::size_t i = 0; i + 1 < ranges.size(); i += 2) m_outgoing.acknowledge({ranges[i], ranges[i + 1]});
    if (!m_outgoing.isAcknowledged()) return;
    m_repeatAt = kNever;
    m_ptoAt = kNever;
}

void HandshakeExchange::sendUnacknowledged() {
    auto part = m_outgoing.unacknowledged(0, wire::kMaxHandshakePart);
    for (; part.begin < part.end; part = m_outgoing.unacknowledged(part.end, wire::kMaxHandshakePart)) sendPart(part);
}

void HandshakeExchange::sendPart(ByteRange range) {
    wire::HandshakePart part;
    part.role = static_cast<std::uint8_t>(m_options.role);
    part.ownLink = m_options.ours.bytes;
    if (m_options.theirs)
        part.otherLink = m_options.theirs->bytes;
    else
        part.token = m_options.token;
    part.offset = range.begin;
    part.tls = toBytes(m_outgoing.bytes(range));
    for (const ByteRange& received : m_incoming.received()) {
        part.received.push_back(received.begin);
        part.received.push_back(received.end);
    }
    m_commands.push_back(m_options.secret ? encodeProven(std::move(part), *m_options.secret)
                                          : wire::encodeCommand(part));
    m_ackAt = kNever;
}

void HandshakeExchange::armTimers(Now now, bool isFlight) {
    if (m_options.isReliable) return;
    if (isFlight) m_repeatAt = now.at + kRepeatAfter;
    m_ptoAt = now.at + m_pto;
}

void HandshakeExchange::wake(Now now) {
    if (isOver()) return;
    if (m_deadline <= now.at) {
        m_phase == Phase::Done ? confirm() : fail(Fault::TimedOut);
        return;
    }
    if (m_repeatAt <= now.at) {
        m_repeatAt = kNever;
        sendUnacknowledged();
    }
    if (m_ptoAt <= now.at) {
        m_pto = std::min(kLongestPto, m_pto * 2);
        sendUnacknowledged();
        armTimers(now, false);
    }
    if (m_ackAt <= now.at) sendPart({m_outgoing.size(), m_outgoing.size()});
}

Instant HandshakeExchange::nextWake() const {
    if (isOver()) return kNever;
    return std::min({m_deadline, m_repeatAt, m_ptoAt, m_ackAt});
}

void HandshakeExchange::take(std::vector<Bytes>& commands) {
    std::move(m_commands.begin(), m_commands.end(), std::back_inserter(commands));
    m_commands.clear();
}

std::optional<HandshakeExchange::Outcome> HandshakeExchange::takeOutcome() {
    return std::exchange(m_outcome, std::nullopt);
}

}  // namespace kith::session
