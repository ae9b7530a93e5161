// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <vector>

#include "protocol/base/ids.h"
#include "protocol/session/transport.h"

/// The seam between what people do (contacts, presence, chat, call) and how their devices are reached (Peers).
namespace kith::peer {

/// A device of a person, as its authenticated link showed it.
struct Device {
    UserName user;
    DeviceId device;
    friend auto operator<=>(const Device&, const Device&) = default;
};

/// One command to one device, on its open link; without one it is dropped: ask to reach the person first.
struct Send {
    Device to;
    session::Stream stream;
    Bytes command;
};

/// What a machine of people wants from Peers. `reach`: open links to all devices of this person, wherever they are;
/// each that opens is told by deviceUp(), and reachFailed() follows if none did. Harmless if open already (deviceUp is
/// told at once for those that are).
struct Output {
    std::vector<UserName> reach;
    std::vector<Send> sends;
};

// In turn every machine of people has these doors, called by client/:
//   void deviceUp(Now, const Device&);
//   void deviceDown(Now, const Device&, Fault);
//   void reachFailed(Now, const UserName&, Fault);   NotFound: no such person; Unreachable: no device is online
//   void receive(Now, const Device&, ByteView command);

}  // namespace kith::peer
