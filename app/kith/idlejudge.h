// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <algorithm>
#include <optional>

#include "protocol/base/instant.h"

namespace kith::app {

/// Whether the person is at the computer, by what the window is touched and by what the desktop says: it alone knows of
/// other windows. Asks the desktop only when the window was left alone for long.
class IdleJudge {
public:
    /// Nobody is told of less.
    static constexpr Duration kIdle = std::chrono::minutes(5);
    /// So soon the desktop is asked again whether somebody came back.
    static constexpr Duration kLookAgain = std::chrono::seconds(5);

    explicit IdleJudge(Instant now) : m_lastInput(now), m_look(now + kIdle) {}

    /// The window was touched.
    void input(Instant now) {
        m_lastInput = now;
        if (m_isIdle) here(now);
    }
    [[nodiscard]] Instant nextLook() const { return m_look; }
    /// How long the desktop has had no input; nothing: it doesn't tell.
    void looked(Instant now, std::optional<Duration> desktop) {
        const Duration idle = std::min(now - m_lastInput, desktop.value_or(Duration::max()));
        if (idle < kIdle) {
            m_lastInput = now - idle;
            if (m_isIdle) return here(now);
            m_look = now + (kIdle - idle);
            return;
        }
        if (!m_isIdle) m_told = static_cast<int>(std::chrono::floor<std::chrono::seconds>(idle).count());
        m_isIdle = true;
        m_look = desktop ? now + kLookAgain : kNever;
    }
    /// What is new to be told: for how many seconds nobody was there; 0: somebody is.
    std::optional<int> takeTold() {
        const auto told = m_told;
        m_told.reset();
        return told;
    }

private:
    void here(Instant now) {
        m_isIdle = false;
        m_told = 0;
        m_look = std::max(now, m_lastInput + kIdle);
    }

    Instant m_lastInput;
    Instant m_look;
    bool m_isIdle = false;
    std::optional<int> m_told;
};

}  // namespace kith::app
