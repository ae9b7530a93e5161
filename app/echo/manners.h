// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <vector>

#include "app/engine/events.h"

namespace kith::echo {

/// What the echo contact does about what happens: accepts everybody who asks, answers every call, sends every text back
/// to who wrote it. The sound comes back by itself (audio::EchoSound).
class Manners {
public:
    /// Texts to one person that wait for their receipt; beyond, what they write is not answered.
    static constexpr int kMostUnreceived = 200;

    std::vector<engine::Request> heed(const engine::Event& event);

private:
    std::vector<engine::Request> meet(const engine::Contact& contact) const;

    std::map<UserName, int> m_unreceived;
    std::map<MessageId, UserName> m_sent;
};

}  // namespace kith::echo
