// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <span>
#include <string>
#include <vector>

#include "protocol/crypto/certificate.h"
#include "protocol/crypto/openssl.h"

/// What our certificates hold, as OpenSSL's objects; shared by issuing, verifying and the handshake.
namespace kith::crypto::x509 {

/// The extended key usage of a leaf; 2.25 is the arc of UUIDs (ITU-T X.667).
const char* objectIdOf(Use use);
Use useOf(const PeerIdentity& identity);
/// The names in a leaf's subjectAltName, in order.
std::vector<std::string> namesOf(const PeerIdentity& identity, const NetworkId& network);

/// Malformed or TooLarge.
Result<openssl::Certificate> parse(ByteView der);
Bytes encode(X509* certificate);
/// CertificateInvalid unless it is Ed25519.
Result<ByteArray<32>> publicKeyOf(X509* certificate);
Result<UnixTime> timeOf(const ASN1_TIME* time);
Result<CertificateFacts> factsOf(X509* leaf, const NetworkId& network);

/// See verifyChain; leaf first.
Result<PeerIdentity> verify(std::span<X509* const> chain, const Trust& trust, UnixTime now);

}  // namespace kith::crypto::x509
