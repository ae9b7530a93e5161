// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/login/accountstore.h"
#include "protocol/crypto/hash.h"
#include "protocol/login/codetext.h"

namespace kith::login {

std::string newInvitationCode(RandomSource& random) {
    return codeText(random.bytes<15>());
}

namespace {

ByteArray<32> hashOf(std::string_view purpose, std::string_view code) {
    // What can't be read as a code is one that nobody was given.
    const auto bytes = codeBytes(code);
    return crypto::sha256({asBytes(purpose), bytes ? ByteView(*bytes) : asBytes(code)});
}

}  // namespace

ByteArray<32> invitationHash(std::string_view code) {
    return hashOf("kith invitation", code);
}

ByteArray<32> nodeCodeHash(std::string_view code) {
    return hashOf("kith node code", code);
}

}  // namespace kith::login
