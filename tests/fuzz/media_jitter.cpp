// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <cstdint>

#include "media/jitter/jitterbuffer.h"
#include "tests/fuzz/require.h"

using namespace kith;
using fuzz::require;

// A sender that may choose every timestamp and every moment, and a listener that pulls between. Each step is four
// bytes: what, when, and a number.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using Kind = jitter::Step::Kind;
    jitter::JitterBuffer buffer;
    Instant now{std::chrono::hours(1)};
    int held = 0;
    std::uint32_t timestamp = 0;
    const ByteArray<jitter::PacketStore::kMaxPayload + 1> payload{};
    for (; size >= 4; data += 4, size -= 4) {
        now += std::chrono::microseconds(data[1] * 100);
        const int number = data[2] << 8 | data[3];
        if (data[0] & 1) {
            rtp::Packet packet;
            if (data[0] & 2) timestamp += static_cast<std::uint32_t>(number - 32'768) << (data[0] >> 4);
            packet.timestamp = timestamp;
            packet.payload = ByteView(payload).first(static_cast<std::size_t>(number) % payload.size());
            static constexpr int kDurations[] = {480, 120, 960, 5760};
            buffer.insert(now, packet, kDurations[data[0] >> 2 & 3]);
            timestamp += 480;
            continue;
        }
        const int wanted = data[0] & 2 ? 240 : 480;
        const int wish = buffer.beginPull(now, wanted, held);
        require(wish >= -jitter::kSampleRate && wish <= jitter::kSampleRate);
        for (int steps = 0; held < wanted; ++steps) {
            require(steps < 100);  // it always comes to an end
            const jitter::Step step = buffer.next();
            require(step.kind == Kind::Silence || step.duration > 0);
            require(step.kind != Kind::Decode || !step.payload.empty());
            held += step.kind == Kind::Silence ? wanted - held : step.duration;
        }
        held -= wanted;
        if (wish > 0 && held >= 120) {
            held -= 120;
            buffer.stretched(120);
        } else if (wish < 0) {
            held += 120;
            buffer.stretched(-120);
        }
        require(buffer.target() <= jitter::DelayEstimator::kMaxTarget);
        (void)buffer.buffered(held);
    }
    return 0;
}
