// SPDX-FileCopyrightText: Kith contributors
// SPDX-License-Identifier: Apache-2.0

#include "protocol/client/vaultpeople.h"

#include "protocol/base/bytereader.h"
#include "protocol/base/bytewriter.h"

namespace kith::client {

namespace {

constexpr std::uint8_t kContact = 1;
constexpr std::uint8_t kTopic = 2;

void put(Bytes& out, std::uint8_t kind, ByteView entry) {
    ByteWriter(out).u8(kind).varint(entry.size()).bytes(entry);
}

Result<void> take(VaultPeople& people, std::uint8_t kind, ByteView entry) {
    if (kind == kContact) {
        if (people.contacts.size() == contacts::kMaxRecords) return fail(Fault::TooLarge, "contacts of the vault");
        auto record = wire::decodeObjects<contacts::Record>(entry);
        if (!record) return tl::make_unexpected(record.error());
        people.contacts.push_back(std::move(*record));
    } else if (kind == kTopic) {
        auto topic = wire::decodeObjects<presence::OwnTopic>(entry);
        if (!topic) return tl::make_unexpected(topic.error());
        people.topic = *topic;
    }
    return {};
}

}  // namespace

Bytes encode(const VaultPeople& people) {
    Bytes out;
    for (const auto& record : people.contacts) put(out, kContact, wire::encodeObjects(record));
    if (people.topic) put(out, kTopic, wire::encodeObjects(*people.topic));
    return out;
}

Result<VaultPeople> decodeVaultPeople(ByteView stored) {
    VaultPeople people;
    ByteReader reader(stored);
    while (!reader.atEnd()) {
        const auto kind = reader.u8();
        const auto size = kind ? reader.varint() : tl::make_unexpected(kind.error());
        if (!size) return tl::make_unexpected(size.error());
        const auto entry = reader.bytes(*size);
        if (!entry) return tl::make_unexpected(entry.error());
        if (const auto taken = take(people, *kind, *entry); !taken) return tl::make_unexpected(taken.error());
    }
    return people;
}

}  // namespace kith::client
