// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <benchmark/benchmark.h>

#include <chrono>

#include "protocol/crypto/password.h"
#include "protocol/login/messages.h"
#include "tests/protocol/login/loginworld.h"

// What a login costs: the password at the one who signs in (Argon2id as configured), and at the server the handshake
// and the answer with fresh papers. items_per_second is what one core does.

namespace {

using namespace kith;
using test::LoginWorld;

/// Time of the server's share only.
class Watch {
public:
    template <class Work>
    auto measure(Work work) {
        const auto from = std::chrono::steady_clock::now();
        auto result = work();
        m_spent += std::chrono::steady_clock::now() - from;
        return result;
    }
    double take() { return std::exchange(m_spent, {}).count(); }

private:
    std::chrono::duration<double> m_spent{};
};

void password(benchmark::State& state) {
    const auto user = UserName::parse("alice").value();
    for (auto _ : state)
        if (!crypto::derivePasswordKeys("correct horse", user, NetworkId{})) state.SkipWithError("no keys");
    state.SetItemsProcessed(state.iterations());
}

crypto::HandshakeOptions end(crypto::Side side, const test::Authority& authority) {
    crypto::HandshakeOptions out;
    out.side = side;
    out.alpn = "kith-login";
    out.demandPeer = side == crypto::Side::Client;
    out.trust = authority.trust();
    out.now = authority.now;
    return out;
}

void handshakeAtServer(benchmark::State& state) {
    test::Authority authority;
    crypto::ModernSuite suite;
    auto serverEnd = end(crypto::Side::Server, authority);
    serverEnd.own = authority.loginServer();
    Watch watch;
    for (auto _ : state) {
        const auto client = suite.handshake(end(crypto::Side::Client, authority));
        const auto server = watch.measure([&] { return suite.handshake(serverEnd); });
        Bytes toServer, toClient;
        bool fine = client->advance({}, toServer).has_value();
        for (int i = 0; i < 3 && fine && !toServer.empty(); ++i) {
            toClient.clear();
            fine = watch.measure([&] { return server->advance(toServer, toClient).has_value(); });
            toServer.clear();
            fine = fine && client->advance(toClient, toServer).has_value();
        }
        if (!fine || !server->isDone()) state.SkipWithError("no handshake");
        state.SetIterationTime(watch.take());
    }
    state.SetItemsProcessed(state.iterations());
}

/// Name and password right, a device that was never there: it gets a credential and access certificates.
void loginAtServer(benchmark::State& state) {
    constexpr session::LinkNumber kLink = 4'000'000;
    LoginWorld world(test::openToAll());
    world.signedUp("alice");
    Watch watch;
    for (auto _ : state) {
        const auto device = crypto::SigningKey::generate(world.random);
        login::LogIn message;
        message.user = LoginWorld::name("alice");
        message.key = LoginWorld::password("correct horse").login.bytes;
        login::DeviceRequest request;
        request.device = DeviceId{device.publicKey()};
        request.accessKeys = {crypto::SigningKey::generate(world.random).publicKey()};
        request.proof =
            crypto::sign(device, login::deviceProofMessage(world.authority.issuer.network(), message.user, request));
        message.device = request;
        const Bytes command = wire::encodeCommand(message, wire::RequestId{9});
        const bool answered = watch.measure([&] {
            world.service->linkOpened(world.now(), kLink, crypto::Anonymous{}, IpAddress::v4(10, 1, 1, 1));
            world.service->receive(world.now(), kLink, command);
            login::LoginService::Output out;
            for (world.service->take(out); !out.store.empty(); world.service->take(out))
                for (const auto& order : std::exchange(out.store, {}))
                    world.service->receive(world.now(), world.accounts.carryOut(order));
            world.service->linkClosed(kLink);
            const auto reply = out.sends.empty() ? fail(Fault::Malformed) : wire::parseCommand(out.sends[0].command);
            const auto loggedIn = reply ? wire::decode<login::LoggedIn>(*reply) : fail(Fault::Malformed);
            return loggedIn && loggedIn->papers.has_value();
        });
        if (!answered) state.SkipWithError("not let in");
        state.SetIterationTime(watch.take());
    }
    state.SetItemsProcessed(state.iterations());
}

}  // namespace

BENCHMARK(password)->Unit(benchmark::kMillisecond);
BENCHMARK(handshakeAtServer)->UseManualTime()->Unit(benchmark::kMicrosecond);
BENCHMARK(loginAtServer)->UseManualTime()->Unit(benchmark::kMicrosecond);

BENCHMARK_MAIN();
