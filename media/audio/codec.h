// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <memory>

#include "media/audio/frame.h"
#include "protocol/base/bytes.h"

struct OpusEncoder;
struct OpusDecoder;

/// Opus as it stands in RTP (RFC 6716, RFC 7587): mono at 48 kHz on our side whatever the other end sends.
namespace kith::audio {

/// Samples in a payload, by its first bytes; 0 if it can't be one.
int durationOf(ByteView payload);
/// Whether the payload holds a copy of the frame before it (in-band FEC). Looks at SILK's header bits, RFC 6716
/// section 4.2.3 and 4.2.4; only for packets of one frame, as are sent here.
bool carriesRecovery(ByteView payload);

/// Constant bit rate: the length of a packet tells nothing of what is said (RFC 6562). The low-delay mode looks ahead
/// 2.5 ms instead of 6.5 and is, in frames of 10 ms at a constant rate, better than the speech modes with and without
/// loss, at a fifth of the cost. In-band FEC exists in the speech modes only.
class VoiceEncoder {
public:
    VoiceEncoder(int bitRate, int expectedLoss, bool inBandFec);

    /// Returns the size of the payload; 0 if `out` is too short for anything.
    std::size_t encode(const Frame& frame, ByteSpan out);

private:
    struct Destroy {
        void operator()(OpusEncoder* encoder) const;
    };
    std::unique_ptr<OpusEncoder, Destroy> m_encoder;
};

class VoiceDecoder {
public:
    /// The longest packet there is: 120 ms.
    static constexpr int kLongest = kSampleRate * 120 / 1000;

    VoiceDecoder();

    /// Each returns how many samples were written. A payload that is broken, or gives more than fits, is concealed for
    /// `out.size()` samples, which must be a multiple of 120.
    int decode(ByteView payload, SampleSpan out);
    /// The frame before the one in `payload`, out.size() long.
    int recover(ByteView payload, SampleSpan out);
    /// Goes on as it sounded before, fading out.
    int conceal(SampleSpan out);
    void reset();

private:
    struct Destroy {
        void operator()(OpusDecoder* decoder) const;
    };
    std::unique_ptr<OpusDecoder, Destroy> m_decoder;
};

}  // namespace kith::audio
