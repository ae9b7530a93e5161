// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/link/packetprotection.h"
#include "protocol/link/streamframes.h"
#include "tests/support/linkpair.h"

namespace kith::test {

/// A client of a LinkPair that has the keys and follows no rules: seals any body for the pair's server.
class SealedByHand {
public:
    explicit SealedByHand(LinkPair& pair)
        : m_pair(pair), m_secrets(LinkPair::secrets()), m_protection(pair.now().at, crypto::Side::Client, m_secrets) {}

    link::Link::Arrival send(ByteView body) {
        Bytes packet = toBytes(m_pair.server().ids().front().bytes);
        packet.resize(link::kHeaderSize);
        append(packet, body);
        packet.resize(packet.size() + crypto::AeadCipher::kTagSize);
        // Far from the numbers that the pair's own client used.
        m_protection.seal(crypto::AeadCipher::ofThisThread(), m_number++, packet);
        return m_pair.server().receive(m_pair.now(), link::kFirstPath, packet);
    }

private:
    LinkPair& m_pair;
    crypto::LinkSecrets m_secrets;
    link::PacketProtection m_protection;
    std::uint64_t m_number = 1'000'000;
};

}  // namespace kith::test
