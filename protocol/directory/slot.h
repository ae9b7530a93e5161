// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "protocol/directory/messages.h"

namespace kith::directory {

/// Numbers a question to a slot, so that its answer finds back to who asked.
using SlotTicket = std::uint64_t;

struct SlotAnswer {
    SlotTicket ticket;
    std::variant<Published, Found, Fetched, Searched> answer;
};

/// The records of the directory as the supernode's other machines see them: ask with a ticket, take the answer when it
/// is there, from this node or another.
class Slot {
public:
    Slot() = default;
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    virtual ~Slot() = default;

    virtual void store(Now now, SlotTicket ticket, const Publish& records) = 0;
    virtual void find(Now now, SlotTicket ticket, const UserName& name) = 0;
    virtual void fetch(Now now, SlotTicket ticket, const PersonKey& person) = 0;
    virtual void search(Now now, SlotTicket ticket, const SearchQuery& query) = 0;

    virtual void wake(Now now) = 0;
    [[nodiscard]] virtual Instant nextWake() const = 0;
    virtual void take(std::vector<SlotAnswer>& answers) = 0;
};

}  // namespace kith::directory
