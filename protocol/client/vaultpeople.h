// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <optional>
#include <vector>

#include "protocol/contacts/storage.h"
#include "protocol/presence/storage.h"

namespace kith::client {

/// The people's part of the vault: what all devices of a person know of others.
struct VaultPeople {
    std::vector<contacts::Record> contacts;
    std::optional<presence::OwnTopic> topic;
    std::optional<presence::Choice> choice;
    std::vector<presence::View> views;

    friend bool operator==(const VaultPeople&, const VaultPeople&) = default;
};

/// Entries behind each other: kind (1 byte), length (varint), object list. Kinds that this program doesn't know are
/// passed over when reading.
Bytes encode(const VaultPeople& people);
Result<VaultPeople> decodeVaultPeople(ByteView stored);

}  // namespace kith::client
