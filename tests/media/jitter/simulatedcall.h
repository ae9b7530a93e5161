// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "media/jitter/jitterbuffer.h"

namespace kith::test {

/// A talker, a line and a listener in virtual time around a jitter buffer. The sound is only counted: stretching always
/// works, by as much as is asked for.
class SimulatedCall {
public:
    struct Options {
        int packet = 480;                              ///< samples in a packet
        double skew = 0;                               ///< how much faster the sender's clock is, e.g. 300e-6
        Duration phase{std::chrono::milliseconds(3)};  ///< of the first pull after the first packet was sent
    };
    /// Delay of the n-th packet on the line; nothing if it is lost.
    using Line = std::function<std::optional<Duration>(std::int64_t number, Duration sentAt)>;

    struct Counts {
        std::int64_t pulls = 0;
        std::int64_t decoded = 0;
        std::int64_t concealed = 0;  ///< samples
        std::int64_t recovered = 0;
        std::int64_t silent = 0;
        std::int64_t shortened = 0;
        std::int64_t lengthened = 0;
        std::vector<std::int64_t> order{};  ///< numbers of the packets in the order they were decoded
    };

    SimulatedCall(Options options, Line line) : m_options(options), m_line(std::move(line)) {}

    /// Goes on until `until`, from the start of the call.
    void run(Duration until);

    [[nodiscard]] const Counts& counts() const { return m_counts; }
    [[nodiscard]] const jitter::JitterBuffer& buffer() const { return m_buffer; }
    /// From a packet's sending to the pull that it was decoded in, of the packet decoded last.
    [[nodiscard]] Duration mouthToEar() const { return m_lastDelay; }
    static double millis(Duration d) { return std::chrono::duration<double, std::milli>(d).count(); }

private:
    [[nodiscard]] Duration sentAt(std::int64_t number) const;
    void sendNext();
    void pull();

    Options m_options;
    Line m_line;
    jitter::JitterBuffer m_buffer;
    Counts m_counts;
    std::int64_t m_number = 0;
    std::int64_t m_pullNumber = 0;
    std::multimap<Duration, std::int64_t> m_inFlight;
    int m_held = 0;
    Duration m_lastDelay{};
};

}  // namespace kith::test
