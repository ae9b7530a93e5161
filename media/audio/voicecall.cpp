// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/audio/voicecall.h"

#include <algorithm>

namespace kith::audio {

namespace {

using namespace std::chrono_literals;

/// A mute takes effect within 5 ms, without a step.
constexpr double kGainStep = 1.0 / (kFrameSize / 2.0);

double ratio(std::uint64_t part, std::uint64_t whole) {
    return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

std::uint64_t since(std::uint64_t now, std::uint64_t before) {
    return now > before ? now - before : 0;
}

}  // namespace

VoiceCall::VoiceCall(const VoiceSettings& settings, Instant start)
    : m_ssrc(settings.ssrc),
      m_payloadType(settings.payloadType),
      m_start(start),
      m_sender(settings),
      m_reception(kSampleRate),
      m_nextReport(start + rtp::kReportInterval) {
    m_nameSize = settings.name.copy(m_name.data(), m_name.size());
}

void VoiceCall::capture(Instant now, const Frame& frame, PacketSink& out) {
    m_input.add(frame);
    const double aim = m_muted || m_held ? 0 : 1;
    if (m_held && m_gain <= 0) {
        m_sender.skip();
    } else {
        Frame sound;
        for (std::size_t i = 0; i < sound.size(); ++i) {
            m_gain += std::clamp(aim - m_gain, -kGainStep, kGainStep);
            sound[i] = static_cast<Sample>(frame[i] * m_gain);
        }
        ByteArray<kMaxPacket> packet;
        if (const std::size_t size = m_sender.send(sound, packet)) out.send(ByteView(packet).first(size));
    }
    if (now >= m_nextReport) sendReport(now, out);
}

void VoiceCall::sendReport(Instant now, PacketSink& out) {
    m_nextReport = std::max(m_nextReport + rtp::kReportInterval, now + rtp::kReportInterval / 2);
    rtp::Report report;
    report.ssrc = m_ssrc;
    if (m_sender.packets() > m_reportedPackets) report.sender = m_sender.info(rtp::ntpSince(m_start, now));
    m_reportedPackets = m_sender.packets();
    if (m_reception.source()) {
        report.blocks[0] = m_reception.makeBlock(now);
        report.blockCount = 1;
    }
    ByteArray<kMaxPacket> packet;
    if (const auto size = rtp::writeReport(report, {m_name.data(), m_nameSize}, packet))
        out.send(ByteView(packet).first(*size));
    m_tallies[m_tallyCount++ % m_tallies.size()] = tally();
}

void VoiceCall::packetIn(Instant arrival, ByteView packet) {
    if (rtp::isRtcp(packet)) {
        receiveReports(arrival, packet);
        return;
    }
    const auto parsed = rtp::parse(packet);
    if (!parsed || parsed->payloadType != m_payloadType || parsed->ssrc == m_ssrc) return;
    m_reception.received(arrival, *parsed);
    m_receiver.insert(arrival, *parsed);
}

void VoiceCall::receiveReports(Instant arrival, ByteView packet) {
    auto reader = rtp::CompoundReader::open(packet);
    while (reader && !reader->atEnd()) {
        const auto part = reader->next();
        if (!part) continue;
        if (const auto* report = std::get_if<rtp::Report>(&*part)) receive(arrival, *report);
    }
}

void VoiceCall::receive(Instant arrival, const rtp::Report& report) {
    if (report.sender && m_reception.source() == report.ssrc) m_reception.receivedSenderReport(arrival, *report.sender);
    for (std::size_t i = 0; i < report.blockCount; ++i) {
        const rtp::ReportBlock& block = report.blocks[i];
        if (block.ssrc != m_ssrc) continue;
        m_lossOverThere = block.fractionLost / 256.0;
        if (const auto roundTrip = rtp::roundTrip(m_start, arrival, block)) m_roundTrip = roundTrip;
    }
}

void VoiceCall::playback(Instant now, SampleSpan out) {
    m_receiver.pull(now, out);
    // The buffer goes on while held, so that it is right when the call comes back.
    if (m_held) std::fill(out.begin(), out.end(), Sample{0});
    m_output.add(out);
}

VoiceCall::Tally VoiceCall::tally() const {
    const PlayedSamples& played = m_receiver.played();
    return {m_reception.expected(), m_reception.packets(), played.all, played.concealed};
}

VoiceStatistics VoiceCall::statistics() const {
    const Tally now = tally();
    // Once all six are in use, the one to be written next is five seconds old.
    const Tally before = m_tallyCount < m_tallies.size() ? Tally{} : m_tallies[m_tallyCount % m_tallies.size()];
    const std::uint64_t expected = since(now.expected, before.expected);
    const std::uint64_t received = since(now.received, before.received);

    VoiceStatistics out;
    out.packetsSent = m_sender.packets();
    out.packetsReceived = m_receiver.buffer().statistics().received;
    out.packetsLost = m_reception.lost() + m_receiver.buffer().statistics().late;
    out.loss = ratio(since(expected, received), expected);
    out.lossOverThere = m_lossOverThere;
    out.roundTrip = m_roundTrip;
    out.arrivalJitter = m_reception.jitter();
    out.targetDelay = m_receiver.buffer().target();
    out.playoutDelay = m_receiver.buffer().delay();
    out.bufferedDelay = m_receiver.buffered();
    out.concealed = ratio(since(now.concealed, before.concealed), since(now.played, before.played));
    out.inputLevel = m_input.level();
    out.outputLevel = m_output.level();
    out.heard = m_receiver.buffer().statistics().received > 0;
    return out;
}

}  // namespace kith::audio
