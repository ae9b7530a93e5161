// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/client/finder.h"

namespace kith::client {

void Finder::locate(Now now, const peer::LocateWanted& wanted) {
    const auto number = wanted.key ? m_lookup.fetch(now, *wanted.key) : m_lookup.find(now, wanted.user);
    m_purposes[number] = Locate{wanted.user};
}

void Finder::take(std::vector<Bytes>& commands, std::vector<Answer>& answers) {
    std::vector<directory::LookupEvent> events;
    m_lookup.take(commands, events);
    for (auto& event : events) {
        if (auto* found = std::get_if<directory::PersonFound>(&event)) {
            if (auto purpose = m_purposes.extract(found->lookup))
                answers.push_back({std::move(purpose.mapped()), std::move(found->person)});
        } else if (const auto* failed = std::get_if<directory::LookupFailed>(&event)) {
            if (auto purpose = m_purposes.extract(failed->lookup))
                answers.push_back({std::move(purpose.mapped()), tl::make_unexpected(Error{failed->reason})});
        }
    }
}

}  // namespace kith::client
