// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <optional>

#include "protocol/base/bytes.h"
#include "protocol/base/instant.h"
#include "protocol/base/random.h"

namespace kith::link {

/// Asks whether a path leads to the other end and back (RFC 9000 8.2): the same eight random bytes are sent up to
/// kTries times, each wait twice as long as the one before.
class Challenge {
public:
    static constexpr std::uint8_t kTries = 4;

    [[nodiscard]] bool isRunning() const { return m_isRunning; }
    /// `wait`: until the second try.
    void start(Instant now, Duration wait, RandomSource& random);
    void stop() { m_isRunning = false; }

    [[nodiscard]] const ByteArray<8>& data() const { return m_data; }
    [[nodiscard]] bool isDue(Instant now) const { return m_isRunning && m_tries < kTries && now >= m_due; }
    void onSent(Instant now);
    /// The last try's time is over.
    [[nodiscard]] bool hasFailed(Instant now) const { return m_isRunning && m_tries == kTries && now >= m_due; }
    [[nodiscard]] Instant nextWake() const { return m_isRunning ? m_due : kNever; }

    /// True: the answer to this challenge; it is over.
    bool answered(const ByteArray<8>& data);
    /// Of the answered challenge, unless it was asked more than once.
    [[nodiscard]] std::optional<Duration> roundTrip(Instant now) const;

private:
    ByteArray<8> m_data{};
    Duration m_wait{};
    Instant m_due = kNever;
    Instant m_sentAt{};
    std::uint8_t m_tries = 0;
    bool m_isRunning = false;
};

}  // namespace kith::link
