// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <map>
#include <optional>
#include <vector>

#include "protocol/call/negotiation.h"

namespace kith::call {

/// The caller's side of ringing: which devices of the callee were invited with which offer, and what each said. Says
/// who answered first; owns neither time nor peers.
class Invitation {
public:
    static constexpr std::size_t kMaxDevices = 16;

    /// Invited, or invited again over a new link: then an answer to the old offer is void.
    void invite(const DeviceId& device, Offer offer);
    /// The link is gone. True if nobody is left.
    bool lost(const DeviceId& device);
    void ringing(const DeviceId& device);
    /// The offer that this accepts, if it is ours to this device and media may start.
    [[nodiscard]] const Offer* answered(const DeviceId& device, const Accept& accept) const;
    /// It will not ring there. True if that ends the whole call: the person said no, or nobody is left.
    bool refused(const DeviceId& device, EndReason reason);

    [[nodiscard]] bool isInvited(const DeviceId& device) const { return m_legs.contains(device); }
    /// Some device rings.
    [[nodiscard]] bool isRinging() const;
    /// Devices that still count on us, without one.
    [[nodiscard]] std::vector<DeviceId> waiting(const std::optional<DeviceId>& except = {}) const;

private:
    struct Leg {
        Offer offer;
        bool ringing = false;
        bool refused = false;
    };
    std::map<DeviceId, Leg> m_legs;
};

/// Whether a person decided: then the other devices needn't ring on.
bool isDecision(EndReason reason);

}  // namespace kith::call
