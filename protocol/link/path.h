// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <optional>

#include "protocol/link/challenge.h"
#include "protocol/link/link.h"
#include "protocol/link/linkids.h"
#include "protocol/link/lossdetection.h"
#include "protocol/link/pacer.h"

namespace kith::link {

/// What a packet costs beside its own bytes, as far as congestion control cares: frame, UDP and IPv4 headers.
inline constexpr std::size_t kCarrierOverhead = 3 + 8 + 20;
/// A reliable path takes so much that is not acknowledged …
inline constexpr std::size_t kReliableWindow = 128 * 1024;
/// … and nothing while its socket holds more than this.
inline constexpr std::size_t kReliableBacklog = 16 * 1024;

/// One way to the other end: whether it works, how fast it is, what is under way on it.
class Path {
public:
    Path(PathNumber number, const PathOptions& options, const NumberedId& theirs, Instant now);

    [[nodiscard]] PathNumber number() const { return m_number; }
    [[nodiscard]] bool isReliable() const { return m_kind == PathKind::Reliable; }
    [[nodiscard]] std::uint8_t rank() const { return m_rank; }
    [[nodiscard]] std::uint8_t mediaRank() const { return m_mediaRank; }
    /// The id that stands in what we send here.
    [[nodiscard]] const NumberedId& theirs() const { return m_theirs; }

    // Does it work?

    [[nodiscard]] bool isValidated() const { return m_isValidated; }
    void setValidated() { m_isValidated = true; }
    /// Answers stay away; packets take another path if there is one.
    [[nodiscard]] bool isSuspect() const { return m_isSuspect; }
    void setSuspect(bool suspect) { m_isSuspect = suspect; }
    /// Whether answers have stayed away long enough to look for another path.
    [[nodiscard]] bool looksDead(Instant now) const;
    /// Nothing has been answered for so long that the path is given up, or the challenge failed.
    [[nodiscard]] bool isDead(Instant now) const;
    void startChallenge(Instant now, RandomSource& random);
    Challenge& challenge() { return m_challenge; }
    [[nodiscard]] const Challenge& challenge() const { return m_challenge; }

    /// An authentic packet came here, with this id of ours.
    void onReceived(Instant now, std::uint32_t oursSequence);
    [[nodiscard]] bool isCalledBy(std::uint32_t oursSequence) const { return m_oursSequence == oursSequence; }
    [[nodiscard]] bool sharesOursWith(const Path& other) const {
        return m_oursSequence && m_oursSequence == other.m_oursSequence;
    }
    /// Something we sent here was answered.
    void onAnswered();

    // What may be sent?

    /// Whether a full packet that asks for an acknowledgement may go now.
    [[nodiscard]] bool allows(Instant now) const;
    /// When the pacer lets the next one go; kNever: it waits for an acknowledgement or the socket.
    [[nodiscard]] Instant readyAt(Instant now) const;
    void onSent(Instant now, const SentPacket& packet);
    void setBacklog(std::size_t bytes) { m_backlog = bytes; }

    /// The other end's challenge waits for its answer.
    std::optional<ByteArray<8>> response;
    /// So many packets go without regard to the window: the probe timer went off.
    std::uint8_t probes = 0;

    LossDetection& loss() { return m_loss; }
    [[nodiscard]] const LossDetection& loss() const { return m_loss; }

    // When?

    /// When silence becomes so long that a ping is due.
    [[nodiscard]] Instant keepAliveAt(Duration interval) const;
    [[nodiscard]] Instant nextWake(Duration keepAlive, bool hasOther) const;

private:
    [[nodiscard]] Duration patience() const;
    [[nodiscard]] Instant suspectAt() const;

    PathNumber m_number;
    PathKind m_kind;
    std::uint8_t m_rank;
    std::uint8_t m_mediaRank;
    bool m_isValidated = false;
    bool m_isSuspect = false;
    NumberedId m_theirs;
    std::optional<std::uint32_t> m_oursSequence;
    std::size_t m_backlog = 0;
    Instant m_lastReceived;
    Instant m_unansweredSince = kNever;  ///< the first packet since the last answer that asks for one
    Challenge m_challenge;
    Pacer m_pacer;
    LossDetection m_loss;
};

}  // namespace kith::link
