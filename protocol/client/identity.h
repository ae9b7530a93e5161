// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "protocol/crypto/keys.h"
#include "protocol/crypto/revocations.h"
#include "protocol/directory/records.h"

namespace kith::client {

/// Who this device is, to everybody: what signing in gave, or what was stored of it.
struct Identity {
    UserName user;
    std::string displayName;
    directory::Findable findable = directory::Findable::ExactName;
    UserKey userKey;
    std::shared_ptr<const crypto::SigningKey> userSigningKey;        ///< from the vault; null: not on this device
    std::shared_ptr<const crypto::Credentials> device;               ///< credential and device key
    std::shared_ptr<const crypto::Credentials> access;               ///< this week's; null: none is valid
    std::shared_ptr<const directory::SignedDeviceList> devices;      ///< the newest
    std::vector<std::shared_ptr<const crypto::SealingKey>> sealing;  ///< weekly keys, newest first
    std::shared_ptr<const crypto::Revocations> revocations;          ///< of the network; null: none

    [[nodiscard]] DeviceId deviceId() const { return DeviceId{device->key->publicKey()}; }
};

}  // namespace kith::client
