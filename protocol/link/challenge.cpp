// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/link/challenge.h"

namespace kith::link {

void Challenge::start(Instant now, Duration wait, RandomSource& random) {
    m_data = random.bytes<8>();
    m_wait = wait;
    m_due = now;
    m_tries = 0;
    m_isRunning = true;
}

void Challenge::onSent(Instant now) {
    m_sentAt = now;
    m_due = now + m_wait;
    m_wait *= 2;
    ++m_tries;
}

bool Challenge::answered(const ByteArray<8>& data) {
    if (!m_isRunning || m_tries == 0 || data != m_data) return false;
    m_isRunning = false;
    return true;
}

std::optional<Duration> Challenge::roundTrip(Instant now) const {
    if (m_tries != 1) return std::nullopt;
    return now - m_sentAt;
}

}  // namespace kith::link
