// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <list>
#include <set>
#include <utility>

#include "protocol/base/instant.h"
#include "protocol/link/link.h"

namespace kith::session {

/// The link ids under which others opened handshakes that are over, for as long as an address token lives: a copy of an
/// old first datagram opens nothing. Bounded; over kMost the oldest is forgotten, and a copy then costs one half-open
/// handshake.
class RecentIds {
public:
    static constexpr std::size_t kMost = 1024;
    static constexpr Duration kLife = std::chrono::minutes(2);

    void add(Instant at, const link::LinkId& id) {
        if (!m_ids.insert(id).second) return;
        m_order.emplace_back(at, id);
        if (m_order.size() > kMost) dropOldest();
    }
    [[nodiscard]] bool contains(const link::LinkId& id) const { return m_ids.contains(id); }
    void wake(Instant at) {
        while (!m_order.empty() && at - m_order.front().first >= kLife) dropOldest();
    }
    [[nodiscard]] Instant nextWake() const { return m_order.empty() ? kNever : m_order.front().first + kLife; }

private:
    void dropOldest() {
        m_ids.erase(m_order.front().second);
        m_order.pop_front();
    }

    std::list<std::pair<Instant, link::LinkId>> m_order;
    std::set<link::LinkId> m_ids;
};

}  // namespace kith::session
