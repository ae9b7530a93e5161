// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <optional>
#include <vector>

#include "protocol/call/messages.h"
#include "protocol/peer/person.h"

namespace kith::call {

/// Calls that are over, for a while: what comes late is answered with how they ended, and who could not be told at
/// the time is told as soon as there is a link. Bounded: the oldest is forgotten.
class EndedCalls {
public:
    static constexpr std::size_t kMost = 64;
    static constexpr Duration kRemembered = std::chrono::minutes(5);

    void add(Now now, const CallId& call, const UserName& user, EndReason reason);
    /// This device could not be told.
    void owe(const CallId& call, const DeviceId& device);
    [[nodiscard]] std::optional<EndReason> find(Now now, const UserName& user, const CallId& call) const;
    struct Owed {
        CallId call;
        EndReason reason;
    };
    std::vector<Owed> takeOwed(Now now, const peer::Device& device);

private:
    struct Ended {
        CallId call;
        UserName user;
        EndReason reason;
        Instant forget;
        std::vector<DeviceId> owed;
    };
    std::vector<Ended> m_calls;  ///< oldest first
};

}  // namespace kith::call
