// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/login/paperissuer.h"

#include <algorithm>
#include <set>

namespace kith::login {

PaperIssuer::PaperIssuer(crypto::Suite& suite, RandomSource& random, crypto::Issuer issuer,
                         std::shared_ptr<const crypto::Credentials> server)
    : m_suite(suite), m_random(random), m_issuer(std::move(issuer)), m_server(std::move(server)) {}

PaperIssuer::Issued PaperIssuer::issue(UnixTime now, const Account& account, const DeviceId& device,
                                       const std::vector<ByteArray<32>>& accessKeys) {
    const auto until = [&](UnixTime end) { return std::min(end, m_issuer.expires()); };
    Issued out;
    const crypto::Validity life{now - crypto::kBackdate, until(now + crypto::kCredentialLife)};
    out.papers.credential =
        m_issuer.person(device.bytes, account.user, directory::personKey(account.userKey).bytes, life, m_random);
    UnixTime begin = now;
    for (const auto& key : accessKeys) {
        if (begin >= m_issuer.expires()) break;
        const crypto::Validity week{begin - crypto::kBackdate, until(begin + crypto::kAccessLife)};
        const IssuedAccess access{m_random.bytes<16>(), device, week.notAfter};
        out.papers.access.push_back(m_issuer.access(key, access.id, week, m_random));
        out.access.push_back(access);
        begin = begin + crypto::kAccessLife;
    }
    out.papers.above = crypto::encodeChain(m_issuer.chain());
    out.papers.devices = countersign(account.devices.list, account.devices.signature);
    out.papers.vaultVersion = account.vaultVersion;
    return out;
}

directory::SignedDeviceList PaperIssuer::countersign(const Bytes& list, const crypto::Signature& signature) {
    directory::SignedDeviceList out;
    out.list = list;
    out.signature = signature;
    out.countersignature = m_suite.sign(*m_server->key, directory::countersignatureMessage(network(), list, signature));
    out.server = crypto::encodeChain(m_server->chain);
    return out;
}

Bytes PaperIssuer::certifyNode(UnixTime now, const NodeId& node) {
    auto life = crypto::Validity::from(now, crypto::kSupernodeLife);
    life.notAfter = std::min(life.notAfter, m_issuer.expires());
    return crypto::encodeChain(m_issuer.chainOf(m_issuer.supernode(node.bytes, life, m_random)));
}

bool PaperIssuer::isNode(ByteView encoded, const NodeId& node, const crypto::Revocations& revocations,
                         UnixTime now) const {
    const auto chain = crypto::decodeChain(encoded);
    const auto identity =
        chain ? crypto::verifyChain(*chain, {m_issuer.network(), m_issuer.rootHash()}, now) : fail(Fault::Malformed);
    const auto* supernode = identity ? std::get_if<crypto::SupernodeIdentity>(&*identity) : nullptr;
    return supernode && supernode->node == node && !revocations.isUnderRevoked(*chain);
}

Result<directory::DeviceList> checkDeviceList(crypto::Suite& suite, const NetworkId& network, ByteView list,
                                              const crypto::Signature& signature) {
    auto out = wire::decodeObjects<directory::DeviceList>(list);
    if (!out) return out;
    const std::set<DeviceId> distinct(out->devices.begin(), out->devices.end());
    if (distinct.empty() || distinct.size() != out->devices.size()) return fail(Fault::Malformed, "device list");
    if (!suite.verify(out->userKey.bytes, directory::deviceListMessage(network, list), signature))
        return fail(Fault::BadSignature, "device list");
    return out;
}

}  // namespace kith::login
