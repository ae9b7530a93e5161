// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/presence/ownlease.h"

#include <algorithm>
#include <utility>

#include "protocol/crypto/hash.h"
#include "protocol/crypto/sealedbox.h"

namespace kith::presence {

namespace {

Bytes padded(const State& state) {
    State out = state;
    out.padding.emplace();
    const std::size_t size = wire::encodeObjects(out).size();
    out.padding->resize((kStateBlock - size % kStateBlock) % kStateBlock);
    return wire::encodeObjects(out);
}

}  // namespace

void OwnLease::setTopic(const ByteArray<32>& seed, const ByteArray<32>& stateKey) {
    m_key = crypto::SigningKey::fromSeed(seed);
    m_stateKey = stateKey;
    // The same after every restart, so that this device never stands there twice; tells nobody which device it is.
    const auto hash = crypto::hmacSha256(seed, m_self.bytes);
    std::copy_n(hash.begin(), LeaseId::kSize, m_lease.bytes.begin());
    m_asked.reset();
}

bool OwnLease::setState(const std::optional<State>& state) {
    if (m_state == state) return false;
    m_state = state;
    return true;
}

void OwnLease::supernodeUp(Now now, const NodeId& supernode) {
    m_supernode = supernode;
    m_asked.reset();
    m_due = m_state ? now.at : kNever;
}

void OwnLease::supernodeDown() {
    m_supernode.reset();
    m_asked.reset();
    m_due = kNever;
}

std::optional<Lease> OwnLease::make(Now now, wire::RequestId request) {
    m_due = kNever;
    if (!m_state || !m_supernode) return std::nullopt;
    LeaseBody body;
    body.topicKey = m_key->publicKey();
    body.lease = m_lease;
    m_sequence =
        std::max<std::uint64_t>(m_sequence + 1, static_cast<std::uint64_t>(now.wall.time_since_epoch().count()));
    body.sequence = m_sequence;
    body.supernode = *m_supernode;
    body.expires = now.seconds() + kLeaseLife;
    body.sealedState = crypto::sealBox(m_stateKey, m_lease.bytes, padded(*m_state), m_random);
    m_asked = request;
    m_due = now.at + kAskAgain;
    return Lease{signLease(m_suite, m_network, body, *m_key)};
}

std::optional<EndLease> OwnLease::end() {
    m_due = kNever;
    if (!std::exchange(m_asked, std::nullopt)) return std::nullopt;
    return EndLease{topicOf(m_key->publicKey()), m_lease};
}

bool OwnLease::answered(Now now, wire::RequestId request, const Leased& answer) {
    if (m_asked != request) return false;
    if (!answer.refusal) {
        m_due = now.at + kRenewAfter + m_random.within(std::chrono::minutes(1));
        return true;
    }
    // The clock was set back since this device last had its lease.
    if (answer.refusal == LeaseRefusal::Stale)
        m_sequence += static_cast<std::uint64_t>(std::chrono::milliseconds(std::chrono::hours(24)).count());
    m_due = now.at + kAskAgain;
    return true;
}

}  // namespace kith::presence
