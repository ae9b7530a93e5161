// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/base/bytes.h"

/// SRTP with AES-256-GCM written a second time, over OpenSSL and straight from the RFCs, to compare the real one with.
/// First packet of a source only: no rollover, no replay window.
namespace kith::test {

/// RFC 3711 section 4.3.1 with the AES-256 counter mode of RFC 6188: `size` bytes for this label.
Bytes deriveSessionKey(ByteView masterKey, ByteView masterSalt, std::uint8_t label, std::size_t size);

/// RFC 7714 section 8; session key and session salt, not master key.
Bytes sealRtp(ByteView key, ByteView salt, ByteView packet);
/// RFC 7714 section 9, with the encryption flag set.
Bytes sealRtcp(ByteView key, ByteView salt, std::uint32_t index, ByteView packet);

}  // namespace kith::test
