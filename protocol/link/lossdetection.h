// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "protocol/base/instant.h"
#include "protocol/link/congestion.h"
#include "protocol/link/ranges.h"
#include "protocol/link/roundtrip.h"

namespace kith::link {

/// What a packet carried that has to be told when it is acknowledged or lost.
struct SentFrame {
    enum class Kind : std::uint8_t { Stream, Ack, LinkCredit, StreamCredit, NewId, RetiredId };
    Kind kind;
    std::uint8_t stream = 0;
    std::uint16_t length = 0;
    std::uint64_t value = 0;  ///< offset, largest number acknowledged, or sequence
};

/// A packet under way that asks for an acknowledgement. Others are not remembered.
struct SentPacket {
    static constexpr std::size_t kMaxFrames = 4;

    std::uint64_t number = 0;
    Instant sentAt{};
    std::uint32_t order = 0;  ///< counts this path's packets; reordering is measured in these
    std::uint16_t size = 0;
    std::uint8_t frameCount = 0;
    bool isDone = false;      ///< acknowledged or lost, waits to be removed
    bool isRepeated = false;  ///< a probe carried its frames again: nothing to repeat when it is lost
    std::array<SentFrame, kMaxFrames> list{};

    [[nodiscard]] std::span<const SentFrame> frames() const { return {list.data(), frameCount}; }
};

/// Who hears of the fate of frames.
class FrameOwner {
public:
    virtual void onAcked(const SentFrame& frame) = 0;
    virtual void onLost(const SentFrame& frame) = 0;

protected:
    ~FrameOwner() = default;
};

/// Loss detection of one path after RFC 9002 appendix A. Numbers are shared by all paths of a link, so reordering is
/// counted in the path's own packets. On a reliable path nothing is lost by order or time; there is no probe timer.
///
/// The pseudo-code's functions and where they are: OnPacketSent: onPacketSent; OnAckReceived,
/// DetectAndRemoveAckedPackets: onAckReceived, takeAcked; UpdateRtt: RoundTrip::addSample; GetLossTimeAndSpace:
/// lossTime; GetPtoTimeAndSpace: probeTime; SetLossDetectionTimer: timer; OnLossDetectionTimeout: onTimeout;
/// DetectAndRemoveLostPackets: detectLost; OnPacketsLost, InPersistentCongestion: afterLoss.
class LossDetection {
public:
    static constexpr std::uint32_t kPacketThreshold = 3;
    static constexpr std::uint32_t kPersistentThreshold = 3;
    /// Back-off goes no further than this, or one probe timeout where that is longer: a path is given up after a fixed
    /// time, and until then it is to be asked often enough that plain loss can't be taken for its end.
    static constexpr Duration kLongestBackOff = std::chrono::seconds(2);

    explicit LossDetection(bool isReliable, Duration guess = {}) : m_roundTrip(guess), m_isReliable(isReliable) {}

    void onPacketSent(SentPacket packet);
    struct AckResult {
        std::uint32_t acked = 0;
        std::uint32_t lost = 0;
        std::uint64_t largest = 0;  ///< of those acknowledged for the first time
    };
    /// Ranges may name packets of other paths. `delay`: how long the other end held the ack back; nothing: the ack came
    /// on another path and says nothing of this one's round trip.
    AckResult onAckReceived(Instant now, std::span<const Range> ranges, std::optional<Duration> delay,
                            FrameOwner& owner);

    [[nodiscard]] Instant timer() const;
    struct TimeoutResult {
        std::uint32_t lost = 0;
        bool sendProbe = false;
    };
    /// Does nothing before timer().
    TimeoutResult onTimeout(Instant now, FrameOwner& owner);
    /// The oldest packet's frames are to be sent again though it is not known to be lost. False: nothing is under way.
    bool repeatOldest(FrameOwner& owner);
    /// The path failed or is in doubt: everything under way travels elsewhere. The window is not cut.
    void evacuate(FrameOwner& owner);
    /// Nothing of what follows is hidden by what went before: a path that answers again.
    void resetBackOff() { m_probes = 0; }

    [[nodiscard]] const RoundTrip& roundTrip() const { return m_roundTrip; }
    RoundTrip& roundTrip() { return m_roundTrip; }
    [[nodiscard]] const Congestion& congestion() const { return m_congestion; }
    [[nodiscard]] std::uint8_t probeCount() const { return m_probes; }
    [[nodiscard]] bool isIdle() const { return m_outstanding == 0; }
    [[nodiscard]] Duration probeTimeout() const;

private:
    struct Newly;

    void takeAcked(std::span<const Range> ranges, FrameOwner& owner, Newly& newly);
    std::uint32_t detectLost(Instant now, FrameOwner& owner);
    void declareLost(SentPacket& packet, FrameOwner& owner);
    struct LostRun;
    void afterLoss(Instant now, Instant newest, const LostRun& run);
    void removeDone();
    std::span<SentPacket> sent() { return std::span(m_sent).subspan(m_first); }
    [[nodiscard]] Instant probeTime() const;

    std::vector<SentPacket> m_sent;  ///< ascending numbers, from m_first
    std::uint32_t m_first = 0;
    std::uint32_t m_outstanding = 0;
    std::uint32_t m_nextOrder = 0;
    std::optional<std::uint32_t> m_largestAcked;  ///< as order
    RoundTrip m_roundTrip;
    Congestion m_congestion;
    Instant m_lossTime = kNever;
    Instant m_lastSent{};
    Instant m_firstSample = kNever;
    std::uint8_t m_probes = 0;
    bool m_isReliable;
};

}  // namespace kith::link
