// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/base/bytereader.h"
#include "protocol/base/bytewriter.h"
#include "protocol/crypto/hash.h"
#include "protocol/login/login.h"
#include "protocol/login/messages.h"
#include "tests/fuzz/creduloussuite.h"
#include "tests/fuzz/require.h"
#include "tests/support/authority.h"

// What a login server answers a client. The first byte says what the client is about; then object lists with their
// length (16 bit) in front, each of which is put into the answer to what was asked last. The corpus holds conversations
// that come to a good end: keys are the same in every run, so certificates and seals in there fit.
namespace kith::fuzz {

namespace {

crypto::PasswordKeys somePassword() {
    crypto::PasswordKeys keys;
    keys.login = crypto::Secret<32>(crypto::sha256(asBytes("login")));
    keys.vault = crypto::Secret<32>(crypto::sha256(asBytes("vault")));
    return keys;
}

/// The answer that belongs to this question, with these objects in it.
Bytes answerTo(ByteView question, ByteView objects) {
    const auto asked = wire::parseCommand(question).value();
    return wire::detail::wrapCommand(asked.number + 1, true, asked.requestId, objects);
}

}  // namespace

}  // namespace kith::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kith;
    if (size == 0) return 0;
    static test::Authority authority;
    test::SeededRandom random(5);
    fuzz::CredulousSuite suite;
    login::Login client(authority.trust(), {suite, random});
    Now now{Instant{} + std::chrono::hours(1), UnixMillis(authority.now)};
    const auto user = UserName::parse("alice").value();
    switch (data[0] % 3) {
        case 0: client.signUp(now, user, "Alice", fuzz::somePassword(), ""); break;
        case 1: client.signIn(now, user, fuzz::somePassword()); break;
        default: client.recover(now, user, login::RecoveryKey::generate(random), fuzz::somePassword()); break;
    }
    client.linkOpened(now);

    ByteReader reader(std::as_bytes(std::span(data, size)).subspan(1));
    for (;;) {
        login::Login::Output out;
        client.take(out);
        const auto length = reader.u16();
        if (out.sends.empty() || !length) break;
        const auto objects = reader.bytes(std::min<std::size_t>(*length, reader.remaining()));
        const Bytes answer = fuzz::answerTo(out.sends.back(), *objects);
        if (const auto command = wire::parseCommand(answer)) client.receive(now, *command);
        now.at += std::chrono::milliseconds(30);
        client.wake(now);
    }
    // Who is in, is who was asked for, with the user key of the vault and a chain under the root key.
    if (const login::Membership* m = client.membership()) {
        const auto identity = crypto::verifyChain(m->device->chain, authority.trust(), authority.now);
        fuzz::require(identity && std::get<crypto::PersonIdentity>(*identity).user == user);
        fuzz::require(m->user == user && m->userSigningKey->publicKey() == m->userKey.bytes);
        fuzz::require(!m->access.empty());
    }
    return 0;
}
