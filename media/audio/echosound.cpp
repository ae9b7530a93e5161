// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/audio/echosound.h"

#include <algorithm>
#include <utility>

#include "media/audio/frame.h"

namespace kith::audio {

EchoPort::EchoPort(const VoiceSettings& settings, Duration delay)
    : m_settings(settings), m_delay(delay), m_reception(kSampleRate) {}

void EchoPort::packetIn(Instant arrival, ByteView packet) {
    m_now = std::max(m_now, arrival);
    if (!m_start) {
        m_start = arrival;
        m_nextReport = arrival + rtp::kReportInterval;
    }
    if (rtp::isRtcp(packet)) return receiveReports(arrival, packet);
    const auto parsed = rtp::parse(packet);
    if (!parsed || parsed->payloadType != m_settings.payloadType || parsed->ssrc == m_settings.ssrc) return;
    m_reception.received(arrival, *parsed);
    if (!m_muted && !m_held) reflect(arrival, *parsed);
}

void EchoPort::reflect(Instant arrival, const rtp::Packet& packet) {
    if (m_source != packet.ssrc) {
        m_source = packet.ssrc;
        m_sequenceShift = static_cast<std::uint16_t>(m_settings.firstSequence - packet.sequence);
        m_timestampShift = m_settings.firstTimestamp - packet.timestamp;
    }
    rtp::Packet own = packet;
    own.ssrc = m_settings.ssrc;
    own.level.reset();
    own.sequence = static_cast<std::uint16_t>(packet.sequence + m_sequenceShift);
    own.timestamp = packet.timestamp + m_timestampShift;
    ByteArray<kMaxPacket> bytes;
    // Room for the seal has to stay; who sends more than that isn't one of us.
    const auto size = rtp::write(own, ByteSpan(bytes).first(kMaxPacket - 64));
    if (size) m_line.push(arrival + m_delay, ByteView(bytes).first(*size));
    loadWaiting();
}

void EchoPort::loadWaiting() {
    if (m_waitingSize > 0) return;
    const auto taken = m_line.pop(m_waiting);
    m_waitingSize = taken ? taken->size : 0;
    m_due = taken ? taken->when : kNever;
}

std::size_t EchoPort::takePacket(ByteSpan buffer) {
    if (m_reportSize > 0) {
        const std::size_t size = std::min(std::exchange(m_reportSize, 0), buffer.size());
        std::copy_n(m_report.begin(), size, buffer.begin());
        return size;
    }
    if (m_waitingSize == 0 || m_due > m_now || m_waitingSize > buffer.size()) return 0;
    const std::size_t size = std::exchange(m_waitingSize, 0);
    std::copy_n(m_waiting.begin(), size, buffer.begin());
    if (const auto packet = rtp::parse(ByteView(m_waiting).first(size))) m_lastTimestamp = packet->timestamp;
    ++m_sent;
    m_octets += static_cast<std::uint32_t>(size - rtp::kHeaderSize);
    loadWaiting();
    return size;
}

void EchoPort::receiveReports(Instant arrival, ByteView packet) {
    auto reader = rtp::CompoundReader::open(packet);
    while (reader && !reader->atEnd()) {
        const auto part = reader->next();
        const auto* report = part ? std::get_if<rtp::Report>(&*part) : nullptr;
        if (report == nullptr) continue;
        if (report->sender && m_reception.source() == report->ssrc)
            m_reception.receivedSenderReport(arrival, *report->sender);
        for (std::size_t i = 0; i < report->blockCount; ++i) {
            if (report->blocks[i].ssrc != m_settings.ssrc) continue;
            m_lossOverThere = report->blocks[i].fractionLost / 256.0;
            if (const auto roundTrip = rtp::roundTrip(*m_start, arrival, report->blocks[i])) m_roundTrip = roundTrip;
        }
    }
}

void EchoPort::report(Instant now) {
    m_nextReport = now + rtp::kReportInterval;
    rtp::Report report;
    report.ssrc = m_settings.ssrc;
    if (m_sent > 0) report.sender = rtp::SenderInfo{rtp::ntpSince(*m_start, now), m_lastTimestamp, m_sent, m_octets};
    if (m_reception.source()) {
        report.blocks[0] = m_reception.makeBlock(now);
        report.blockCount = 1;
    }
    const std::string_view name = std::string_view(m_settings.name).substr(0, 32);
    m_reportSize = rtp::writeReport(report, name, m_report).value_or(0);
}

void EchoPort::wake(Instant now) {
    m_now = std::max(m_now, now);
    if (now >= m_nextReport) report(now);
}

Instant EchoPort::nextWake() const {
    return std::min(m_due, m_nextReport);
}

VoiceStatistics EchoPort::statistics() const {
    VoiceStatistics out;
    out.packetsSent = m_sent;
    out.packetsReceived = m_reception.packets();
    out.packetsLost = m_reception.lost();
    out.loss = m_reception.expected() > 0
                   ? static_cast<double>(m_reception.lost()) / static_cast<double>(m_reception.expected())
                   : 0;
    out.lossOverThere = m_lossOverThere;
    out.roundTrip = m_roundTrip;
    out.arrivalJitter = m_reception.jitter();
    out.heard = m_reception.packets() > 0;
    return out;
}

}  // namespace kith::audio
