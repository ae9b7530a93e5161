// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/presence/ownstate.h"

#include <algorithm>

#include "protocol/base/characters.h"

namespace kith::presence {

bool isMood(std::string_view text) {
    return isUtf8(text) && characters(text) <= kMaxMood;
}

Availability OwnState::seenBy(Now now, const View* view) const {
    const Availability chosen = view && view->availability ? *view->availability : m_choice.availability;
    const bool mayBeIdle = chosen == Availability::Online || chosen == Availability::OpenToCalls;
    if (!mayBeIdle || !m_idleSince) return chosen;
    const Duration idle = now.at - *m_idleSince;
    return idle >= kNotAvailableAfter ? Availability::NotAvailable : idle >= kAwayAfter ? Availability::Away : chosen;
}

std::optional<State> OwnState::stateFor(Now now, const View* view) const {
    State state;
    state.availability = seenBy(now, view);
    if (state.availability == Availability::Invisible) return std::nullopt;
    state.mood = view && view->mood ? *view->mood : m_choice.mood;
    state.chosen = std::max(m_choice.version, view ? view->version : 0);
    return state;
}

Instant OwnState::nextChange(Now now) const {
    if (!m_idleSince) return kNever;
    for (const Duration stage : {kAwayAfter, kNotAvailableAfter})
        if (const Instant at = *m_idleSince + stage; at > now.at) return at;
    return kNever;
}

}  // namespace kith::presence
