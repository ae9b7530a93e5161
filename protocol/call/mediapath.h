// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <algorithm>

#include "protocol/base/backoff.h"
#include "protocol/base/instant.h"

namespace kith::call {

/// Without a packet of the other side for this long, an answered call is over.
inline constexpr Duration kSilence = std::chrono::seconds(30);
/// How long a lost link has to come back.
inline constexpr Duration kComeBack = std::chrono::seconds(15);

/// Whether there is still a way between the two ends of a call, and when to give up.
class MediaPath {
public:
    void start(Now now) {
        m_heard = now.at;
        m_lost = kNever;
        m_look = kNever;
    }
    void heard(Now now) { m_heard = now.at; }
    /// The link is gone; it is to be looked for at once. The first loss counts.
    void lost(Now now) {
        if (!isLost()) m_lost = now.at;
        m_look = now.at;
    }
    /// The link is back.
    void found() { m_lost = m_look = kNever; }
    /// The looking failed.
    void lookAgain(Now now, RandomSource& random) {
        if (isLost()) m_look = now.at + m_backoff.next(random);
    }
    /// Somebody is looking.
    void looking() { m_look = kNever; }
    [[nodiscard]] bool isLost() const { return m_lost != kNever; }
    [[nodiscard]] bool wantsLook(Now now) const { return m_look <= now.at; }
    [[nodiscard]] bool isOver(Now now) const { return deadline() <= now.at; }
    [[nodiscard]] Instant nextWake() const { return std::min(m_look, deadline()); }

private:
    [[nodiscard]] Instant deadline() const {
        const Instant silent = m_heard == kNever ? kNever : m_heard + kSilence;
        return isLost() ? std::min(silent, m_lost + kComeBack) : silent;
    }

    Instant m_heard = kNever;
    Instant m_lost = kNever;
    Instant m_look = kNever;
    Backoff m_backoff{std::chrono::milliseconds(500), std::chrono::seconds(4)};
};

}  // namespace kith::call
