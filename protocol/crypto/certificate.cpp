// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/crypto/certificate.h"

#include <algorithm>
#include <functional>

#include "protocol/base/bytereader.h"
#include "protocol/base/bytewriter.h"
#include "protocol/crypto/hash.h"
#include "protocol/crypto/keys.h"
#include "protocol/crypto/x509profile.h"

namespace kith::crypto {

namespace {

constexpr std::string_view kRootName = "Kith root";
constexpr std::string_view kIntermediateName = "Kith login server";

/// All roots have one name and all intermediates another: their keys tell them apart.
void setName(X509_NAME* name, std::string_view text) {
    openssl::require(X509_NAME_add_entry_by_NID(name, NID_commonName, V_ASN1_UTF8STRING, openssl::in(asBytes(text)),
                                                static_cast<int>(text.size()), -1, 0) == 1);
}

/// A certificate being made: version 3, random serial number, dates and key set.
openssl::Certificate begin(const ByteArray<32>& publicKey, const Validity& validity, RandomSource& random) {
    openssl::Certificate out(X509_new());
    openssl::require(out && X509_set_version(out.get(), X509_VERSION_3) == 1);

    auto serial = random.bytes<16>();
    serial[0] = (serial[0] & std::byte{0x7f}) | std::byte{0x40};  // positive, always of one length
    const std::unique_ptr<BIGNUM, openssl::Deleter<BN_free>> number(
        BN_bin2bn(openssl::in(serial), static_cast<int>(serial.size()), nullptr));
    openssl::require(number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(out.get())) != nullptr);

    openssl::require(ASN1_TIME_set(X509_getm_notBefore(out.get()), validity.notBefore.time_since_epoch().count()) &&
                     ASN1_TIME_set(X509_getm_notAfter(out.get()), validity.notAfter.time_since_epoch().count()));
    const openssl::Key key(
        EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, openssl::in(publicKey), publicKey.size()));
    openssl::require(key && X509_set_pubkey(out.get(), key.get()) == 1);
    return out;
}

void addExtension(X509* certificate, int kind, void* value) {
    openssl::require(X509_add1_ext_i2d(certificate, kind, value, 1, X509V3_ADD_DEFAULT) == 1);
}

/// Bit numbers of RFC 5280 4.2.1.3.
void setKeyUsage(X509* certificate, int bit) {
    const std::unique_ptr<ASN1_BIT_STRING, openssl::Deleter<ASN1_BIT_STRING_free>> bits(ASN1_BIT_STRING_new());
    openssl::require(bits && ASN1_BIT_STRING_set_bit(bits.get(), bit, 1) == 1);
    addExtension(certificate, NID_key_usage, bits.get());
}

constexpr int kDigitalSignatureBit = 0;
constexpr int kCertificateSignBit = 5;

void setAuthority(X509* certificate, int below) {
    const std::unique_ptr<BASIC_CONSTRAINTS, openssl::Deleter<BASIC_CONSTRAINTS_free>> constraints(
        BASIC_CONSTRAINTS_new());
    openssl::require(constraints != nullptr);
    constraints->ca = 0xff;
    constraints->pathlen = ASN1_INTEGER_new();
    openssl::require(constraints->pathlen && ASN1_INTEGER_set(constraints->pathlen, below) == 1);
    addExtension(certificate, NID_basic_constraints, constraints.get());
    setKeyUsage(certificate, kCertificateSignBit);
}

void setUse(X509* certificate, Use use) {
    const std::unique_ptr<EXTENDED_KEY_USAGE, openssl::Deleter<EXTENDED_KEY_USAGE_free>> usages(
        EXTENDED_KEY_USAGE_new());
    openssl::Object object(OBJ_txt2obj(x509::objectIdOf(use), 1));
    openssl::require(usages && object && sk_ASN1_OBJECT_push(usages.get(), object.get()) > 0);
    (void)object.release();  // the stack's now
    addExtension(certificate, NID_ext_key_usage, usages.get());
}

