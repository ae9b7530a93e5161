// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/presence/ownlease.h"

#include <algorithm>

#include "protocol/crypto/hash.h"
#include "protocol/crypto/sealedbox.h"

namespace kith::presence {

void OwnLease::setTopic(const OwnTopic& topic) {
    m_key = crypto::SigningKey::fromSeed(topic.seed);
    m_stateKey = topic.stateKey;
    // The same after every restart, so that this device never stands there twice; tells nobody which device it is.
    const auto hash = crypto::hmacSha256(topic.seed, m_self.bytes);
    std::copy_n(hash.begin(), LeaseId::kSize, m_lease.bytes.begin());
    m_asked = false;
}

void OwnLease::supernodeUp(Now now, const NodeId& supernode) {
    m_supernode = supernode;
    m_asked = false;
    m_due = now.at;
}

void OwnLease::supernodeDown() {
    m_supernode.reset();
    m_asked = false;
    m_due = kNever;
}

Lease OwnLease::make(Now now) {
    LeaseBody body;
    body.topicKey = m_key->publicKey();
    body.lease = m_lease;
    m_sequence =
        std::max<std::uint64_t>(m_sequence + 1, static_cast<std::uint64_t>(now.wall.time_since_epoch().count()));
    body.sequence = m_sequence;
    body.supernode = *m_supernode;
    body.expires = now.seconds() + kLeaseLife;
    body.sealedState = crypto::sealBox(m_stateKey, m_lease.bytes, wire::encodeObjects(State{}), m_random);
    m_asked = true;
    m_due = now.at + kAskAgain;
    return {signLease(m_suite, m_network, body, *m_key)};
}

std::optional<EndLease> OwnLease::end() {
    if (!m_asked) return std::nullopt;
    m_asked = false;
    return EndLease{topicOf(m_key->publicKey()), m_lease};
}

void OwnLease::answered(Now now, const Leased& answer) {
    if (!m_asked) return;
    if (!answer.refusal) {
        m_due = now.at + kRenewAfter + m_random.within(std::chrono::minutes(1));
        return;
    }
    // The clock was set back since this device last had its lease.
    if (answer.refusal == LeaseRefusal::Stale)
        m_sequence += static_cast<std::uint64_t>(std::chrono::milliseconds(std::chrono::hours(24)).count());
    m_due = now.at + kAskAgain;
}

}  // namespace kith::presence
