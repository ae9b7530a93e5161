// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/overlay/profilefile.h"

#include <tuple>

#include "protocol/wire/message.h"

namespace kith::overlay {

namespace {

constexpr std::string_view kLabel = "kith network profile 1";

struct ProfileFile {
    std::string link;
    ByteArray<64> signature{};
    Bytes server;

    static constexpr auto fields() {
        return std::tuple{wire::field<&ProfileFile::link>(0, "link", wire::Max{NetworkProfile::kMaxLink}),
                          wire::field<&ProfileFile::signature>(1, "signature"),
                          wire::field<&ProfileFile::server>(2, "server", wire::Max{8192})};
    }
};

Bytes signedMessage(std::string_view link) {
    Bytes out = toBytes(kLabel);
    out.push_back(std::byte{0});
    append(out, asBytes(link));
    return out;
}

}  // namespace

Bytes encodeProfileFile(crypto::Suite& suite, const NetworkProfile& profile, const crypto::Credentials& loginServer) {
    ProfileFile file;
    file.link = profile.link();
    file.signature = suite.sign(*loginServer.key, signedMessage(file.link));
    file.server = crypto::encodeChain(loginServer.chain);
    return wire::encodeObjects(file);
}

Result<NetworkProfile> decodeProfileFile(crypto::Suite& suite, ByteView file, UnixTime now) {
    const auto decoded = wire::decodeObjects<ProfileFile>(file);
    if (!decoded) return tl::make_unexpected(decoded.error());
    auto profile = NetworkProfile::parseLink(decoded->link);
    if (!profile) return profile;
    const auto chain = crypto::decodeChain(decoded->server);
    if (!chain) return tl::make_unexpected(chain.error());
    const auto identity = crypto::verifyChain(*chain, profile->trust(), now);
    if (!identity) return tl::make_unexpected(identity.error());
    if (!std::holds_alternative<crypto::LoginServerIdentity>(*identity))
        return fail(Fault::CertificateInvalid, "not a login server");
    const auto leaf = crypto::readLeaf(chain->front(), profile->network());
    if (!leaf) return tl::make_unexpected(leaf.error());
    if (!suite.verify(leaf->publicKey, signedMessage(decoded->link), decoded->signature))
        return fail(Fault::BadSignature, "profile");
    return profile;
}

}  // namespace kith::overlay
