// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/sound/pulsestreams.h"

#include <pulse/simple.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <vector>

namespace kith::test {

namespace {

constexpr int kRate = 48'000;

pa_sample_spec format() {
    return {PA_SAMPLE_S16LE, kRate, 1};
}

double steadySeconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

struct Close {
    void operator()(pa_simple* stream) const { pa_simple_free(stream); }
};
using Simple = std::unique_ptr<pa_simple, Close>;

}  // namespace

struct PulseRecorder::Stream {
    Simple simple;
};

PulseRecorder::PulseRecorder(std::string source, int fragment) : m_source(std::move(source)), m_fragment(fragment) {
    const pa_sample_spec spec = format();
    pa_buffer_attr attributes{};
    attributes.maxlength = static_cast<std::uint32_t>(-1);
    attributes.fragsize = static_cast<std::uint32_t>(kRate / 1000 * m_fragment * 2);
    m_stream = std::make_unique<Stream>();
    m_stream->simple.reset(pa_simple_new(nullptr, "measure", PA_STREAM_RECORD, m_source.c_str(), "record", &spec,
                                         nullptr, &attributes, nullptr));
    // An idle null sink works in blocks of two seconds: only with the first one over it does what is asked for.
    std::vector<std::int16_t> block(static_cast<std::size_t>(kRate / 1000 * m_fragment));
    m_ok = m_stream->simple != nullptr &&
           pa_simple_read(m_stream->simple.get(), block.data(), block.size() * 2, nullptr) == 0;
    if (m_ok) m_thread = std::thread([this] { run(); });
}

PulseRecorder::~PulseRecorder() {
    stop();
}

void PulseRecorder::run() {
    std::vector<std::int16_t> block(static_cast<std::size_t>(kRate / 1000 * m_fragment));
    // The first blocks may be from before the stream ran evenly.
    for (int n = 0; !m_stop; ++n) {
        if (pa_simple_read(m_stream->simple.get(), block.data(), block.size() * 2, nullptr) < 0) {
            m_ok = false;
            return;
        }
        for (const std::int16_t sample : block) m_sound.samples.push_back(static_cast<float>(sample) / 32768.0F);
        if (n >= 20) m_beginning = std::min(m_beginning, steadySeconds() - m_sound.seconds());
    }
}

const Sound& PulseRecorder::stop() {
    m_stop = true;
    if (m_thread.joinable()) m_thread.join();
    return m_sound;
}

bool playInto(const std::string& sink, const Sound& sound, int latency) {
    const pa_sample_spec spec = format();
    pa_buffer_attr attributes{};
    attributes.maxlength = attributes.prebuf = attributes.minreq = static_cast<std::uint32_t>(-1);
    attributes.tlength = static_cast<std::uint32_t>(kRate / 1000 * latency * 2);
    const Simple stream(pa_simple_new(nullptr, "measure", PA_STREAM_PLAYBACK, sink.c_str(), "play", &spec, nullptr,
                                      &attributes, nullptr));
    if (!stream) return false;
    const Sound right = resampled(sound, kRate);
    std::vector<std::int16_t> samples;
    for (const float sample : right.samples)
        samples.push_back(static_cast<std::int16_t>(std::lround(std::clamp(sample, -1.0F, 1.0F) * 32767)));
    return pa_simple_write(stream.get(), samples.data(), samples.size() * 2, nullptr) == 0 &&
           pa_simple_drain(stream.get(), nullptr) == 0;
}

}  // namespace kith::test
