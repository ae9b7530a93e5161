// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <optional>

#include "protocol/crypto/keys.h"
#include "protocol/presence/grantmessages.h"
#include "protocol/presence/lease.h"
#include "protocol/presence/storage.h"

namespace kith::presence {

/// This device's lease under a topic of its person: makes what goes to the supernode and knows when it is due again.
class OwnLease {
public:
    /// Renewed this long after it was granted, and at random up to a minute later.
    static constexpr Duration kRenewAfter = std::chrono::minutes(7);
    /// Without an answer, or refused: once more then.
    static constexpr Duration kAskAgain = std::chrono::seconds(30);

    /// `network` and `self` stay where they are.
    OwnLease(crypto::Suite& suite, RandomSource& random, const NetworkId& network, const DeviceId& self)
        : m_suite(suite), m_random(random), m_network(network), m_self(self) {}

    /// The next lease is under this one.
    void setTopic(const ByteArray<32>& seed, const ByteArray<32>& stateKey);
    [[nodiscard]] const ByteArray<32>& topicKey() const { return m_key->publicKey(); }
    [[nodiscard]] const ByteArray<32>& stateKey() const { return m_stateKey; }
    /// What it tells from now on; nothing: there is to be none. True if that is new.
    bool setState(const std::optional<State>& state);

    void supernodeUp(Now now, const NodeId& supernode);
    void supernodeDown();
    [[nodiscard]] bool isDue(Now now) const { return m_due <= now.at; }
    [[nodiscard]] Instant nextWake() const { return m_due; }
    /// Nothing: none is to be held now.
    std::optional<Lease> make(Now now, wire::RequestId request);
    /// The one that stands, to be ended; none if there is none.
    std::optional<EndLease> end();
    /// True if it was this lease that was asked for.
    bool answered(Now now, wire::RequestId request, const Leased& answer);

private:
    crypto::Suite& m_suite;
    RandomSource& m_random;
    const NetworkId& m_network;
    const DeviceId& m_self;
    ByteArray<32> m_stateKey{};
    std::optional<crypto::SigningKey> m_key;
    LeaseId m_lease;
    std::optional<State> m_state;
    std::optional<NodeId> m_supernode;
    std::uint64_t m_sequence = 0;
    std::optional<wire::RequestId> m_asked;  ///< the newest request; until it is answered, and while it stands
    Instant m_due = kNever;
};

}  // namespace kith::presence