void setNames(X509* certificate, const std::vector<std::string>& names) {
    const std::unique_ptr<GENERAL_NAMES, openssl::Deleter<GENERAL_NAMES_free>> list(GENERAL_NAMES_new());
    openssl::require(list != nullptr);
    for (const std::string& name : names) {
        GENERAL_NAME* entry = GENERAL_NAME_new();
        ASN1_IA5STRING* text = ASN1_IA5STRING_new();
        openssl::require(entry && text && ASN1_STRING_set(text, name.data(), static_cast<int>(name.size())) == 1);
        GENERAL_NAME_set0_value(entry, GEN_URI, text);
        openssl::require(sk_GENERAL_NAME_push(list.get(), entry) > 0);
    }
    addExtension(certificate, NID_subject_alt_name, list.get());
}

Bytes finish(X509* certificate, const SigningKey& key) {
    const openssl::Key pair(
        EVP_PKEY_new_raw_private_key_ex(nullptr, "ED25519", nullptr, openssl::in(key.seed()), key.seed().size()));
    openssl::require(pair && X509_sign(certificate, pair.get(), nullptr) > 0);
    return x509::encode(certificate);
}

/// A leaf has no subject but its alternative names (RFC 5280 4.1.2.6).
Bytes makeLeaf(const Credentials& issuer, const ByteArray<32>& publicKey, const PeerIdentity& identity,
               const NetworkId& network, const Validity& validity, RandomSource& random) {
    const openssl::ErrorScope errors;
    const auto leaf = begin(publicKey, validity, random);
    setName(X509_get_issuer_name(leaf.get()), kIntermediateName);
    setKeyUsage(leaf.get(), kDigitalSignatureBit);
    setUse(leaf.get(), x509::useOf(identity));
    setNames(leaf.get(), x509::namesOf(identity, network));
    return finish(leaf.get(), *issuer.key);
}

}  // namespace

ByteArray<32> rootKeyHash(const ByteArray<32>& rootPublicKey) {
    return sha256(rootPublicKey);
}

NetworkId networkOf(const ByteArray<32>& rootKeyHash) {
    NetworkId out;
    std::copy_n(rootKeyHash.begin(), out.bytes.size(), out.bytes.begin());
    return out;
}

Bytes makeRoot(const SigningKey& rootKey, const Validity& validity, RandomSource& random) {
    const openssl::ErrorScope errors;
    const auto root = begin(rootKey.publicKey(), validity, random);
    setName(X509_get_subject_name(root.get()), kRootName);
    openssl::require(X509_set_issuer_name(root.get(), X509_get_subject_name(root.get())) == 1);
    setAuthority(root.get(), 1);
    return finish(root.get(), rootKey);
}

Bytes makeIntermediate(const SigningKey& rootKey, const Bytes& rootCertificate, const ByteArray<32>& publicKey,
                       const Validity& validity, RandomSource& random) {
    const openssl::ErrorScope errors;
    const auto root = x509::parse(rootCertificate);
    openssl::require(root.has_value());
    const auto out = begin(publicKey, validity, random);
    setName(X509_get_subject_name(out.get()), kIntermediateName);
    openssl::require(X509_set_issuer_name(out.get(), X509_get_subject_name(root->get())) == 1);
    setAuthority(out.get(), 0);
    return finish(out.get(), rootKey);
}

Result<Issuer> Issuer::make(Credentials intermediate) {
    const openssl::ErrorScope errors;
    if (intermediate.chain.size() != 2 || !intermediate.key) return fail(Fault::CertificateInvalid, "issuer");
    const auto own = x509::parse(intermediate.chain[0]);
    const auto root = x509::parse(intermediate.chain[1]);
    if (!own || !root) return fail(Fault::CertificateInvalid, "issuer");
    const auto ownKey = x509::publicKeyOf(own->get());
    const auto rootKey = x509::publicKeyOf(root->get());
    const auto expires = x509::timeOf(X509_get0_notAfter(own->get()));
    if (!ownKey || !rootKey || !expires || *ownKey != intermediate.key->publicKey() ||
        X509_verify(own->get(), X509_get0_pubkey(root->get())) != 1)
        return fail(Fault::CertificateInvalid, "issuer");
    const std::unique_ptr<X509_NAME, openssl::Deleter<X509_NAME_free>> ourName(X509_NAME_new());
    openssl::require(ourName != nullptr);
    setName(ourName.get(), kIntermediateName);
    if (X509_NAME_cmp(X509_get_subject_name(own->get()), ourName.get()) != 0)
        return fail(Fault::CertificateInvalid, "issuer");
    Issuer out;
    out.m_own = std::move(intermediate);
    out.m_rootHash = rootKeyHash(*rootKey);
    out.m_network = networkOf(out.m_rootHash);
    out.m_expires = *expires;
    return out;
}

