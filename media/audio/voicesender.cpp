// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/audio/voicesender.h"

#include <array>

#include "media/rtp/packet.h"

namespace kith::audio {

VoiceSender::VoiceSender(const VoiceSettings& settings)
    : m_encoder(settings.bitRate, settings.expectedLoss, settings.inBandFec),
      m_ssrc(settings.ssrc),
      m_payloadType(settings.payloadType),
      m_sequence(settings.firstSequence),
      m_timestamp(settings.firstTimestamp) {}

std::size_t VoiceSender::send(const Frame& frame, ByteSpan out) {
    ByteArray<640> payload;
    const std::size_t size = m_encoder.encode(frame, payload);
    rtp::Packet packet;
    packet.marker = m_afterPause;  // RFC 7587 section 4.2: first after silence
    packet.payloadType = m_payloadType;
    packet.sequence = m_sequence;
    packet.timestamp = m_timestamp;
    packet.ssrc = m_ssrc;
    packet.payload = ByteView(payload).first(size);
    m_timestamp += kFrameSize;
    const auto written = size > 0 ? rtp::write(packet, out) : fail(Fault::InvalidArgument);
    if (!written) return 0;
    ++m_sequence;
    ++m_packets;
    m_octets += size;
    m_afterPause = false;
    return *written;
}

void VoiceSender::skip() {
    m_timestamp += kFrameSize;
    m_afterPause = true;
}

rtp::SenderInfo VoiceSender::info(std::uint64_t ntp) const {
    return {ntp, m_timestamp, static_cast<std::uint32_t>(m_packets), static_cast<std::uint32_t>(m_octets)};
}

}  // namespace kith::audio
