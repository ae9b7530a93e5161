// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/crypto/suite.h"
#include "protocol/overlay/networkprofile.h"

/// A `*.kith` file: a network's link, signed by one of its login servers. An object list: link (0, text), signature (1,
/// 64 bytes), the server's chain (2).
namespace kith::overlay {

Bytes encodeProfileFile(crypto::Suite& suite, const NetworkProfile& profile, const crypto::Credentials& loginServer);
/// The signature counts only under the root key that the link itself names: it shows that nobody changed the rest.
/// Faults as parseLink(), crypto::verifyChain(); BadSignature; CertificateInvalid: not a login server's.
Result<NetworkProfile> decodeProfileFile(crypto::Suite& suite, ByteView file, UnixTime now);

}  // namespace kith::overlay
