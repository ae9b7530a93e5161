// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/login/codetext.h"
#include "protocol/login/membership.h"
#include "protocol/login/messages.h"
#include "protocol/login/networkdocument.h"
#include "protocol/login/recoverykey.h"
#include "protocol/login/vault.h"
#include "tests/fuzz/creduloussuite.h"
#include "tests/fuzz/require.h"
#include "tests/support/authority.h"

// Everything of login that is bytes: commands, vaults, documents, codes and what a client keeps on disk. The first byte
// chooses which.
namespace kith::fuzz {

namespace {

template <class M>
void decodeAndBack(ByteView list) {
    const auto message = wire::decodeObjects<M>(list);
    if (!message) return;
    const Bytes canonical = wire::encodeObjects(*message);
    const auto again = wire::decodeObjects<M>(canonical);
    require(again && *again == *message);
}

void messages(ByteView bytes) {
    using namespace login;
    decodeAndBack<Register>(bytes);
    decodeAndBack<Registered>(bytes);
    decodeAndBack<LogIn>(bytes);
    decodeAndBack<Renew>(bytes);
    decodeAndBack<FetchVault>(bytes);
    decodeAndBack<VaultPart>(bytes);
    decodeAndBack<PutVault>(bytes);
    decodeAndBack<VaultPut>(bytes);
    decodeAndBack<SignDevices>(bytes);
    decodeAndBack<DevicesSigned>(bytes);
    decodeAndBack<FetchDocument>(bytes);
    decodeAndBack<Document>(bytes);
    decodeAndBack<CertifyNode>(bytes);
    decodeAndBack<NodeCertified>(bytes);
}

void vaults(ByteView bytes) {
    if (const auto content = login::decodeVault(bytes)) require(login::encodeVault(*content).value() == toBytes(bytes));
    if (const auto sealed = login::decodeSealed(bytes)) require(login::encodeSealed(*sealed) == toBytes(bytes));
}

void documents(ByteView bytes) {
    static test::Authority authority;
    CredulousSuite suite;
    login::NetworkDocument document;
    // Without its chain no server part gets in; what it holds is read by itself.
    static_cast<void>(document.learnRoot(suite, authority.trust(), bytes));
    static_cast<void>(document.learnServer(suite, authority.trust(), bytes, authority.now));
    decodeAndBack<login::RootPart>(bytes);
    decodeAndBack<login::ServerPart>(bytes);
}

void codes(ByteView bytes) {
    const std::string_view text = asText(bytes);
    if (const auto code = login::codeBytes(text)) require(login::codeBytes(login::codeText(*code)).value() == *code);
    if (const auto key = login::RecoveryKey::parse(text)) require(login::RecoveryKey::parse(key->text()) == *key);
}

void disk(ByteView bytes) {
    const std::size_t third = bytes.size() / 3;
    static_cast<void>(login::Membership::restore({}, bytes, bytes.first(third), bytes.subspan(third)));
}

}  // namespace

}  // namespace kith::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kith;
    if (size == 0) return 0;
    const ByteView bytes = std::as_bytes(std::span(data, size)).subspan(1);
    switch (data[0] % 5) {
        case 0: fuzz::messages(bytes); break;
        case 1: fuzz::vaults(bytes); break;
        case 2: fuzz::documents(bytes); break;
        case 3: fuzz::codes(bytes); break;
        default: fuzz::disk(bytes); break;
    }
    return 0;
}
