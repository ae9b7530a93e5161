// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/crypto/tlshandshake.h"

#include <openssl/err.h>

#include <array>

#include "protocol/crypto/keys.h"
#include "protocol/crypto/x509profile.h"

namespace kith::crypto {

namespace {

/// More than any honest handshake of ours: two chains of three and their signatures take 2.5 kB.
constexpr std::size_t kMaxReceived = 16 * 1024;
constexpr std::string_view kExporterLabel = "EXPORTER-kith-link";

class TlsHandshake : public Handshake {
public:
    explicit TlsHandshake(const HandshakeOptions& options);
    ~TlsHandshake() override = default;
    TlsHandshake(const TlsHandshake&) = delete;
    TlsHandshake& operator=(const TlsHandshake&) = delete;

    Result<void> advance(ByteView received, Bytes& out) override;
    [[nodiscard]] bool isDone() const override { return m_isDone; }
    [[nodiscard]] PeerIdentity peer() const override { return m_peer; }
    [[nodiscard]] CertificateChain peerChain() const override { return m_peerChain; }
    LinkSecrets takeSecrets() override;

    // Called by OpenSSL.
    int chooseProtocol(const unsigned char** chosen, unsigned char* chosenSize, ByteView offered) const;
    int judgePeer(X509_STORE_CTX* context);

private:
    Result<void> step(ByteView received);
    Result<void> proceed();
    Result<void> finish();
    Result<void> expectSilence();
    [[nodiscard]] Error failure() const;
    void setProtocol();
    void setOwn(const Credentials& own);
    void readAll(Bytes& out);

