// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/presence/lease.h"

#include "protocol/crypto/hash.h"

namespace kith::presence {

namespace {

Bytes leaseMessage(const NetworkId& network, const LeaseBody& body) {
    Bytes out = toBytes("kith presence lease 1");
    out.push_back(std::byte{0});
    append(out, network.bytes);
    append(out, wire::encodeObjects(body));
    return out;
}

}  // namespace

TopicId topicOf(const ByteArray<32>& topicKey) {
    return TopicId{crypto::sha256(topicKey)};
}

SignedLease signLease(crypto::Suite& suite, const NetworkId& network, const LeaseBody& body,
                      const crypto::SigningKey& topicKey) {
    return {body, suite.sign(topicKey, leaseMessage(network, body))};
}

bool verifyLease(crypto::Suite& suite, const NetworkId& network, const SignedLease& lease) {
    return suite.verify(lease.body.topicKey, leaseMessage(network, lease.body), lease.signature);
}

}  // namespace kith::presence
