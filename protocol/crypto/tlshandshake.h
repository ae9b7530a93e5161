// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <memory>

#include "protocol/crypto/suite.h"

namespace kith::crypto {

/// TLS 1.3 with X25519, TLS_AES_256_GCM_SHA384 and Ed25519 certificates; no tickets, resumption or early data. The
/// exporter is used once, label "EXPORTER-kith-link", no context, 96 bytes: secret(0), client's and server's header
/// key. The session key shares come from OpenSSL's own generator.
std::unique_ptr<Handshake> makeTlsHandshake(const HandshakeOptions& options);

}  // namespace kith::crypto
