// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/crypto/systemrandom.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "protocol/crypto/openssl.h"

namespace kith::crypto {

void SystemRandom::fill(ByteSpan out) {
    const openssl::ErrorScope errors;
    openssl::require(RAND_bytes_ex(nullptr, openssl::out(out), out.size(), 256) == 1);
}

void forgetThread() {
    OPENSSL_thread_stop();
}

}  // namespace kith::crypto
