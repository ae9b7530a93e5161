// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "app/engine/ownpresence.h"

#include "app/engine/convert.h"

namespace kith::engine {

void OwnPresenceRoom::execute(Now now, RequestNumber number, const SetPresence& request) {
    auto* people = m_shared.people();
    if (!people) return m_shared.done(number, {Reason::NotSignedIn});
    auto& own = people->presence();
    const auto availability = request.presence ? availabilityFrom(*request.presence) : own.choice().availability;
    // Who wants to be off line signs out, or ends the program.
    if (!availability) return m_shared.done(number, {Reason::NotPossibleNow});
    m_shared.done(number, own.choose(m_shared.corrected(now), *availability, request.mood.value_or(own.choice().mood)));
}

void OwnPresenceRoom::execute(Now now, RequestNumber number, const SetPresenceFor& request) {
    auto* people = m_shared.people();
    if (!people) return m_shared.done(number, {Reason::NotSignedIn});
    if (!people->contacts().isContact(request.user)) return m_shared.done(number, {Reason::NotAContact});
    presence::Exception exception{std::nullopt, request.mood};
    if (request.presence)
        exception.availability = availabilityFrom(*request.presence).value_or(presence::Availability::Invisible);
    m_shared.done(number, people->presence().except(m_shared.corrected(now), request.user, exception));
}

void OwnPresenceRoom::execute(Now now, RequestNumber number, const SetIdle& request) {
    m_idleSince.reset();
    if (request.seconds > 0) m_idleSince = now.at - std::chrono::seconds(request.seconds);
    if (auto* people = m_shared.people()) people->presence().setIdleSince(m_shared.corrected(now), m_idleSince);
    m_shared.done(number);
}

void OwnPresenceRoom::begin(Now now) {
    if (auto* people = m_shared.people()) people->presence().setIdleSince(m_shared.corrected(now), m_idleSince);
}

void OwnPresenceRoom::tell() {
    const auto* people = m_shared.people();
    if (!people) return;
    const auto& own = people->presence();
    m_shared.tell(
        OwnPresenceChanged{{presenceFrom(own.choice().availability), presenceFrom(own.shown()), own.choice().mood}});
}

}  // namespace kith::engine
