// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <vector>

#include "protocol/session/handshakes.h"
#include "protocol/session/vectors.h"

namespace kith::session {

/// Links that are to be opened over UDP where the token of an earlier probe is missing or too old: each waits for the
/// answer to a probe of its own.
class TokenWaits {
public:
    struct Wait {
        Handshakes::Connect connect;
        Endpoint remote;
        ProbeNumber probe;
        Instant until;
    };

    void add(Now now, Handshakes::Connect connect, const Endpoint& remote, ProbeNumber probe) {
        m_list.push_back({std::move(connect), remote, probe, now.at + HandshakeExchange::kClientTime});
    }
    [[nodiscard]] bool isFor(ProbeNumber probe) const {
        return std::any_of(m_list.begin(), m_list.end(), [&](const Wait& w) { return w.probe == probe; });
    }
    std::vector<Wait> takeOf(const Endpoint& remote) {
        return takeIf([&](const Wait& w) { return w.remote == remote; });
    }
    std::vector<Wait> takeOf(LinkNumber link) {
        return takeIf([&](const Wait& w) { return w.connect.number == link; });
    }
    /// Those whose time is over.
    std::vector<Wait> wake(Now now) {
        return takeIf([&](const Wait& w) { return w.until <= now.at; });
    }
    [[nodiscard]] Instant nextWake() const { return m_list.empty() ? kNever : m_list.front().until; }

private:
    template <class Predicate>
    std::vector<Wait> takeIf(Predicate which) {
        std::vector<Wait> out;
        std::copy_if(m_list.begin(), m_list.end(), std::back_inserter(out), which);
        eraseIf(m_list, which);
        return out;
    }

    std::vector<Wait> m_list;  ///< oldest first
};

}  // namespace kith::session
