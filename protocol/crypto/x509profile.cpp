// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/crypto/x509profile.h"

#include <algorithm>
#include <array>

#include "protocol/crypto/hash.h"

namespace kith::crypto::x509 {

namespace {

constexpr std::array kUses{Use::LoginServer, Use::Supernode, Use::Access, Use::Person};

using KeyUsages = std::unique_ptr<EXTENDED_KEY_USAGE, openssl::Deleter<EXTENDED_KEY_USAGE_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, openssl::Deleter<GENERAL_NAMES_free>>;
struct FreeStack {
    void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};
using Stack = std::unique_ptr<STACK_OF(X509), FreeStack>;

std::string prefixOf(const NetworkId& network) {
    return "kith:" + toBase64Url(network.bytes) + '/';
}

Result<Use> useOf(X509* leaf) {
    const KeyUsages usages(
        static_cast<EXTENDED_KEY_USAGE*>(X509_get_ext_d2i(leaf, NID_ext_key_usage, nullptr, nullptr)));
    if (!usages || sk_ASN1_OBJECT_num(usages.get()) != 1) return fail(Fault::CertificateInvalid, "extended key usage");
    for (const Use use : kUses) {
        const openssl::Object wanted(OBJ_txt2obj(objectIdOf(use), 1));
        openssl::require(wanted != nullptr);
        if (OBJ_cmp(wanted.get(), sk_ASN1_OBJECT_value(usages.get(), 0)) == 0) return use;
    }
    return fail(Fault::CertificateInvalid, "extended key usage");
}

Result<std::vector<std::string>> namesOf(X509* leaf) {
    const Names names(static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(leaf, NID_subject_alt_name, nullptr, nullptr)));
    const int count = names ? sk_GENERAL_NAME_num(names.get()) : 0;
    if (count < 1 || count > 2) return fail(Fault::CertificateInvalid, "subject names");
    std::vector<std::string> out;
    for (int i = 0; i < count; ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type != GEN_URI) return fail(Fault::CertificateInvalid, "subject names");
        const ASN1_IA5STRING* text = name->d.uniformResourceIdentifier;
        out.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                         static_cast<std::size_t>(ASN1_STRING_length(text)));
    }
    return out;
}

/// What follows `prefix`, if the text begins with it.
std::optional<std::string_view> after(std::string_view prefix, std::string_view text) {
    if (text.substr(0, prefix.size()) != prefix) return std::nullopt;
    return text.substr(prefix.size());
}

template <std::size_t N>
std::optional<ByteArray<N>> bytesAfter(std::string_view prefix, std::string_view text) {
    const auto rest = after(prefix, text);
    const auto bytes = rest ? fromBase64Url(*rest) : std::nullopt;
    return bytes ? toArray<N>(*bytes) : std::nullopt;
}

/// Fills in what the names say; the caller compares them with namesOf(the result), which decides.
Result<PeerIdentity> readNames(Use use, const CertificateFacts& facts, const NetworkId& network,
                               const std::vector<std::string>& names) {
    const std::string prefix = prefixOf(network);
    if (use == Use::LoginServer) return LoginServerIdentity{};
    if (use == Use::Supernode) return SupernodeIdentity{NodeId{facts.publicKey}};
    if (use == Use::Access) {
        const auto id = bytesAfter<16>(prefix + "access/", names.front());
        if (!id) return fail(Fault::CertificateInvalid, "subject names");
        return AccessIdentity{*id};
    }
    const auto text = after(prefix, names.front());
    const auto user = text ? UserName::parse(*text) : fail(Fault::CertificateInvalid, "subject names");
    const auto key = bytesAfter<32>(prefix + "key/", names.back());
    if (!user || !key) return fail(Fault::CertificateInvalid, "subject names");
    return PersonIdentity{*user, DeviceId{facts.publicKey}, *key, facts.validity.notAfter};
}

/// What the verification's callback notes.
struct Findings {
    bool dates = false;  ///< of some certificate of the chain
};

