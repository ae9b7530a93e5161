// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/sound/virtualsound.h"

#include <cmath>
#include <deque>
#include <numbers>

namespace kith::test {

namespace {
constexpr Duration kFrameTime = std::chrono::milliseconds(10);
}

class VirtualSound::Port final : public audio::VoicePort, audio::PacketSink {
public:
    Port(VirtualSound& sound, const audio::VoiceSettings& settings) : m_sound(sound), m_settings(settings) {
        ++m_sound.m_open;
    }
    ~Port() override { --m_sound.m_open; }

    void setMuted(bool muted) override { m_muted = muted; }
    void setHeld(bool held) override { m_held = held; }
    void packetIn(Instant arrival, ByteView packet) override {
        if (m_call) m_call->packetIn(arrival, packet);
    }
    std::size_t takePacket(ByteSpan buffer) override {
        if (m_out.empty()) return 0;
        const Bytes packet = std::move(m_out.front());
        m_out.pop_front();
        std::copy(packet.begin(), packet.end(), buffer.begin());
        return packet.size();
    }
    [[nodiscard]] audio::VoiceStatistics statistics() const override {
        return m_call ? m_call->statistics() : audio::VoiceStatistics{};
    }
    /// The first wake, which is due at once, starts the clock.
    void wake(Instant now) override {
        if (!m_call) {
            m_call = std::make_unique<audio::VoiceCall>(m_settings, now);
            m_next = now;
        }
        for (; m_next <= now; m_next += kFrameTime) turn(m_next);
    }
    [[nodiscard]] Instant nextWake() const override { return m_next; }

private:
    void send(ByteView packet) override { m_out.push_back(toBytes(packet)); }

    void turn(Instant at) {
        audio::Frame frame{};
        for (audio::Sample& sample : frame) {
            if (m_sound.m_tone > 0) sample = static_cast<audio::Sample>(8000 * std::sin(m_phase));
            m_phase += 2 * std::numbers::pi * m_sound.m_tone / audio::kSampleRate;
        }
        m_call->setMuted(m_muted);
        m_call->setHeld(m_held);
        m_call->capture(at, frame, *this);
        m_call->playback(at, frame);
        m_sound.played(frame);
    }

    VirtualSound& m_sound;
    audio::VoiceSettings m_settings;
    std::unique_ptr<audio::VoiceCall> m_call;
    Instant m_next{};
    bool m_muted = false;
    bool m_held = false;
    double m_phase = 0;
    std::deque<Bytes> m_out;
};

std::unique_ptr<audio::VoicePort> VirtualSound::openVoice(const audio::VoiceSettings& settings) {
    return std::make_unique<Port>(*this, settings);
}

void VirtualSound::chooseDevices(const std::string& input, const std::string& output) {
    m_devices.chosenInput = input;
    m_devices.chosenOutput = output;
    m_events.push_back(audio::DevicesChanged{m_devices});
}

void VirtualSound::watchDevices() {
    m_devices.inputs = {{"microphone", "Virtual microphone", true}};
    m_devices.outputs = {{"speaker", "Virtual speaker", true}};
    m_events.push_back(audio::DevicesChanged{m_devices});
}

void VirtualSound::takeEvents(std::vector<audio::SoundEvent>& out) {
    out.insert(out.end(), m_events.begin(), m_events.end());
    m_events.clear();
}

void VirtualSound::played(audio::SampleView sound) {
    m_played.insert(m_played.end(), sound.begin(), sound.end());
    if (m_played.size() > kKept) m_played.erase(m_played.begin(), m_played.end() - static_cast<std::ptrdiff_t>(kKept));
}

double VirtualSound::loudness() const {
    double energy = 0;
    for (const audio::Sample sample : m_played) energy += static_cast<double>(sample) * sample;
    return m_played.empty() ? 0 : std::sqrt(energy / static_cast<double>(m_played.size())) / 32768;
}

double VirtualSound::share(double frequency) const {
    double energy = 0, real = 0, imaginary = 0;
    for (std::size_t i = 0; i < m_played.size(); ++i) {
        const double sample = m_played[i];
        const double angle = 2 * std::numbers::pi * frequency * static_cast<double>(i) / audio::kSampleRate;
        energy += sample * sample;
        real += sample * std::cos(angle);
        imaginary += sample * std::sin(angle);
    }
    const double whole = energy * static_cast<double>(m_played.size());
    return whole > 0 ? 2 * (real * real + imaginary * imaginary) / whole : 0;
}

}  // namespace kith::test
