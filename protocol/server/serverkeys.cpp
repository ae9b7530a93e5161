// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/server/serverkeys.h"

#include <algorithm>

#include "protocol/crypto/hash.h"

namespace kith::server {

namespace {

crypto::Validity until(crypto::Validity validity, UnixTime atMost) {
    validity.notAfter = std::min(validity.notAfter, atMost);
    return validity;
}

std::shared_ptr<const crypto::SigningKey> shared(const ByteArray<32>& seed) {
    return std::make_shared<const crypto::SigningKey>(crypto::SigningKey::fromSeed(seed));
}

}  // namespace

ServerKeys::~ServerKeys() {
    for (auto* seed : {&intermediateSeed, &loginServerSeed, &supernodeSeed, &secret}) wipe(*seed);
}

ServerKeys ServerKeys::make(const crypto::SigningKey& rootKey, UnixTime now, RandomSource& random) {
    ServerKeys out;
    out.rootCertificate = crypto::makeRoot(rootKey, crypto::Validity::ofServer(now, crypto::kRootLife), random);
    random.fill(out.loginServerSeed);
    random.fill(out.supernodeSeed);
    random.fill(out.secret);
    static_cast<void>(out.renew(rootKey, now, random));
    return out;
}

Result<void> ServerKeys::renew(const crypto::SigningKey& rootKey, UnixTime now, RandomSource& random) {
    const auto fresh = crypto::SigningKey::generate(random);
    const Bytes certificate =
        crypto::makeIntermediate(rootKey, rootCertificate, fresh.publicKey(),
                                 crypto::Validity::ofServer(now, crypto::kIntermediateLife), random);
    auto key = std::make_shared<crypto::SigningKey>(fresh.copy());
    if (!crypto::Issuer::make({{certificate, rootCertificate}, std::move(key)})) return fail(Fault::WrongRootKey);
    intermediateCertificate = certificate;
    intermediateSeed = fresh.seed();
    return {};
}

NodeKeys::~NodeKeys() {
    for (auto* held : {&seed, &secret}) wipe(*held);
}

NodeKeys NodeKeys::make(std::string code, RandomSource& random) {
    NodeKeys out;
    random.fill(out.seed);
    random.fill(out.secret);
    out.code = std::move(code);
    return out;
}

Result<ServerIdentity> ServerIdentity::ofNode(const NodeKeys& keys, const crypto::Trust& trust) {
    ServerIdentity out;
    out.m_trust = trust;
    out.m_supernodeKey = shared(keys.seed);
    out.m_secret = crypto::Secret<32>(keys.secret);
    if (keys.chain.empty()) return out;
    auto chain = crypto::decodeChain(keys.chain);
    if (!chain) return fail(Fault::CertificateInvalid, "chain of the node");
    out.m_given =
        std::make_shared<const crypto::Credentials>(crypto::Credentials{std::move(*chain), out.m_supernodeKey});
    return out;
}

Result<ServerIdentity> ServerIdentity::make(const ServerKeys& keys) {
    auto issuer =
        crypto::Issuer::make({{keys.intermediateCertificate, keys.rootCertificate}, shared(keys.intermediateSeed)});
    if (!issuer) return tl::make_unexpected(issuer.error());
    ServerIdentity out;
    out.m_issuer = std::make_shared<const crypto::Issuer>(std::move(*issuer));
    out.m_trust = {out.m_issuer->network(), out.m_issuer->rootHash()};
    out.m_loginServerKey = shared(keys.loginServerSeed);
    out.m_supernodeKey = shared(keys.supernodeSeed);
    out.m_secret = crypto::Secret<32>(keys.secret);
    return out;
}

std::shared_ptr<const crypto::Credentials> ServerIdentity::loginServer(UnixTime now, RandomSource& random) const {
    const auto validity = until(crypto::Validity::ofServer(now, crypto::kLoginServerLife), m_issuer->expires());
    return std::make_shared<const crypto::Credentials>(crypto::Credentials{
        m_issuer->chainOf(m_issuer->loginServer(m_loginServerKey->publicKey(), validity, random)), m_loginServerKey});
}

std::shared_ptr<const crypto::Credentials> ServerIdentity::supernode(UnixTime now, RandomSource& random) const {
    if (!m_issuer) return m_given;
    const auto validity = until(crypto::Validity::from(now, crypto::kSupernodeLife), m_issuer->expires());
    return std::make_shared<const crypto::Credentials>(crypto::Credentials{
        m_issuer->chainOf(m_issuer->supernode(m_supernodeKey->publicKey(), validity, random)), m_supernodeKey});
}

ByteArray<32> ServerIdentity::derive(std::string_view label) const {
    return crypto::hkdfExpand<32>(m_secret.bytes, label);
}

}  // namespace kith::server
