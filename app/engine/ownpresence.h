// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include "app/engine/shared.h"

namespace kith::engine {

/// What others see of the person: chosen for everybody and for single contacts, and later by idleness.
class OwnPresenceRoom {
public:
    explicit OwnPresenceRoom(Shared& shared) : m_shared(shared) {}

    void execute(Now now, RequestNumber number, const SetPresence& request);
    void execute(Now now, RequestNumber number, const SetPresenceFor& request);
    void execute(Now now, RequestNumber number, const SetIdle& request);

    /// An account was opened.
    void begin(Now now);
    /// What is the case now.
    void tell();

private:
    Shared& m_shared;
    std::optional<Instant> m_idleSince;  ///< kept over signing out and in
};

}  // namespace kith::engine