    Side m_side;
    Bytes m_protocol;  ///< length byte, name
    Trust m_trust;
    UnixTime m_now;
    std::optional<Use> m_peerUse;
    openssl::Connection m_tls;
    std::size_t m_received = 0;
    bool m_isDone = false;
    std::optional<Error> m_failed;
    std::optional<Error> m_peerFault;  ///< why judgePeer said no
    PeerIdentity m_peer = Anonymous{};
    CertificateChain m_peerChain;
};

TlsHandshake* ownerOf(const SSL* tls) {
    return static_cast<TlsHandshake*>(SSL_get_app_data(tls));
}

int onChooseProtocol(SSL* tls, const unsigned char** chosen, unsigned char* chosenSize, const unsigned char* offered,
                     unsigned offeredSize, void*) {
    return ownerOf(tls)->chooseProtocol(chosen, chosenSize,
                                        ByteView(reinterpret_cast<const std::byte*>(offered), offeredSize));
}

int onJudgePeer(X509_STORE_CTX* context, void*) {
    const auto* tls =
        static_cast<const SSL*>(X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx()));
    return ownerOf(tls)->judgePeer(context);
}

openssl::ConnectionContext makeContext(Side side) {
    openssl::ConnectionContext context(SSL_CTX_new(side == Side::Client ? TLS_client_method() : TLS_server_method()));
    SSL_CTX* c = context.get();
    openssl::require(c != nullptr && SSL_CTX_set_min_proto_version(c, TLS1_3_VERSION) == 1 &&
                     SSL_CTX_set_max_proto_version(c, TLS1_3_VERSION) == 1 &&
                     SSL_CTX_set_ciphersuites(c, "TLS_AES_256_GCM_SHA384") == 1 &&
                     SSL_CTX_set1_groups_list(c, "X25519") == 1 && SSL_CTX_set1_sigalgs_list(c, "ed25519") == 1 &&
                     SSL_CTX_set1_client_sigalgs_list(c, "ed25519") == 1 && SSL_CTX_set_num_tickets(c, 0) == 1 &&
                     SSL_CTX_set_max_early_data(c, 0) == 1);
    SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(c, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_clear_options(c, SSL_OP_ENABLE_MIDDLEBOX_COMPAT);
    SSL_CTX_set_max_cert_list(c, 3 * (kMaxCertificateSize + 16));
    SSL_CTX_set_cert_verify_callback(c, onJudgePeer, nullptr);
    SSL_CTX_set_alpn_select_cb(c, onChooseProtocol, nullptr);
    return context;
}

/// What all handshakes of a side have in common; making it takes longer than a handshake.
SSL_CTX* contextOf(Side side) {
    static const openssl::ConnectionContext client = makeContext(Side::Client);
    static const openssl::ConnectionContext server = makeContext(Side::Server);
    return side == Side::Client ? client.get() : server.get();
}

/// The alert that tells the other end, by way of OpenSSL's own table.
int verifyCodeOf(Fault fault) {
    switch (fault) {
        case Fault::WrongRootKey: return X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN;
        case Fault::CertificateDates: return X509_V_ERR_CERT_HAS_EXPIRED;
        default: return X509_V_ERR_CERT_REJECTED;
    }
}

TlsHandshake::TlsHandshake(const HandshakeOptions& options)
    : m_side(options.side),
      m_trust(options.trust),
      m_now(options.now),
      m_peerUse(options.peerUse),
      m_tls(SSL_new(contextOf(options.side))) {
    const openssl::ErrorScope errors;
    openssl::require(m_tls && options.alpn.size() < 256);
    m_protocol.push_back(static_cast<std::byte>(options.alpn.size()));
    append(m_protocol, asBytes(options.alpn));
    SSL_set_app_data(m_tls.get(), this);
    BIO* in = BIO_new(BIO_s_mem());
    BIO* out = BIO_new(BIO_s_mem());
    openssl::require(in && out);
    BIO_set_mem_eof_return(in, -1);
    SSL_set_bio(m_tls.get(), in, out);
    const bool demands = options.side == Side::Client || options.demandPeer;
    SSL_set_verify(m_tls.get(), SSL_VERIFY_PEER | (demands ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0), nullptr);
    if (m_side == Side::Client) {
        SSL_set_connect_state(m_tls.get());
        setProtocol();
    } else {
        SSL_set_accept_state(m_tls.get());
    }
    if (options.own) setOwn(*options.own);
}

void TlsHandshake::setProtocol() {
    // Zero means success, alone among these functions.
    openssl::require(
        SSL_set_alpn_protos(m_tls.get(), openssl::in(m_protocol), static_cast<unsigned>(m_protocol.size())) == 0);
}

void TlsHandshake::setOwn(const Credentials& own) {
    std::vector<openssl::Certificate> owned;
    for (const Bytes& der : own.chain) {
        auto certificate = x509::parse(der);
        if (certificate) owned.push_back(std::move(*certificate));
    }
    if (!own.key || owned.size() != own.chain.size() || owned.empty()) {
        m_failed = Error{Fault::CertificateInvalid, "own certificate"};
        return;
    }
    const openssl::Key key(EVP_PKEY_new_raw_private_key_ex(nullptr, "ED25519", nullptr, openssl::in(own.key->seed()),
                                                           own.key->seed().size()));
    if (!key || SSL_use_certificate(m_tls.get(), owned[0].get()) != 1 ||
        SSL_use_PrivateKey(m_tls.get(), key.get()) != 1) {
        m_failed = Error{Fault::CertificateInvalid, "own certificate"};
        return;
    }
    for (std::size_t i = 1; i < owned.size(); ++i)
        openssl::require(SSL_add1_chain_cert(m_tls.get(), owned[i].get()) == 1);
}

int TlsHandshake::chooseProtocol(const unsigned char** chosen, unsigned char* chosenSize, ByteView offered) const {
    unsigned char* match = nullptr;
    if (SSL_select_next_proto(&match, chosenSize, openssl::in(m_protocol), static_cast<unsigned>(m_protocol.size()),
                              openssl::in(offered), static_cast<unsigned>(offered.size())) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *chosen = match;
    return SSL_TLSEXT_ERR_OK;
}

int TlsHandshake::judgePeer(X509_STORE_CTX* context) {
    const STACK_OF(X509)* shown = X509_STORE_CTX_get0_untrusted(context);
    std::vector<X509*> chain;
    for (int i = 0; i < sk_X509_num(shown); ++i) chain.push_back(sk_X509_value(shown, i));
    auto identity = x509::verify(chain, m_trust, m_now);
    if (identity && m_peerUse && x509::useOf(*identity) != *m_peerUse)
        identity = fail(Fault::CertificateInvalid, "use of the leaf");
    if (!identity) {
        m_peerFault = identity.error();
        X509_STORE_CTX_set_error(context, verifyCodeOf(identity.error().fault));
        return 0;
    }
    m_peer = std::move(*identity);
    for (X509* certificate : chain) m_peerChain.push_back(x509::encode(certificate));
    return 1;
}

Result<void> TlsHandshake::advance(ByteView received, Bytes& out) {
    if (m_failed) return tl::make_unexpected(*m_failed);
    const openssl::ErrorScope errors;
    const auto outcome = step(received);
    if (!outcome) m_failed = outcome.error();
    readAll(out);
    return outcome;
}

Result<void> TlsHandshake::step(ByteView received) {
    m_received += received.size();
    if (m_received > kMaxReceived) return fail(Fault::TooLarge, "handshake");
    if (!received.empty())
        openssl::require(BIO_write(SSL_get_rbio(m_tls.get()), received.data(), static_cast<int>(received.size())) ==
                         static_cast<int>(received.size()));
    if (!m_isDone)
        if (const auto outcome = proceed(); !outcome) return outcome;
    return m_isDone ? expectSilence() : Result<void>{};
}

Result<void> TlsHandshake::proceed() {
    const int outcome = SSL_do_handshake(m_tls.get());
    if (outcome == 1) return finish();
    if (SSL_get_error(m_tls.get(), outcome) == SSL_ERROR_WANT_READ) return {};
    return tl::make_unexpected(failure());
}

Result<void> TlsHandshake::finish() {
    const unsigned char* protocol = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(m_tls.get(), &protocol, &size);
    const ByteView agreed(reinterpret_cast<const std::byte*>(protocol), size);
    if (!std::ranges::equal(agreed, ByteView(m_protocol).subspan(1))) return fail(Fault::Refused, "ALPN");
    m_isDone = true;
    return {};
}

/// Nothing but an alert may follow: it tells a client that its certificate was not accepted.
Result<void> TlsHandshake::expectSilence() {
    char unwanted = 0;
    const int outcome = SSL_read(m_tls.get(), &unwanted, 1);
    if (outcome > 0) return fail(Fault::Malformed, "data after the handshake");
    if (SSL_get_error(m_tls.get(), outcome) == SSL_ERROR_WANT_READ) return {};
    return tl::make_unexpected(failure());
}

Error TlsHandshake::failure() const {
    if (m_peerFault) return *m_peerFault;
    const int reason = ERR_GET_REASON(ERR_peek_error());
    switch (reason) {
        case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE: return {Fault::CertificateInvalid, "no certificate was shown"};
        case SSL_R_NO_APPLICATION_PROTOCOL: return {Fault::Refused, "ALPN"};
        case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED: return {Fault::CredentialExpired, "alert"};
        default: break;
    }
    if (reason >= SSL_AD_REASON_OFFSET && reason < SSL_AD_REASON_OFFSET + 256) return {Fault::Refused, "alert"};
    return {Fault::Malformed, "handshake"};
}

void TlsHandshake::readAll(Bytes& out) {
    BIO* from = SSL_get_wbio(m_tls.get());
    const std::size_t pending = BIO_ctrl_pending(from);
    if (pending == 0) return;
    const std::size_t before = out.size();
    out.resize(before + pending);
    openssl::require(BIO_read(from, out.data() + before, static_cast<int>(pending)) == static_cast<int>(pending));
}

LinkSecrets TlsHandshake::takeSecrets() {
    const openssl::ErrorScope errors;
    ByteArray<96> material;
    openssl::require(m_isDone &&
                     SSL_export_keying_material(m_tls.get(), openssl::out(material), material.size(),
                                                kExporterLabel.data(), kExporterLabel.size(), nullptr, 0, 0) == 1);
    LinkSecrets out;
    std::copy_n(material.begin(), 32, out.secret.begin());
    std::copy_n(material.begin() + 32, 32, out.clientHeaderKey.begin());
    std::copy_n(material.begin() + 64, 32, out.serverHeaderKey.begin());
    wipe(material);
    return out;
}

}  // namespace

std::unique_ptr<Handshake> makeTlsHandshake(const HandshakeOptions& options) {
    return std::make_unique<TlsHandshake>(options);
}

}  // namespace kith::crypto
