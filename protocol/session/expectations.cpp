// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/session/expectations.h"

#include <algorithm>

#include "protocol/session/vectors.h"

namespace kith::session {

void Expectations::add(Now now, const ChannelPath& channel, const std::optional<PeerSecret>& secret) {
    remove(channel);
    if (m_list.size() == kMost) m_list.erase(m_list.begin());
    m_list.push_back({channel, std::nullopt, now.at + kLife});
    if (secret) m_list.back().secret.emplace(*secret);
}

const Expectations::Expectation* Expectations::find(Now now, const ChannelPath& channel) const {
    const auto found = std::find_if(m_list.begin(), m_list.end(),
                                    [&](const Expectation& e) { return e.channel == channel && e.until > now.at; });
    return found == m_list.end() ? nullptr : &*found;
}

void Expectations::remove(const ChannelPath& channel) {
    removeIf([&](const Expectation& e) { return e.channel == channel; });
}

void Expectations::removeVia(LinkNumber link) {
    removeIf([&](const Expectation& e) { return e.channel.via == link; });
}

void Expectations::wake(Now now) {
    removeIf([&](const Expectation& e) { return e.until <= now.at; });
}

template <class Predicate>
void Expectations::removeIf(Predicate which) {
    eraseIf(m_list, which);
}

}  // namespace kith::session
