// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "tests/support/sound/wavefile.h"

namespace kith::test {

/// Records a source (or SINK.monitor) of the PulseAudio of PULSE_SERVER from its construction to stop(), in a thread of
/// its own.
class PulseRecorder {
public:
    /// Blocks of `fragment` ms: small ones make PulseAudio work in small ones too. Returns when the first one came.
    explicit PulseRecorder(std::string source, int fragment = 20);
    ~PulseRecorder();
    PulseRecorder(const PulseRecorder&) = delete;
    PulseRecorder& operator=(const PulseRecorder&) = delete;

    [[nodiscard]] bool ok() const { return m_ok; }
    const Sound& stop();
    /// Seconds of the steady clock at which the first sample was recorded: from the block that came earliest.
    [[nodiscard]] double beginning() const { return m_beginning; }

private:
    void run();

    struct Stream;
    std::string m_source;
    int m_fragment;
    std::atomic<bool> m_ok{false};
    std::atomic<bool> m_stop{false};
    Sound m_sound;
    double m_beginning = 1e300;
    std::unique_ptr<Stream> m_stream;
    std::thread m_thread;
};

/// Plays into a sink and returns when all is played. `latency` ms are written ahead: with little of it a busy computer
/// makes holes in what is said.
bool playInto(const std::string& sink, const Sound& sound, int latency = 500);

}  // namespace kith::test
