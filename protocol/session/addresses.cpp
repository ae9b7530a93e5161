// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/session/addresses.h"

#include <algorithm>

namespace kith::session {

IpAddress SeenAddresses::sourceFor(const Endpoint& remote) const {
    if (const Seen* seen = find(remote)) return seen->ours;
    return m_own.empty() ? IpAddress{} : m_own.front();
}

std::span<const IpAddress> SeenAddresses::candidates(const Endpoint& remote, Candidates& out) const {
    std::size_t count = 0;
    const Seen* seen = find(remote);
    if (seen != nullptr) out[count++] = seen->ours;
    for (const IpAddress& own : m_own)
        if (seen == nullptr || own != seen->ours) out[count++] = own;
    return std::span(out).first(count);
}

bool SeenAddresses::isConfirmed(const Endpoint& remote) const {
    const Seen* seen = find(remote);
    return seen != nullptr && seen->confirmed;
}

void SeenAddresses::told(Instant at, const Endpoint& remote, const IpAddress& ours) {
    store({remote, ours, at, false});
    remember(ours);
}

void SeenAddresses::confirm(Instant at, const Endpoint& remote, const IpAddress& ours) {
    store({remote, ours, at, true});
    remember(ours);
}

const SeenAddresses::Seen* SeenAddresses::find(const Endpoint& remote) const {
    const auto at = std::find_if(m_seen.begin(), m_seen.end(), [&](const Seen& s) { return s.remote == remote; });
    return at == m_seen.end() ? nullptr : &*at;
}

void SeenAddresses::store(const Seen& seen) {
    auto at = std::find_if(m_seen.begin(), m_seen.end(), [&](const Seen& s) { return s.remote == seen.remote; });
    if (at == m_seen.end() && m_seen.size() == kMostRemotes)
        at = std::min_element(m_seen.begin(), m_seen.end(), [](const Seen& a, const Seen& b) { return a.at < b.at; });
    if (at == m_seen.end())
        m_seen.push_back(seen);
    else
        *at = seen;
}

void SeenAddresses::remember(const IpAddress& ours) {
    const auto known = std::find(m_own.begin(), m_own.end(), ours);
    if (known != m_own.end()) {
        std::rotate(m_own.begin(), known, known + 1);
        return;
    }
    // A newcomer waits at the end until it was used twice: a stranger's claim must not displace what works.
    if (m_own.size() == kMostOwn) m_own.pop_back();
    m_own.push_back(ours);
}

}  // namespace kith::session