Bytes Issuer::loginServer(const ByteArray<32>& publicKey, const Validity& v, RandomSource& random) const {
    return makeLeaf(m_own, publicKey, LoginServerIdentity{}, m_network, v, random);
}

Bytes Issuer::supernode(const ByteArray<32>& publicKey, const Validity& v, RandomSource& random) const {
    return makeLeaf(m_own, publicKey, SupernodeIdentity{NodeId{publicKey}}, m_network, v, random);
}

Bytes Issuer::access(const ByteArray<32>& publicKey, const ByteArray<16>& id, const Validity& v,
                     RandomSource& random) const {
    return makeLeaf(m_own, publicKey, AccessIdentity{id}, m_network, v, random);
}

Bytes Issuer::person(const ByteArray<32>& publicKey, const UserName& user, const ByteArray<32>& userKeyHash,
                     const Validity& v, RandomSource& random) const {
    const PersonIdentity identity{user, DeviceId{publicKey}, userKeyHash, v.notAfter};
    return makeLeaf(m_own, publicKey, identity, m_network, v, random);
}

CertificateChain Issuer::chainOf(Bytes leaf) const {
    CertificateChain out;
    out.push_back(std::move(leaf));
    out.insert(out.end(), m_own.chain.begin(), m_own.chain.end());
    return out;
}

Result<PeerIdentity> verifyChain(const CertificateChain& chain, const Trust& trust, UnixTime now) {
    if (chain.size() > kMaxChainLength) return fail(Fault::CertificateInvalid, "length of the chain");
    std::vector<openssl::Certificate> owned;
    std::vector<X509*> certificates;
    for (const Bytes& der : chain) {
        auto certificate = x509::parse(der);
        if (!certificate) return tl::make_unexpected(certificate.error());
        certificates.push_back(certificate->get());
        owned.push_back(std::move(*certificate));
    }
    return x509::verify(certificates, trust, now);
}

Result<CertificateFacts> readLeaf(ByteView der, const NetworkId& network) {
    const openssl::ErrorScope errors;
    const auto certificate = x509::parse(der);
    if (!certificate) return tl::make_unexpected(certificate.error());
    return x509::factsOf(certificate->get(), network);
}

Bytes encodeChain(const CertificateChain& chain) {
    Bytes out;
    ByteWriter writer(out);
    writer.u8(static_cast<std::uint8_t>(chain.size()));
    for (const Bytes& der : chain) writer.u16(static_cast<std::uint16_t>(der.size())).bytes(der);
    return out;
}

Result<CertificateChain> decodeChain(ByteView bytes) {
    ByteReader reader(bytes);
    const auto count = reader.u8();
    if (!count) return tl::make_unexpected(count.error());
    if (*count > kMaxChainLength) return fail(Fault::TooLarge, "chain");
    CertificateChain chain;
    for (unsigned i = 0; i < *count; ++i) {
        const auto size = reader.u16();
        if (!size) return tl::make_unexpected(size.error());
        if (*size > kMaxCertificateSize) return fail(Fault::TooLarge, "certificate");
        const auto der = reader.bytes(*size);
        if (!der) return tl::make_unexpected(der.error());
        chain.push_back(toBytes(*der));
    }
    if (!reader.atEnd()) return fail(Fault::TrailingBytes, "chain");
    return chain;
}

}  // namespace kith::crypto
