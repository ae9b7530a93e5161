// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/nullsuite.h"

#include <algorithm>

#include "protocol/base/bytereader.h"
#include "protocol/base/bytewriter.h"
#include "protocol/crypto/certificate.h"
#include "protocol/crypto/hash.h"
#include "protocol/crypto/keys.h"

namespace kith::test {

namespace {

std::optional<crypto::Use> useOf(const crypto::PeerIdentity& identity) {
    if (std::holds_alternative<crypto::LoginServerIdentity>(identity)) return crypto::Use::LoginServer;
    if (std::holds_alternative<crypto::SupernodeIdentity>(identity)) return crypto::Use::Supernode;
    if (std::holds_alternative<crypto::AccessIdentity>(identity)) return crypto::Use::Access;
    if (std::holds_alternative<crypto::PersonIdentity>(identity)) return crypto::Use::Person;
    return std::nullopt;
}

/// Flights: the client's hello (ALPN, random), the server's answer (random, chain), the client's end (chain); each with
/// its length in front.
class NullHandshake final : public crypto::Handshake {
public:
    NullHandshake(NullSuite& suite, const crypto::HandshakeOptions& options, const ByteArray<16>& random)
        : m_suite(suite), m_options(options), m_ownRandom(random) {}

    Result<void> advance(ByteView received, Bytes& out) override {
        append(m_input, received);
        if (isClient() && !m_hasBegun) {
            Bytes hello = toBytes(m_options.alpn);
            hello.insert(hello.begin(), m_ownRandom.begin(), m_ownRandom.end());
            send(out, hello);
        }
        m_hasBegun = true;
        while (!m_isDone) {
            const auto flight = nextFlight();
            if (!flight) break;
            if (const auto taken = isClient() ? takeAnswer(*flight, out) : takeFromClient(*flight, out); !taken)
                return taken;
        }
        return {};
    }
    [[nodiscard]] bool isDone() const override { return m_isDone; }
    [[nodiscard]] crypto::PeerIdentity peer() const override { return m_peer; }
    [[nodiscard]] crypto::CertificateChain peerChain() const override { return m_peerChain; }

    crypto::LinkSecrets takeSecrets() override {
        const ByteView client = isClient() ? m_ownRandom : m_otherRandom;
        const ByteView server = isClient() ? m_otherRandom : m_ownRandom;
        crypto::LinkSecrets out;
        out.secret = crypto::sha256({client, server, asBytes("secret")});
        out.clientHeaderKey = crypto::sha256({client, server, asBytes("client")});
        out.serverHeaderKey = crypto::sha256({client, server, asBytes("server")});
        return out;
    }

private:
    [[nodiscard]] bool isClient() const { return m_options.side == crypto::Side::Client; }

    static void send(Bytes& out, ByteView flight) {
        ByteWriter(out).u16(static_cast<std::uint16_t>(flight.size())).bytes(flight);
    }

    std::optional<Bytes> nextFlight() {
        ByteReader reader(m_input);
        const auto size = reader.u16();
        if (!size || reader.remaining() < *size) return std::nullopt;
        Bytes flight = toBytes(*reader.bytes(*size));
        m_input.erase(m_input.begin(), m_input.end() - static_cast<std::ptrdiff_t>(reader.remaining()));
        return flight;
    }

    Result<void> takeAnswer(ByteView flight, Bytes& out) {
        if (const auto random = takeRandom(flight); !random) return random;
        if (const auto chain = takeChain(flight.subspan(m_otherRandom.size()), true); !chain) return chain;
        send(out, ownChain());
        m_isDone = true;
        return {};
    }

    Result<void> takeFromClient(ByteView flight, Bytes& out) {
        if (m_hasHello) {
            if (const auto chain = takeChain(flight, m_options.demandPeer); !chain) return chain;
            m_isDone = true;
            return {};
        }
        if (const auto random = takeRandom(flight); !random) return random;
        if (asText(flight.subspan(m_otherRandom.size())) != m_options.alpn) return fail(Fault::Malformed, "ALPN");
        m_hasHello = true;
        Bytes answer = ownChain();
        answer.insert(answer.begin(), m_ownRandom.begin(), m_ownRandom.end());
        send(out, answer);
        return {};
    }

    Result<void> takeRandom(ByteView flight) {
        if (flight.size() < m_otherRandom.size()) return fail(Fault::Truncated, "flight");
        std::copy_n(flight.begin(), m_otherRandom.size(), m_otherRandom.begin());
        return {};
    }

    Result<void> takeChain(ByteView bytes, bool isDemanded) {
        const auto chain = crypto::decodeChain(bytes);
        if (!chain) return tl::make_unexpected(chain.error());
        if (chain->empty()) {
            if (isDemanded) return fail(Fault::CertificateInvalid, "none was shown");
            return {};
        }
        const auto identity = m_suite.identify(*chain, m_options.trust, m_options.now);
        if (!identity) return tl::make_unexpected(identity.error());
        if (m_options.peerUse && useOf(*identity) != m_options.peerUse) return fail(Fault::CertificateInvalid, "use");
        m_peer = *identity;
        m_peerChain = *chain;
        return {};
    }

    [[nodiscard]] Bytes ownChain() const {
        return crypto::encodeChain(m_options.own ? m_options.own->chain : crypto::CertificateChain{});
    }

    NullSuite& m_suite;
    crypto::HandshakeOptions m_options;
    ByteArray<16> m_ownRandom;
    ByteArray<16> m_otherRandom{};
    Bytes m_input;
    bool m_hasBegun = false;
    bool m_hasHello = false;
    bool m_isDone = false;
    crypto::PeerIdentity m_peer;
    crypto::CertificateChain m_peerChain;
};

}  // namespace

std::unique_ptr<crypto::Handshake> NullSuite::handshake(const crypto::HandshakeOptions& options) {
    return std::make_unique<NullHandshake>(*this, options, m_random.bytes<16>());
}

crypto::Signature NullSuite::sign(const crypto::SigningKey& key, ByteView message) {
    const auto digest = crypto::sha256({key.publicKey(), message});
    crypto::Signature out{};
    std::copy(digest.begin(), digest.end(), out.begin());
    return out;
}

bool NullSuite::verify(const ByteArray<32>& publicKey, ByteView message, const crypto::Signature& signature) {
    const auto digest = crypto::sha256({publicKey, message});
    return std::equal(digest.begin(), digest.end(), signature.begin());
}

Result<crypto::PeerIdentity> NullSuite::identify(const crypto::CertificateChain& chain, const crypto::Trust& trust,
                                                 UnixTime now) {
    const crypto::CertificateChain above(chain.begin() + 1, chain.end());
    const bool isProven = std::any_of(m_proven.begin(), m_proven.end(), [&](const Proven& proven) {
        return proven.above == above && proven.rootKeyHash == trust.rootKeyHash && now >= proven.at &&
               now < proven.at + std::chrono::hours(24);
    });
    if (!isProven) {
        const auto identity = crypto::verifyChain(chain, trust, now);
        if (identity) m_proven.push_back({above, trust.rootKeyHash, now});
        return identity;
    }
    const auto facts = crypto::readLeaf(chain.front(), trust.network);
    if (!facts) return tl::make_unexpected(facts.error());
    if (now < facts->validity.notBefore || now > facts->validity.notAfter) return fail(Fault::CertificateDates);
    return facts->identity;
}

}  // namespace kith::test
