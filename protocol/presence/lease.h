// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <chrono>

#include "protocol/crypto/suite.h"
#include "protocol/presence/messages.h"

/// What both sides of a lease agree on.
namespace kith::presence {

inline constexpr std::chrono::minutes kLeaseLife{10};
/// A lease may end this much later than its life allows: clocks are corrected by the login server's, not exact.
inline constexpr std::chrono::minutes kLeaseTolerance{5};

TopicId topicOf(const ByteArray<32>& topicKey);

SignedLease signLease(crypto::Suite& suite, const NetworkId& network, const LeaseBody& body,
                      const crypto::SigningKey& topicKey);
/// The signature alone; dates and sequence are for who holds or watches the topic.
bool verifyLease(crypto::Suite& suite, const NetworkId& network, const SignedLease& lease);

}  // namespace kith::presence
