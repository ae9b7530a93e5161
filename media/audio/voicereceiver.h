// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <array>

#include "media/audio/codec.h"
#include "media/jitter/jitterbuffer.h"

namespace kith::audio {

/// How many samples of what was played came from where, since the start.
struct PlayedSamples {
    std::uint64_t all = 0;
    std::uint64_t concealed = 0;  ///< made up for what was missing
    std::uint64_t recovered = 0;  ///< from in-band FEC
    std::uint64_t silent = 0;     ///< nothing came for long
    std::uint64_t shortened = 0;  ///< taken out by stretching
    std::uint64_t lengthened = 0;
};

/// From packets to sound: jitter buffer, decoder and time stretching of one talker. Allocates nothing after its
/// construction.
class VoiceReceiver {
public:
    VoiceReceiver();

    /// An authenticated RTP packet of this talker's payload type.
    void insert(Instant arrival, const rtp::Packet& packet);
    /// The next `out.size()` samples, at most kFrameSize; all pulls should be equally long.
    void pull(Instant now, SampleSpan out);

    [[nodiscard]] const PlayedSamples& played() const { return m_played; }
    [[nodiscard]] const jitter::JitterBuffer& buffer() const { return m_buffer; }
    [[nodiscard]] Duration buffered() const { return m_buffer.buffered(held()); }

private:
    [[nodiscard]] int held() const { return m_end - m_begin; }
    [[nodiscard]] SampleView heldSound() const { return SampleView(m_sound).subspan(at(m_begin), at(held())); }
    static std::size_t at(int index) { return static_cast<std::size_t>(index); }
    bool shorten(int wish, SampleSpan out);
    bool lengthen(int wish, SampleSpan out);
    void fill(int wanted);
    void append(const jitter::Step& step, int wanted);
    SampleSpan room(int samples);
    void fadeOut(SampleSpan sound);
    void fadeIn(SampleSpan sound);
    void comfort(SampleSpan out);
    void remember(SampleView out);
    [[nodiscard]] double daring() const;

    jitter::JitterBuffer m_buffer;
    VoiceDecoder m_decoder;
    std::optional<std::uint32_t> m_source;
    /// Decoded and not yet played: [m_begin, m_end).
    std::array<Sample, VoiceDecoder::kLongest + 4 * std::size_t{kFrameSize}> m_sound{};
    int m_begin = 0;
    int m_end = 0;
    std::array<Sample, 600> m_past{};  ///< played last, for stretching
    int m_refusals = 0;                ///< stretches in a row that would have been heard
    double m_gain = 1;                 ///< falls while sound is made up for long
    int m_madeUp = 0;                  ///< samples in a row
    std::uint32_t m_noise = 1;
    PlayedSamples m_played;
};

}  // namespace kith::audio
