// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/base/bytereader.h"
#include "protocol/crypto/hash.h"
#include "protocol/login/loginservice.h"
#include "tests/fuzz/creduloussuite.h"
#include "tests/fuzz/require.h"
#include "tests/support/authority.h"
#include "tests/support/memoryaccounts.h"
#include "tests/support/nulllog.h"

// Commands of one link to a login server that holds one account. The first byte says how far the link has got: nobody,
// a device with its credential, or signed in with the password. Then commands, each with its length (16 bit) in front.
namespace kith::fuzz {

namespace {

constexpr session::LinkNumber kLink = 1;

struct World {
    test::SeededRandom random{5};
    CredulousSuite suite;
    test::NullLog log;
    test::MemoryAccounts accounts;
    login::LoginService service;
    Now now{Instant{} + std::chrono::hours(1), UnixMillis(test::Authority::kNow)};

    explicit World(test::Authority& authority, const std::shared_ptr<crypto::Credentials>& server)
        : service(options(), {authority.issuer, server, {}}, {suite, random, log}) {}

    static login::LoginService::Options options() {
        login::LoginService::Options out;
        out.registration = overlay::Registration::Open;
        return out;
    }

    /// Carries everything out; false: the link was closed.
    bool settle() {
        login::LoginService::Output out;
        for (int i = 0; i < 10; ++i) {
            out.store.clear();
            service.take(out);
            for (const auto& request : out.store) service.receive(now, accounts.carryOut(request));
        }
        for (const auto& send : out.sends) require(send.command.size() <= wire::kMaxCommandSize);
        return out.closes.empty();
    }
};

login::DeviceRequest deviceRequest(const DeviceId& device) {
    login::DeviceRequest request;
    request.device = device;
    request.accessKeys = {ByteArray<32>{std::byte{9}}};
    return request;
}

login::Register registration(const DeviceId& device) {
    login::Register message;
    message.user = UserName::parse("alice").value();
    message.device = deviceRequest(device);
    message.deviceList = wire::encodeObjects(directory::DeviceList{UserKey{ByteArray<32>{std::byte{1}}}, 1, {device}});
    message.passwordWrap = message.recoveryWrap = Bytes(60);
    message.vaultBox = Bytes(100);
    return message;
}

}  // namespace

}  // namespace kith::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kith;
    if (size == 0) return 0;
    static test::Authority authority;
    static const auto server = authority.loginServer();
    static const DeviceId device{authority.person(UserName::parse("alice").value())->key->publicKey()};
    fuzz::World world(authority, server);

    world.service.linkOpened(world.now, fuzz::kLink, crypto::Anonymous{}, {});
    const auto registration = fuzz::registration(device);
    world.service.receive(world.now, fuzz::kLink, wire::encodeCommand(registration, 1));
    fuzz::require(world.settle() && world.accounts.accounts.size() == 1);
    if (data[0] % 3 < 2) {
        world.service.linkClosed(fuzz::kLink);
        crypto::PeerIdentity peer = crypto::Anonymous{};
        if (data[0] % 3 == 1) {
            const UserKey userKey{ByteArray<32>{std::byte{1}}};
            peer = crypto::PersonIdentity{registration.user, device, directory::personKey(userKey).bytes, {}};
        }
        world.service.linkOpened(world.now, fuzz::kLink, peer, IpAddress::v4(10, 0, 0, 1));
    }

    ByteReader reader(std::as_bytes(std::span(data, size)).subspan(1));
    for (bool open = true; open && !reader.atEnd();) {
        const auto length = reader.u16();
        if (!length) break;
        const auto command = reader.bytes(std::min<std::size_t>(*length, reader.remaining()));
        world.service.receive(world.now, fuzz::kLink, *command);
        open = world.settle();
        world.now.at += std::chrono::seconds(1);
    }
    // Nobody loses an account, and only its owner changes what is in it.
    const auto& account = world.accounts.accounts.at(registration.user);
    fuzz::require(account.userKey == UserKey{ByteArray<32>{std::byte{1}}});
    if (data[0] % 3 == 0) fuzz::require(account.epoch == 1 && account.vaultVersion == 1);
    if (data[0] % 3 == 1) fuzz::require(account.epoch == 1);
    return 0;
}
