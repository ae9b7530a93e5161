// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/crypto/openssl.h"

#include <openssl/err.h>

#include <cstdlib>

namespace kith::crypto::openssl {

ErrorScope::ErrorScope() {
    ERR_clear_error();
}

ErrorScope::~ErrorScope() {
    ERR_clear_error();
}

void require(bool worked) {
    if (!worked) std::abort();
}

}  // namespace kith::crypto::openssl
