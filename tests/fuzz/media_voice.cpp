// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include <cstdint>

#include "media/audio/voicecall.h"
#include "media/rtp/packet.h"
#include "tests/fuzz/require.h"

using namespace kith;
using fuzz::require;

// What a person we talk to may send: behind SRTP, so every byte is theirs. Input: packets of (length, milliseconds to
// wait, bytes); the first byte of each tells how much of a right header it gets.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    struct Nowhere final : audio::PacketSink {
        void send(ByteView packet) override { require(packet.size() <= audio::kMaxPacket); }
    } nowhere;
    audio::VoiceSettings settings;
    settings.ssrc = 1;
    Instant now{std::chrono::hours(1)};
    audio::VoiceCall call(settings, now);
    audio::Frame frame{};
    std::uint16_t sequence = 0;
    std::uint32_t timestamp = 0;
    while (size >= 3) {
        const std::size_t length = std::min<std::size_t>(data[0], size - 3);
        const std::uint8_t how = data[2];
        const ByteView bytes(reinterpret_cast<const std::byte*>(data + 3), length);
        now += std::chrono::milliseconds(data[1] % 64);
        if (how & 1) {
            ByteArray<512> out;
            rtp::Packet packet{false, 111, sequence++, timestamp, 7, {}, bytes};
            timestamp += how & 2 ? 960U : 480U;
            if (const auto written = rtp::write(packet, out)) call.packetIn(now, ByteView(out).first(*written));
        } else {
            call.packetIn(now, bytes);
        }
        call.playback(now, frame);
        if (how & 4) call.capture(now, frame, nowhere);
        const auto statistics = call.statistics();
        require(statistics.loss >= 0 && statistics.loss <= 1 && statistics.concealed >= 0 &&
                statistics.concealed <= 1.01);
        data += 3 + length;
        size -= 3 + length;
    }
    return 0;
}
