// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/audio/codec.h"

#include <opus/opus.h>

#include <algorithm>
#include <new>

namespace kith::audio {

namespace {

const unsigned char* raw(ByteView bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

/// A talker costs a hundredth of a core at the most: nothing to save.
constexpr int kComplexity = 10;

}  // namespace

int durationOf(ByteView payload) {
    if (payload.empty()) return 0;
    const int samples = opus_packet_get_nb_samples(raw(payload), static_cast<opus_int32>(payload.size()), kSampleRate);
    return std::max(samples, 0);
}

bool carriesRecovery(ByteView payload) {
    if (payload.size() < 2) return false;
    const auto head = std::to_integer<unsigned>(payload[0]);
    const unsigned mode = head >> 3;
    const bool oneFrame = (head & 3) == 0;
    const bool stereo = (head & 4) != 0;
    if (mode >= 16 || !oneFrame || stereo) return false;  // 16 and up are CELT, which has none
    // SILK frames of 20 ms in the packet: one voice activity bit each, then the flag. Hybrid packets hold one.
    const unsigned silkFrames = mode >= 12 ? 1 : std::max(1U, mode % 4);
    return (std::to_integer<unsigned>(payload[1]) >> (7 - silkFrames) & 1) != 0;
}

void VoiceEncoder::Destroy::operator()(OpusEncoder* encoder) const {
    opus_encoder_destroy(encoder);
}

VoiceEncoder::VoiceEncoder(int bitRate, int expectedLoss, bool inBandFec) {
    int error = OPUS_OK;
    const int application = inBandFec ? OPUS_APPLICATION_VOIP : OPUS_APPLICATION_RESTRICTED_LOWDELAY;
    m_encoder.reset(opus_encoder_create(kSampleRate, 1, application, &error));
    if (!m_encoder) throw std::bad_alloc();
    opus_encoder_ctl(m_encoder.get(), OPUS_SET_BITRATE(std::clamp(bitRate, 6'000, 256'000)));
    opus_encoder_ctl(m_encoder.get(), OPUS_SET_VBR(0));
    opus_encoder_ctl(m_encoder.get(), OPUS_SET_COMPLEXITY(kComplexity));
    opus_encoder_ctl(m_encoder.get(), OPUS_SET_SIGNAL(OPUS_SIGNAL_VOICE));
    opus_encoder_ctl(m_encoder.get(), OPUS_SET_INBAND_FEC(inBandFec ? 1 : 0));
    opus_encoder_ctl(m_encoder.get(), OPUS_SET_PACKET_LOSS_PERC(std::clamp(expectedLoss, 0, 100)));
}

std::size_t VoiceEncoder::encode(const Frame& frame, ByteSpan out) {
    const int size = opus_encode(m_encoder.get(), frame.data(), kFrameSize,
                                 reinterpret_cast<unsigned char*>(out.data()), static_cast<opus_int32>(out.size()));
    return static_cast<std::size_t>(std::max(size, 0));
}

void VoiceDecoder::Destroy::operator()(OpusDecoder* decoder) const {
    opus_decoder_destroy(decoder);
}

VoiceDecoder::VoiceDecoder() {
    int error = OPUS_OK;
    m_decoder.reset(opus_decoder_create(kSampleRate, 1, &error));
    if (!m_decoder) throw std::bad_alloc();
}

int VoiceDecoder::decode(ByteView payload, SampleSpan out) {
    const int samples = opus_decode(m_decoder.get(), raw(payload), static_cast<opus_int32>(payload.size()), out.data(),
                                    static_cast<int>(out.size()), 0);
    return samples > 0 ? samples : conceal(out);
}

int VoiceDecoder::recover(ByteView payload, SampleSpan out) {
    const int samples = opus_decode(m_decoder.get(), raw(payload), static_cast<opus_int32>(payload.size()), out.data(),
                                    static_cast<int>(out.size()), 1);
    return samples > 0 ? samples : conceal(out);
}

int VoiceDecoder::conceal(SampleSpan out) {
    const int samples = opus_decode(m_decoder.get(), nullptr, 0, out.data(), static_cast<int>(out.size()), 0);
    if (samples > 0) return samples;
    std::fill(out.begin(), out.end(), Sample{0});
    return static_cast<int>(out.size());
}

void VoiceDecoder::reset() {
    opus_decoder_ctl(m_decoder.get(), OPUS_RESET_STATE);
}

}  // namespace kith::audio
