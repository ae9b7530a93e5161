// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "protocol/base/instant.h"
#include "protocol/presence/choice.h"
#include "protocol/presence/grantmessages.h"

namespace kith::presence {

/// Without input for this long, who is online or open to calls is away, and later not available.
inline constexpr Duration kAwayAfter = std::chrono::minutes(5);
inline constexpr Duration kNotAvailableAfter = std::chrono::minutes(20);

/// What a person chose, and since when this device has had no input: together what is told to whom.
class OwnState {
public:
    explicit OwnState(Choice choice) : m_choice(std::move(choice)) {}

    [[nodiscard]] const Choice& choice() const { return m_choice; }
    void choose(Choice choice) { m_choice = std::move(choice); }
    /// Nothing: the person is here.
    void setIdleSince(std::optional<Instant> since) { m_idleSince = since; }

    /// What somebody sees for whom this exception holds; null: everybody else.
    [[nodiscard]] Availability seenBy(Now now, const View* view) const;
    /// For their lease. Nothing: there is to be none.
    [[nodiscard]] std::optional<State> stateFor(Now now, const View* view) const;
    /// When the next stage of being idle begins.
    [[nodiscard]] Instant nextChange(Now now) const;

private:
    Choice m_choice;
    std::optional<Instant> m_idleSince;
};

}  // namespace kith::presence