int onFinding(int ok, X509_STORE_CTX* context) {
    if (ok == 1) return 1;
    const int error = X509_STORE_CTX_get_error(context);
    if (error != X509_V_ERR_CERT_HAS_EXPIRED && error != X509_V_ERR_CERT_NOT_YET_VALID) return 0;
    static_cast<Findings*>(X509_STORE_CTX_get_app_data(context))->dates = true;
    return 1;
}

/// Signatures, dates, basic constraints and critical extensions, under exactly this root.
Result<void> verifyPath(std::span<X509* const> chain, UnixTime now) {
    const Stack between(sk_X509_new_null());
    const Stack trusted(sk_X509_new_null());
    const openssl::StoreContext context(X509_STORE_CTX_new());
    openssl::require(between && trusted && context && sk_X509_push(between.get(), chain[1]) > 0 &&
                     sk_X509_push(trusted.get(), chain[2]) > 0 &&
                     X509_STORE_CTX_init(context.get(), nullptr, chain[0], between.get()) == 1);
    X509_STORE_CTX_set0_trusted_stack(context.get(), trusted.get());
    X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(context.get()), now.time_since_epoch().count());
    X509_VERIFY_PARAM_set_depth(X509_STORE_CTX_get0_param(context.get()), 1);
    // The root's own signature says nothing that the pin doesn't, but a chain with a broken one is nobody's.
    X509_STORE_CTX_set_flags(context.get(), X509_V_FLAG_CHECK_SS_SIGNATURE);
    Findings findings;
    X509_STORE_CTX_set_app_data(context.get(), &findings);
    X509_STORE_CTX_set_verify_cb(context.get(), onFinding);
    if (X509_verify_cert(context.get()) != 1) return fail(Fault::CertificateInvalid, "chain");
    if (sk_X509_num(X509_STORE_CTX_get0_chain(context.get())) != 3)
        return fail(Fault::CertificateInvalid, "length of the chain");
    if (findings.dates) return fail(Fault::CertificateDates, "chain");
    return {};
}

}  // namespace

const char* objectIdOf(Use use) {
    switch (use) {
        case Use::LoginServer: return "2.25.256133425737355674325272799656246319264.1";
        case Use::Supernode: return "2.25.256133425737355674325272799656246319264.2";
        case Use::Access: return "2.25.256133425737355674325272799656246319264.3";
        case Use::Person: return "2.25.256133425737355674325272799656246319264.4";
    }
    return "";
}

Use useOf(const PeerIdentity& identity) {
    if (std::holds_alternative<LoginServerIdentity>(identity)) return Use::LoginServer;
    if (std::holds_alternative<SupernodeIdentity>(identity)) return Use::Supernode;
    if (std::holds_alternative<AccessIdentity>(identity)) return Use::Access;
    return Use::Person;
}

std::vector<std::string> namesOf(const PeerIdentity& identity, const NetworkId& network) {
    const std::string prefix = prefixOf(network);
    // No user name has a slash in it, so none can be taken for one of these.
    if (std::holds_alternative<LoginServerIdentity>(identity)) return {prefix + "node/login"};
    if (std::holds_alternative<SupernodeIdentity>(identity)) return {prefix + "node/super"};
    if (const auto* access = std::get_if<AccessIdentity>(&identity))
        return {prefix + "access/" + toBase64Url(access->id)};
    if (const auto* person = std::get_if<PersonIdentity>(&identity))
        return {prefix + person->user.text(), prefix + "key/" + toBase64Url(person->userKeyHash)};
    return {};
}

Result<openssl::Certificate> parse(ByteView der) {
    if (der.size() > kMaxCertificateSize) return fail(Fault::TooLarge, "certificate");
    const openssl::ErrorScope errors;
    const unsigned char* at = openssl::in(der);
    openssl::Certificate certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    if (!certificate) return fail(Fault::Malformed, "certificate");
    if (at != openssl::in(der) + der.size()) return fail(Fault::TrailingBytes, "certificate");
    return certificate;
}

