// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "media/jitter/delayestimator.h"
#include "media/jitter/packetstore.h"
#include "media/rtp/packet.h"
#include "media/rtp/unwrapper.h"

namespace kith::jitter {

/// Samples a second of everything in here, whatever rate Opus carries inside (RFC 7587 section 4.1).
inline constexpr int kSampleRate = 48'000;

constexpr Duration toDuration(std::int64_t samples) {
    // Split so that a timestamp of years doesn't overflow.
    return std::chrono::seconds(samples / kSampleRate) + Duration(samples % kSampleRate * 1'000'000'000 / kSampleRate);
}

/// What is to be put at the end of the decoded sound.
struct Step {
    enum class Kind {
        Decode,   ///< `payload` is the next packet
        Recover,  ///< the packet before `payload` is lost; it may carry a copy (in-band FEC)
        Conceal,  ///< nothing to go by: continue what was heard before
        Silence,  ///< nothing has come for long, or nothing yet
    };
    Kind kind = Kind::Silence;
    ByteView payload{};  ///< valid until the next insert()
    int duration = 0;    ///< in samples; for Recover and Conceal what is wanted
};

struct BufferStatistics {
    std::uint64_t received = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t late = 0;       ///< came after their turn
    std::uint64_t discarded = 0;  ///< no room, or cut out to catch up
    std::uint64_t resets = 0;     ///< the sender's clock jumped
};

/// Puts packets in order and decides, every time some sound is to be played, what that sound is made of and whether it
/// should be stretched. Times only: the sound itself is elsewhere.
///
/// What counts is the **margin**: how long a packet that was held up by nothing lies here before its turn. It is kept
/// between the target of DelayEstimator and one pull more, the step that it can be changed in: pulls and packets come
/// at times of their own, and a packet is either there for a pull or late for it. What was decoded and not yet played
/// beyond whole pulls is delay without use, and is taken out too.
///
/// While nothing is there to play, the media time stands still, so a packet that is only late is still heard and the
/// delay grows by what was made up; when a later packet has come and as much was made up as is missing, the missing is
/// given up. Loss, lateness, pauses and steps of the path are all the same to it.
class JitterBuffer {
public:
    JitterBuffer();

    /// `duration` in samples, as the payload tells. Unusable packets are counted and dropped.
    void insert(Instant arrival, const rtp::Packet& packet, int duration);

    /// Begins a pull of `wanted` samples while `held` decoded ones wait. Returns by how many samples the sound should
    /// be shortened (> 0) or lengthened (< 0) in this pull, 0 for not at all.
    int beginPull(Instant now, int wanted, int held);
    /// Tells how many samples really went (> 0) or were added.
    void stretched(int samples);
    /// What comes next; may be asked several times in a pull.
    Step next();
    /// Whether next() would be a Decode: for looking ahead.
    [[nodiscard]] bool packetReady() const;
    /// Forgets packets and times (the sender is another one); statistics stay.
    void reset();

    [[nodiscard]] Duration target() const { return m_estimator.target(); }
    /// From the first sample to be played next to the last one that has come without a gap or with.
    [[nodiscard]] Duration buffered(int held) const;
    /// How long the sound takes from the fastest arrival to its pull; what the buffer adds to the delay of the path.
    [[nodiscard]] Duration delay() const { return m_delay; }
    [[nodiscard]] const BufferStatistics& statistics() const { return m_statistics; }
    /// No sound for a second, or none yet.
    [[nodiscard]] bool idle() const { return !m_end; }

private:
    void trackPulls(Instant now, int wanted);
    [[nodiscard]] Duration marginOf(std::int64_t timestamp) const;
    [[nodiscard]] int wish(Duration margin, int residue) const;
    void catchUp(Duration margin);
    void makeRoom();
    void dropPast();
    Step take();
    Step fill();

    PacketStore m_store;
    DelayEstimator m_estimator;
    BufferStatistics m_statistics;
    rtp::Unwrapper<std::uint32_t> m_timestamps;
    std::optional<Duration> m_lastTransit;

    std::optional<std::int64_t> m_end;  ///< media time right behind what was decoded; none while idle
    int m_madeUp = 0;                   ///< samples since the last real ones

    // When pulls happen, less the sound pulled before: the earliest of the last few counts, threads are only ever late.
    std::array<Duration, 16> m_pulls{};
    std::size_t m_pullCount = 0;
    std::int64_t m_pulled = 0;
    Duration m_lastPull{};
    Duration m_pullTime{};  ///< of this pull, smoothed
    int m_wanted = 480;

    Duration m_delay{};
    int m_pause = 0;  ///< samples to play before the next stretch
};

}  // namespace kith::jitter
