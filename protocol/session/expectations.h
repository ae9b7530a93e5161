// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <optional>
#include <vector>

#include "protocol/base/instant.h"
#include "protocol/crypto/secret.h"
#include "protocol/session/path.h"

namespace kith::session {

/// The channels on which a person's device may open a link to us: nobody else is answered there.
class Expectations {
public:
    static constexpr Duration kLife = std::chrono::seconds(30);
    static constexpr std::size_t kMost = 64;

    struct Expectation {
        ChannelPath channel;
        std::optional<crypto::Secret<16>> secret;
        Instant until;
    };

    /// Replaces an earlier one for this channel; over kMost the oldest gives way.
    void add(Now now, const ChannelPath& channel, const std::optional<PeerSecret>& secret);
    [[nodiscard]] const Expectation* find(Now now, const ChannelPath& channel) const;
    void remove(const ChannelPath& channel);
    void removeVia(LinkNumber link);
    void wake(Now now);
    [[nodiscard]] Instant nextWake() const { return m_list.empty() ? kNever : m_list.front().until; }

private:
    template <class Predicate>
    void removeIf(Predicate which);

    std::vector<Expectation> m_list;  ///< oldest first
};

}  // namespace kith::session
