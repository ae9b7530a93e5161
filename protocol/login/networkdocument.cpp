// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/login/networkdocument.h"

#include <algorithm>
#include <bit>

namespace kith::login {

namespace {

Bytes signedMessage(std::string_view label, const NetworkId& network, ByteView part) {
    Bytes out = toBytes(label);
    out.push_back(std::byte{0});
    append(out, network.bytes);
    append(out, part);
    return out;
}

constexpr std::string_view kRootLabel = "kith network document root 1";
constexpr std::string_view kServerLabel = "kith network document server 1";

/// Whether `entry` is one of the entries that lie behind each other in `list`.
bool contains(ByteView list, ByteView entry) {
    for (; list.size() >= entry.size(); list = list.subspan(entry.size()))
        if (std::equal(entry.begin(), entry.end(), list.begin())) return true;
    return false;
}

std::vector<ByteArray<32>> sorted(std::vector<ByteArray<32>> hashes) {
    std::ranges::sort(hashes);
    return hashes;
}

std::vector<ByteArray<32>> userKeysOf(const ServerPart& part) {
    std::vector<ByteArray<32>> out;
    for (ByteView rest = part.revokedUsers; rest.size() >= 32; rest = rest.subspan(32))
        out.push_back(*toArray<32>(rest.first(32)));
    return sorted(std::move(out));
}

template <class Part, class Signed>
Result<Part> partOf(ByteView document) {
    const auto outer = wire::decodeObjects<Signed>(document);
    if (!outer) return tl::make_unexpected(outer.error());
    return wire::decodeObjects<Part>(outer->part);
}

}  // namespace

crypto::Revocations revocationsOf(ByteView rootDocument, ByteView serverDocument) {
    crypto::Revocations out;
    if (auto root = partOf<RootPart, SignedRootPart>(rootDocument))
        out.intermediates = sorted(std::move(root->revokedIntermediates));
    if (const auto server = partOf<ServerPart, SignedServerPart>(serverDocument)) out.userKeys = userKeysOf(*server);
    return out;
}

SignedRootPart signRootPart(crypto::Suite& suite, const NetworkId& network, const RootPart& part,
                            const crypto::SigningKey& rootKey) {
    SignedRootPart out;
    out.part = wire::encodeObjects(part);
    out.signature = suite.sign(rootKey, signedMessage(kRootLabel, network, out.part));
    out.rootKey = rootKey.publicKey();
    return out;
}

SignedServerPart signServerPart(crypto::Suite& suite, const NetworkId& network, const ServerPart& part,
                                const crypto::Credentials& server) {
    SignedServerPart out;
    out.part = wire::encodeObjects(part);
    out.signature = suite.sign(*server.key, signedMessage(kServerLabel, network, out.part));
    out.server = crypto::encodeChain(server.chain);
    return out;
}

Result<void> NetworkDocument::learnRoot(crypto::Suite& suite, const crypto::Trust& trust, ByteView document) {
    const auto outer = wire::decodeObjects<SignedRootPart>(document);
    if (!outer) return tl::make_unexpected(outer.error());
    if (crypto::rootKeyHash(outer->rootKey) != trust.rootKeyHash) return fail(Fault::WrongRootKey, "network document");
    if (!suite.verify(outer->rootKey, signedMessage(kRootLabel, trust.network, outer->part), outer->signature))
        return fail(Fault::BadSignature, "network document");
    auto part = wire::decodeObjects<RootPart>(outer->part);
    if (!part) return tl::make_unexpected(part.error());
    if (m_root && part->number < m_root->number) return fail(Fault::VersionConflict, "network document");
    m_root = std::move(*part);
    m_revocations.intermediates = sorted(m_root->revokedIntermediates);
    return {};
}

Result<void> NetworkDocument::learnServer(crypto::Suite& suite, const crypto::Trust& trust, ByteView document,
                                          UnixTime now) {
    const auto outer = wire::decodeObjects<SignedServerPart>(document);
    if (!outer) return tl::make_unexpected(outer.error());
    const auto chain = crypto::decodeChain(outer->server);
    if (!chain) return tl::make_unexpected(chain.error());
    const auto identity = crypto::verifyChain(*chain, trust, now);
    if (!identity) return tl::make_unexpected(identity.error());
    const auto leaf = crypto::readLeaf(chain->front(), trust.network);
    if (!leaf || !std::holds_alternative<crypto::LoginServerIdentity>(*identity) ||
        m_revocations.isUnderRevoked(*chain))
        return fail(Fault::CertificateInvalid, "network document");
    if (!suite.verify(leaf->publicKey, signedMessage(kServerLabel, trust.network, outer->part), outer->signature))
        return fail(Fault::BadSignature, "network document");
    auto part = wire::decodeObjects<ServerPart>(outer->part);
    if (!part) return tl::make_unexpected(part.error());
    if (!std::has_single_bit(part->slotCount) || part->revokedUsers.size() % 32 != 0 ||
        part->revokedAccess.size() % 16 != 0)
        return fail(Fault::Malformed, "network document");
    if (m_server && std::pair(part->rootNumber, part->number) < std::pair(m_server->rootNumber, m_server->number))
        return fail(Fault::VersionConflict, "network document");
    m_server = std::move(*part);
    m_revocations.userKeys = userKeysOf(*m_server);
    return {};
}

bool NetworkDocument::isRevokedAccess(const ByteArray<16>& id) const {
    return m_server && contains(m_server->revokedAccess, id);
}

}  // namespace kith::login
