// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/call/invitation.h"

#include <algorithm>

namespace kith::call {

bool isDecision(EndReason reason) {
    switch (reason) {
        case EndReason::Declined:
        case EndReason::Busy:
        case EndReason::DoNotDisturb:
        case EndReason::NotAContact:
        case EndReason::HungUp: return true;
        default: return false;
    }
}

void Invitation::invite(const DeviceId& device, Offer offer) {
    if (!m_legs.contains(device) && m_legs.size() >= kMaxDevices) return;
    m_legs[device] = {std::move(offer), false, false};
}

bool Invitation::lost(const DeviceId& device) {
    return m_legs.erase(device) > 0 && waiting().empty();
}

void Invitation::ringing(const DeviceId& device) {
    if (const auto leg = m_legs.find(device); leg != m_legs.end()) leg->second.ringing = true;
}

const Offer* Invitation::answered(const DeviceId& device, const Accept& accept) const {
    const auto leg = m_legs.find(device);
    if (leg == m_legs.end() || !fits(leg->second.offer, accept)) return nullptr;
    return &leg->second.offer;
}

bool Invitation::refused(const DeviceId& device, EndReason reason) {
    const auto leg = m_legs.find(device);
    if (leg == m_legs.end()) return false;
    leg->second.refused = true;
    return isDecision(reason) ||
           std::all_of(m_legs.begin(), m_legs.end(), [](auto& each) { return each.second.refused; });
}

bool Invitation::isRinging() const {
    return std::any_of(m_legs.begin(), m_legs.end(),
                       [](const auto& each) { return each.second.ringing && !each.second.refused; });
}

std::vector<DeviceId> Invitation::waiting(const std::optional<DeviceId>& except) const {
    std::vector<DeviceId> out;
    for (const auto& [device, leg] : m_legs)
        if (!leg.refused && device != except) out.push_back(device);
    return out;
}

}  // namespace kith::call
