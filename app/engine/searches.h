// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>

#include "app/engine/shared.h"

namespace kith::engine {

/// People of the network who fit what somebody types, told with what they are to us.
class Searches {
public:
    explicit Searches(Shared& shared) : m_shared(shared) {}

    void execute(Now now, RequestNumber number, const SearchPeople& request);
    void heed(const client::Searched& searched);
    /// Signed out.
    void end();

private:
    struct Asked {
        RequestNumber number;
        std::uint32_t typist;
    };

    void endOlder(std::uint32_t typist);

    Shared& m_shared;
    std::map<client::Ticket, Asked> m_asked;
    client::Ticket m_lastTicket = 0;
};

}  // namespace kith::engine
