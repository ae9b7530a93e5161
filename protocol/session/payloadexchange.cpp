// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/session/payloadexchange.h"

#include <algorithm>

#include "protocol/session/vectors.h"

namespace kith::session {

void PayloadExchange::send(Now now, const Endpoint& remote, ByteView command, Keep kept, link::DatagramBatch& out) {
    const auto id = static_cast<wire::FrameId>(m_random.u32());
    const std::uint32_t iv = m_random.u32();
    wire::writePayload(out.begin(remote), m_obfuscation, start(id), {m_addresses.sourceFor(remote), remote.address}, iv,
                       command);
    out.end();
    // Whoever was read under one of our addresses reads us under it.
    if (kept == Keep::Always || !m_addresses.isConfirmed(remote))
        keep(now, {remote, id, iv, now.at + kKeptFor, toBytes(command)});
}

std::optional<Bytes> PayloadExchange::receive(Now now, const Endpoint& remote, const wire::FrameView& frame,
                                              Stranger stranger, link::DatagramBatch& out) {
    if (frame.type == wire::FrameType::Resend) return receiveResend(now, remote, frame);
    return receivePayload(now, remote, frame, stranger, out);
}

std::optional<Bytes> PayloadExchange::receivePayload(Now now, const Endpoint& remote, const wire::FrameView& frame,
                                                     Stranger stranger, link::DatagramBatch& out) {
    SeenAddresses::Candidates candidates;
    auto payload = wire::readPayload(m_obfuscation, frame.id, frame.body, remote.address,
                                     m_addresses.candidates(remote, candidates));
    if (payload) {
        confirm(now, remote, payload->destination);
        return std::move(payload->command);
    }
    ++m_counters.unreadable;
    if (stranger == Stranger::Answer) nack(now, remote, frame, out);
    return std::nullopt;
}

std::optional<Bytes> PayloadExchange::receiveResend(Now now, const Endpoint& remote, const wire::FrameView& frame) {
    const auto value = wire::resendValue(frame.body);
    if (!value || !m_tokens.isValidValue(now, remote, *value)) {
        ++m_counters.resendsRefused;
        return std::nullopt;
    }
    auto resend = wire::readResend(m_obfuscation, frame.id, frame.body, remote.address);
    if (!resend) {
        ++m_counters.unreadable;
        return std::nullopt;
    }
    confirm(now, remote, resend->destination);
    return std::move(resend->command);
}

void PayloadExchange::nack(Now now, const Endpoint& remote, const wire::FrameView& frame, link::DatagramBatch& out) {
    const auto iv = wire::payloadIv(frame.body);
    // Never larger than what caused it: nobody gains by having us shout at a third.
    if (!iv || wire::nackSize(remote) > frame.body.size() + wire::kFrameHeaderSize) return;
    if (!m_limit.allow(now.at, remote.address)) {
        ++m_counters.nacksHeldBack;
        return;
    }
    Bytes& datagram = out.begin(remote);
    ByteWriter writer(datagram);
    wire::writeNack(writer, start(frame.id), {remote, *iv, m_tokens.makeValue(now, remote)});
    out.end();
    ++m_counters.nacksSent;
}

std::optional<Endpoint> PayloadExchange::receiveNack(Now now, const Endpoint& remote, const wire::FrameView& frame,
                                                     link::DatagramBatch& out) {
    const auto nack = wire::parseNack(frame.body);
    const auto kept = std::find_if(m_kept.begin(), m_kept.end(), [&](const Kept& k) {
        return nack && k.id == frame.id && k.remote == remote && k.iv == nack->iv && k.until > now.at;
    });
    if (kept == m_kept.end()) {
        ++m_counters.nacksIgnored;
        return std::nullopt;
    }
    // Once: a second nack of the same datagram is a copy.
    const Kept again = std::move(*kept);
    m_kept.erase(kept);
    m_addresses.told(now.at, remote, nack->seen.address);
    wire::writeResend(out.begin(remote), m_obfuscation, start(frame.id), {nack->seen.address, remote.address},
                      nack->value, again.command);
    out.end();
    return nack->seen;
}

void PayloadExchange::keep(Now now, Kept kept) {
    wake(now);
    if (m_kept.size() == kMostKept) m_kept.erase(m_kept.begin());
    m_kept.push_back(std::move(kept));
}

void PayloadExchange::confirm(Now now, const Endpoint& remote, const IpAddress& ours) {
    m_addresses.confirm(now.at, remote, ours);
    forget([&](const Kept& k) { return k.remote == remote; });
}

void PayloadExchange::wake(Now now) {
    forget([&](const Kept& k) { return k.until <= now.at; });
}

template <class Predicate>
void PayloadExchange::forget(Predicate which) {
    eraseIf(m_kept, which);
}

wire::FrameStart PayloadExchange::start(wire::FrameId id) {
    return {id, static_cast<std::uint8_t>(m_random.u32())};
}

}  // namespace kith::session
