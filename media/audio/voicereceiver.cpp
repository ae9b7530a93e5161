// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "media/audio/voicereceiver.h"

#include <algorithm>

#include "media/jitter/timestretch.h"

namespace kith::audio {

using jitter::TimeStretch;

namespace {
/// After so many refused cuts (half a second) one that may be heard is better than the delay.
constexpr int kPatience = 50;
/// -70 dB of full scale: a line that isn't dead, in a room that isn't silent.
constexpr int kComfort = 14;
/// The decoder would go on for ever with a sound that was steady; nobody wants to hear a vowel for a second.
constexpr int kMadeUpWhole = kSampleRate * 60 / 1000;
constexpr double kFadeOut = 1.0 / (kSampleRate * 0.1);
constexpr double kFadeIn = 1.0 / (kSampleRate * 0.005);
}  // namespace

VoiceReceiver::VoiceReceiver() = default;

void VoiceReceiver::insert(Instant arrival, const rtp::Packet& packet) {
    if (m_source != packet.ssrc) {
        m_buffer.reset();
        m_decoder.reset();
        m_source = packet.ssrc;
    }
    m_buffer.insert(arrival, packet, durationOf(packet.payload));
}

void VoiceReceiver::pull(Instant now, SampleSpan out) {
    const int wanted = static_cast<int>(out.size());
    const int wish = m_buffer.beginPull(now, wanted, held());
    const bool stretched = wish > 0 ? shorten(wish, out) : wish < 0 && lengthen(wish, out);
    if (!stretched) {
        fill(wanted);
        std::copy_n(heldSound().begin(), wanted, out.begin());
        m_begin += wanted;
    }
    if (wish != 0) m_refusals = stretched ? 0 : m_refusals + 1;
    m_played.all += out.size();
    remember(out);
}

double VoiceReceiver::daring() const {
    return std::min(1.0, static_cast<double>(m_refusals) / kPatience);
}

bool VoiceReceiver::shorten(int wish, SampleSpan out) {
    const int wanted = static_cast<int>(out.size());
    const int longest = std::min(wish, TimeStretch::kLongest);
    while (held() < wanted + longest && m_buffer.packetReady()) append(m_buffer.next(), wanted + longest);
    const auto gone = TimeStretch::shorten(heldSound(), out, std::min(longest, held() - wanted), daring());
    if (!gone) return false;
    m_begin += wanted + *gone;
    m_played.shortened += static_cast<std::uint64_t>(*gone);
    m_buffer.stretched(*gone);
    return true;
}

bool VoiceReceiver::lengthen(int wish, SampleSpan out) {
    const int wanted = static_cast<int>(out.size());
    fill(wanted);
    const auto added =
        TimeStretch::lengthen(m_past, heldSound(), out, std::max(-wish, TimeStretch::kShortest), daring());
    if (!added) return false;
    m_begin += wanted - *added;
    m_played.lengthened += static_cast<std::uint64_t>(*added);
    m_buffer.stretched(-*added);
    return true;
}

void VoiceReceiver::fill(int wanted) {
    while (held() < wanted) append(m_buffer.next(), wanted);
}

void VoiceReceiver::append(const jitter::Step& step, int wanted) {
    using Kind = jitter::Step::Kind;
    int added = 0;
    switch (step.kind) {
        case Kind::Decode: added = m_decoder.decode(step.payload, room(step.duration)); break;
        case Kind::Recover: {
            const bool there = carriesRecovery(step.payload);
            const SampleSpan out = room(step.duration);
            added = there ? m_decoder.recover(step.payload, out) : m_decoder.conceal(out);
            (there ? m_played.recovered : m_played.concealed) += static_cast<std::uint64_t>(added);
            break;
        }
        case Kind::Conceal: {
            const SampleSpan out = room(step.duration);
            added = m_decoder.conceal(out);
            fadeOut(out.first(at(added)));
            m_played.concealed += static_cast<std::uint64_t>(added);
            break;
        }
        case Kind::Silence:
            added = wanted - held();
            comfort(room(added));
            m_played.silent += static_cast<std::uint64_t>(added);
            break;
    }
    m_end += added;
}

SampleSpan VoiceReceiver::room(int samples) {
    if (at(m_end + samples) > m_sound.size()) {
        std::copy(m_sound.begin() + m_begin, m_sound.begin() + m_end, m_sound.begin());
        m_end -= m_begin;
        m_begin = 0;
    }
    return SampleSpan(m_sound).subspan(at(m_end), at(samples));
}

void VoiceReceiver::fadeOut(SampleSpan sound) {
    for (Sample& sample : sound) {
        if (++m_madeUp > kMadeUpWhole) m_gain = std::max(0.0, m_gain - kFadeOut);
        sample = static_cast<Sample>(sample * m_gain);
    }
}

void VoiceReceiver::fadeIn(SampleSpan sound) {
    m_madeUp = 0;
    for (Sample& sample : sound) {
        if (m_gain >= 1) return;
        m_gain = std::min(1.0, m_gain + kFadeIn);
        sample = static_cast<Sample>(sample * m_gain);
    }
}

void VoiceReceiver::comfort(SampleSpan out) {
    if (!m_source) {
        std::fill(out.begin(), out.end(), Sample{0});
        return;
    }
    for (Sample& sample : out) {
        m_noise = m_noise * 1'664'525 + 1'013'904'223;
        sample = static_cast<Sample>(static_cast<int>(m_noise >> 16) % (2 * kComfort + 1) - kComfort);
    }
}

void VoiceReceiver::remember(SampleView out) {
    const auto count = static_cast<std::ptrdiff_t>(out.size());
    std::copy(m_past.begin() + count, m_past.end(), m_past.begin());
    std::copy(out.begin(), out.end(), m_past.end() - count);
}

}  // namespace kith::audio