Bytes encode(X509* certificate) {
    const int size = i2d_X509(certificate, nullptr);
    openssl::require(size > 0);
    Bytes out(static_cast<std::size_t>(size));
    unsigned char* at = openssl::out(out);
    openssl::require(i2d_X509(certificate, &at) == size);
    return out;
}

Result<ByteArray<32>> publicKeyOf(X509* certificate) {
    const EVP_PKEY* key = X509_get0_pubkey(certificate);
    ByteArray<32> out;
    std::size_t size = out.size();
    if (!key || EVP_PKEY_is_a(key, "ED25519") != 1 || EVP_PKEY_get_raw_public_key(key, openssl::out(out), &size) != 1 ||
        size != out.size())
        return fail(Fault::CertificateInvalid, "kind of key");
    return out;
}

Result<UnixTime> timeOf(const ASN1_TIME* time) {
    std::tm parts{};
    if (!time || ASN1_TIME_to_tm(time, &parts) != 1) return fail(Fault::CertificateInvalid, "date");
    const std::chrono::sys_days day{std::chrono::year{parts.tm_year + 1900} /
                                    std::chrono::month{static_cast<unsigned>(parts.tm_mon + 1)} /
                                    std::chrono::day{static_cast<unsigned>(parts.tm_mday)}};
    return UnixTime{day} + std::chrono::hours{parts.tm_hour} + std::chrono::minutes{parts.tm_min} +
           std::chrono::seconds{parts.tm_sec};
}

Result<CertificateFacts> factsOf(X509* leaf, const NetworkId& network) {
    const auto use = useOf(leaf);
    if (!use) return tl::make_unexpected(use.error());
    const auto names = namesOf(leaf);
    if (!names) return tl::make_unexpected(names.error());
    const auto key = publicKeyOf(leaf);
    if (!key) return tl::make_unexpected(key.error());
    const auto notBefore = timeOf(X509_get0_notBefore(leaf));
    const auto notAfter = timeOf(X509_get0_notAfter(leaf));
    if (!notBefore || !notAfter) return fail(Fault::CertificateInvalid, "date");
    CertificateFacts facts{Anonymous{}, *key, {*notBefore, *notAfter}};
    auto identity = readNames(*use, facts, network, *names);
    if (!identity) return tl::make_unexpected(identity.error());
    facts.identity = std::move(*identity);
    if (namesOf(facts.identity, network) != *names) return fail(Fault::CertificateInvalid, "subject names");
    return facts;
}

Result<PeerIdentity> verify(std::span<X509* const> chain, const Trust& trust, UnixTime now) {
    const openssl::ErrorScope errors;
    if (chain.size() != kMaxChainLength) return fail(Fault::CertificateInvalid, "length of the chain");
    const auto rootKey = publicKeyOf(chain[2]);
    if (!rootKey) return tl::make_unexpected(rootKey.error());
    if (rootKeyHash(*rootKey) != trust.rootKeyHash) return fail(Fault::WrongRootKey, "root of the chain");
    if (const auto middle = publicKeyOf(chain[1]); !middle) return tl::make_unexpected(middle.error());
    const auto path = verifyPath(chain, now);
    if (!path && path.error().fault != Fault::CertificateDates) return tl::make_unexpected(path.error());
    if (X509_check_ca(chain[0]) != 0 || (X509_get_key_usage(chain[0]) & KU_DIGITAL_SIGNATURE) == 0)
        return fail(Fault::CertificateInvalid, "use of the leaf");
    auto facts = factsOf(chain[0], trust.network);
    if (!facts) return tl::make_unexpected(facts.error());
    // Last, so that it means: nothing is wrong but the dates.
    if (!path) return tl::make_unexpected(path.error());
    return std::move(facts->identity);
}

}  // namespace kith::crypto::x509
