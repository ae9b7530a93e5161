// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <benchmark/benchmark.h>

#include "protocol/link/packetprotection.h"
#include "protocol/link/streamframes.h"
#include "tests/support/linkpair.h"

// What a sealed packet costs: the seal by itself, a frame inside it, and a whole link.

namespace {

using namespace kith;
using namespace kith::test;
using namespace std::chrono_literals;

constexpr Instant kStart{1h};
constexpr std::size_t kOverhead = link::kHeaderSize + crypto::AeadCipher::kTagSize;

/// One end's protection; `links` of them make a server that goes from one to the next.
std::vector<std::unique_ptr<link::PacketProtection>> protections(crypto::Side side, std::size_t links) {
    std::vector<std::unique_ptr<link::PacketProtection>> all;
    for (std::size_t i = 0; i < links; ++i) {
        crypto::LinkSecrets secrets;
        secrets.secret.fill(std::byte(i));
        all.push_back(std::make_unique<link::PacketProtection>(kStart, side, secrets));
    }
    return all;
}

void seal(benchmark::State& state) {
    const auto ends = protections(crypto::Side::Client, static_cast<std::size_t>(state.range(1)));
    crypto::AeadCipher cipher;
    Bytes packet(static_cast<std::size_t>(state.range(0)) + kOverhead);
    std::uint64_t number = 0;
    for (auto _ : state) {
        ends[number % ends.size()]->seal(cipher, number, packet);
        ++number;
    }
    state.SetBytesProcessed(state.iterations() * state.range(0));
}

void open(benchmark::State& state) {
    const auto links = static_cast<std::size_t>(state.range(1));
    const auto clients = protections(crypto::Side::Client, links);
    const auto servers = protections(crypto::Side::Server, links);
    crypto::AeadCipher cipher;
    std::vector<Bytes> packets;
    for (const auto& client : clients) {
        packets.emplace_back(static_cast<std::size_t>(state.range(0)) + kOverhead);
        client->seal(cipher, 1, packets.back());
    }
    Bytes body(packets.front().size());
    std::size_t turn = 0;
    for (auto _ : state) {
        const std::size_t at = turn++ % links;
        if (!servers[at]->open(cipher, kStart, 1, packets[at], body)) state.SkipWithError("not authentic");
    }
    state.SetBytesProcessed(state.iterations() * state.range(0));
}

void readStreamFrame(benchmark::State& state) {
    const Bytes bytes = pattern(static_cast<std::size_t>(state.range(0)));
    Bytes body;
    writeFrame(body, link::StreamFrame{1, 100'000, bytes});
    for (auto _ : state) {
        ByteReader reader(body);
        benchmark::DoNotOptimize(link::readFrame(reader));
    }
}

/// A megabyte from end to end, acknowledged, in virtual time: both ends' work and the simulation's.
void transfer(benchmark::State& state) {
    const Bytes all = pattern(1'000'000);
    std::uint64_t packets = 0;
    for (auto _ : state) {
        LinkPair pair;
        pair.send(LinkPair::Client, 1, all);
        pair.drive();
        packets += pair.client().statistics().packetsSent + pair.server().statistics().packetsSent;
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(all.size()));
    state.counters["packets/s"] = benchmark::Counter(static_cast<double>(packets), benchmark::Counter::kIsRate);
}

}  // namespace

BENCHMARK(seal)->ArgNames({"bytes", "links"})->Args({60, 1})->Args({1128, 1})->Args({60, 1000})->Args({1128, 1000});
BENCHMARK(open)->ArgNames({"bytes", "links"})->Args({60, 1})->Args({1128, 1})->Args({60, 1000})->Args({1128, 1000});
BENCHMARK(readStreamFrame)->Arg(60)->Arg(1100);
BENCHMARK(transfer)->Unit(benchmark::kMillisecond);

BENCHMARK_MAIN();
