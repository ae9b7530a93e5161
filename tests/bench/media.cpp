// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <benchmark/benchmark.h>

#include <cmath>
#include <vector>

#include "media/audio/voicecall.h"
#include "media/jitter/timestretch.h"
#include "media/rtp/packet.h"
#include "media/srtp/session.h"

// What the sound of a call costs, step by step. A call does each a hundred times a second.

using namespace kith;

namespace {

constexpr Instant kStart{std::chrono::hours(1)};

srtp::MasterKey key(int number) {
    srtp::MasterKey out;
    out.key.fill(static_cast<std::byte>(number));
    return out;
}

Bytes packet(std::uint16_t sequence, std::size_t payload) {
    const Bytes body(payload, std::byte{0x55});
    Bytes out(payload + rtp::kHeaderSize + srtp::kOverhead);
    (void)rtp::write({false, 111, sequence, sequence * 480U, 7, {}, body}, out);
    return out;
}

void srtpProtect(benchmark::State& state) {
    srtp::KeyLedger ledger;
    auto session = srtp::Session::open(ledger, key(1), key(2));
    const auto payload = static_cast<std::size_t>(state.range(0));
    std::uint16_t sequence = 0;
    for (auto _ : state) {
        Bytes bytes = packet(sequence++, payload);
        benchmark::DoNotOptimize(session->protect(bytes, payload + rtp::kHeaderSize));
    }
}
BENCHMARK(srtpProtect)->Arg(50)->Arg(1200);

void srtpUnprotect(benchmark::State& state) {
    srtp::KeyLedger here, there;
    auto sender = srtp::Session::open(here, key(1), key(2));
    auto receiver = srtp::Session::open(there, key(2), key(1));
    const auto payload = static_cast<std::size_t>(state.range(0));
    std::uint16_t sequence = 0;
    for (auto _ : state) {
        state.PauseTiming();
        Bytes bytes = packet(sequence++, payload);
        bytes.resize(sender->protect(bytes, payload + rtp::kHeaderSize).value_or(0));
        state.ResumeTiming();
        benchmark::DoNotOptimize(receiver->unprotect(bytes));
    }
}
BENCHMARK(srtpUnprotect)->Arg(50)->Arg(1200);

void rtpParse(benchmark::State& state) {
    const Bytes bytes = packet(1, 50);
    for (auto _ : state) benchmark::DoNotOptimize(rtp::parse(bytes));
}
BENCHMARK(rtpParse);

/// Something with the overtones of a voice, for as long as it takes.
audio::Frame voice(int number) {
    audio::Frame frame;
    for (std::size_t i = 0; i < frame.size(); ++i) {
        const double t = (number * 480.0 + static_cast<double>(i)) / 48'000;
        double sum = 0;
        for (int k = 1; k < 12; ++k) sum += std::sin(2 * 3.14159265 * 120 * k * t) / k;
        frame[i] = static_cast<audio::Sample>(4000 * sum * (0.6 + 0.4 * std::sin(25 * t)));
    }
    return frame;
}

struct Outbox final : audio::PacketSink {
    std::vector<Bytes> packets;
    void send(ByteView packet) override { packets.push_back(toBytes(packet)); }
};

void capture(benchmark::State& state) {
    audio::VoiceCall call({}, kStart);
    std::vector<audio::Frame> frames;
    for (int i = 0; i < 100; ++i) frames.push_back(voice(i));
    Outbox out;
    int number = 0;
    for (auto _ : state) {
        call.capture(kStart + number * std::chrono::milliseconds(10), frames[static_cast<std::size_t>(number % 100)],
                     out);
        ++number;
        out.packets.clear();
    }
}
BENCHMARK(capture);

/// A packet in and a frame out, one in `range` packets lost.
void playback(benchmark::State& state) {
    audio::VoiceSettings settings;
    settings.ssrc = 2;
    audio::VoiceCall there(settings, kStart);
    settings.ssrc = 1;
    audio::VoiceCall here(settings, kStart);
    Outbox out;
    audio::Frame frame;
    int number = 0;
    for (auto _ : state) {
        state.PauseTiming();
        const Instant now = kStart + number * std::chrono::milliseconds(10);
        out.packets.clear();
        there.capture(now, voice(number++), out);
        const bool lost = state.range(0) > 0 && number % state.range(0) == 0;
        state.ResumeTiming();
        if (!lost)
            for (const Bytes& bytes : out.packets) here.packetIn(now, bytes);
        here.playback(now + std::chrono::milliseconds(3), frame);
    }
}
BENCHMARK(playback)->Arg(0)->Arg(10);

void stretch(benchmark::State& state) {
    std::vector<audio::Sample> sound;
    for (int i = 0; i < 3; ++i) {
        const audio::Frame frame = voice(i);
        sound.insert(sound.end(), frame.begin(), frame.end());
    }
    audio::Frame out;
    for (auto _ : state) benchmark::DoNotOptimize(jitter::TimeStretch::shorten(sound, out, 600, 1));
}
BENCHMARK(stretch);

}  // namespace

BENCHMARK_MAIN();
