// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/call/endedcalls.h"

#include <algorithm>

namespace kith::call {

void EndedCalls::add(Now now, const CallId& call, const UserName& user, EndReason reason) {
    if (find(now, user, call)) return;
    m_calls.push_back({call, user, reason, now.at + kRemembered, {}});
    std::erase_if(m_calls, [&](const Ended& each) { return each.forget <= now.at; });
    if (m_calls.size() > kMost) m_calls.erase(m_calls.begin());
}

void EndedCalls::owe(const CallId& call, const DeviceId& device) {
    for (Ended& each : m_calls)
        if (each.call == call) each.owed.push_back(device);
}

std::optional<EndReason> EndedCalls::find(Now now, const UserName& user, const CallId& call) const {
    for (const Ended& each : m_calls)
        if (each.call == call && each.user == user && each.forget > now.at) return each.reason;
    return std::nullopt;
}

std::vector<EndedCalls::Owed> EndedCalls::takeOwed(Now now, const peer::Device& device) {
    std::vector<Owed> out;
    for (Ended& each : m_calls) {
        if (each.user != device.user || std::erase(each.owed, device.device) == 0) continue;
        if (each.forget > now.at) out.push_back({each.call, each.reason});
    }
    return out;
}

}  // namespace kith::call
