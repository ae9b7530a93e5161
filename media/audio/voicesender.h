// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "media/audio/codec.h"
#include "media/audio/voiceport.h"
#include "media/rtp/rtcp.h"

namespace kith::audio {

/// Makes an RTP packet of every frame. The timestamp goes on through frames that are left out.
class VoiceSender {
public:
    explicit VoiceSender(const VoiceSettings& settings);

    /// Returns the size of the packet written to `out`, which is kMaxPacket long; 0 if there is none.
    std::size_t send(const Frame& frame, ByteSpan out);
    /// A frame of which the other end is told nothing.
    void skip();

    [[nodiscard]] std::uint64_t packets() const { return m_packets; }
    /// For a sender report; `ntp` is the time of the frame sent last.
    [[nodiscard]] rtp::SenderInfo info(std::uint64_t ntp) const;

private:
    VoiceEncoder m_encoder;
    std::uint32_t m_ssrc;
    std::uint8_t m_payloadType;
    std::uint16_t m_sequence;
    std::uint32_t m_timestamp;
    bool m_afterPause = true;
    std::uint64_t m_packets = 0;
    std::uint64_t m_octets = 0;
};

}  // namespace kith::audio
