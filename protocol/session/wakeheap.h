// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <algorithm>
#include <vector>

#include "protocol/base/instant.h"
#include "protocol/session/path.h"

namespace kith::session {

/// When which link wants to be woken. Earlier wishes replace later ones at once; a wish that moved to later is only
/// noticed when its old time has come: waking early is harmless, and most packets move a time.
class WakeHeap {
public:
    struct Entry {
        Instant at;
        LinkNumber link;
    };

    void push(Instant at, LinkNumber link) {
        m_heap.push_back({at, link});
        std::push_heap(m_heap.begin(), m_heap.end(), isLater);
    }
    [[nodiscard]] Instant next() const { return m_heap.empty() ? kNever : m_heap.front().at; }
    /// Only if there is one.
    Entry pop() {
        std::pop_heap(m_heap.begin(), m_heap.end(), isLater);
        const Entry out = m_heap.back();
        m_heap.pop_back();
        return out;
    }

private:
    static bool isLater(const Entry& a, const Entry& b) { return a.at != b.at ? a.at > b.at : a.link > b.link; }

    std::vector<Entry> m_heap;
};

}  // namespace kith::session
