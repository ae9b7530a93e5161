// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <benchmark/benchmark.h>

#include "protocol/chat/messages.h"
#include "protocol/overlay/messages.h"
#include "protocol/wire/command.h"
#include "protocol/wire/obfuscation.h"

// What the layers of a message cost: its object list and the cover of a frame that is not sealed.

namespace {

using namespace kith;

/// The commonest command between people.
chat::Text shortText() {
    chat::Text text;
    text.order = 1'700'000'000'123;
    text.written = UnixMillis{std::chrono::milliseconds{1'700'000'000'123}};
    text.text = "See you at seven then? I'll bring the recipe along.";
    return text;
}

/// A list of structs: 20 supernodes.
overlay::Supernodes supernodes() {
    overlay::Supernodes all;
    for (std::uint16_t i = 0; i < 20; ++i) all.supernodes.push_back({{IpAddress::v4(0x0a000001U + i), 4000}, {}});
    return all;
}

template <class Message>
void encode(benchmark::State& state, const Message& message) {
    for (auto _ : state) benchmark::DoNotOptimize(wire::encodeCommand(message));
}

template <class Message>
void decode(benchmark::State& state, const Message& message) {
    const Bytes bytes = wire::encodeCommand(message);
    for (auto _ : state) {
        const auto command = wire::parseCommand(bytes);
        if (!command || !wire::decode<Message>(*command)) state.SkipWithError("not readable");
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}

void cover(benchmark::State& state) {
    wire::SeedObfuscation obfuscation;
    Bytes body(static_cast<std::size_t>(state.range(0)));
    std::uint32_t seed = 0;
    for (auto _ : state) benchmark::DoNotOptimize(obfuscation.cover(++seed, body));
    state.SetBytesProcessed(state.iterations() * state.range(0));
}

BENCHMARK_CAPTURE(encode, text, shortText());
BENCHMARK_CAPTURE(decode, text, shortText());
BENCHMARK_CAPTURE(encode, supernodes, supernodes());
BENCHMARK_CAPTURE(decode, supernodes, supernodes());
BENCHMARK(cover)->Arg(60)->Arg(1200);

}  // namespace

BENCHMARK_MAIN();
